"""The versions of a model, each with its changes and numbers; and what a draft says since somebody saw it."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db.models import Count

import engine
from scoring.enums import Fate
from scoring.models import ScoringModel, Version
from scoring.queries.changes import DocumentChange
from scoring.queries.documents import document_of
from scoring.queries.words import reader
from studio.models import Effect, Move, VersionNumbers
from studio.queries.document_diff import changes
from studio.queries.rule_panels import newest_versions
from web.paging import Cursor, Order, Page, page_of

BY_NUMBER = Order(name="-number", keys=("-number",))
PAGE_SIZE = 50


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A version in the list: what it changed, what was predicted of it (None for nothing), what it did."""

    version: Version
    changes: list[DocumentChange]
    numbers: VersionNumbers | None
    predicted: dict[str, int] | None = None

    @property
    def is_as_predicted(self) -> bool | None:
        """Lead by lead, as of its day; None where one of the two is not known."""
        return None if self.numbers is None or self.numbers.differing is None else self.numbers.differing == 0


def version_rows(model: ScoringModel, cursor: Cursor) -> Page[VersionRow]:
    """A page of `VersionRow`, the newest first, each against the version before it, on whichever page that stands."""
    page = page_of(newest_versions(model).select_related("numbers").defer("document"), BY_NUMBER, cursor, PAGE_SIZE)
    versions = page.rows
    oldest = model.versions.defer("document").filter(number=versions[-1].number - 1) if versions else []
    documents = {version.number: document_of(version) for version in [*versions, *oldest]}
    words, predicted = reader(), predicted_numbers(versions)
    rows = [
        VersionRow(
            version=version,
            changes=changes(documents.get(version.number - 1), documents[version.number], words),
            numbers=numbers_of(version),
            predicted=predicted.get(version.pk),
        )
        for version in versions
    ]
    return page.showing(rows)


def numbers_of(version: Version) -> VersionNumbers | None:
    """The numbers of its day; None until everybody was scored by it, and where another version came sooner."""
    return getattr(version, "numbers", None)


def predicted_numbers(versions: list[Version]) -> dict[int, dict[str, int]]:
    """How many leads were to become hot and to stop being so, by version."""
    known = Effect.objects.filter(version__in=versions).values_list("version", flat=True)
    counted = {version: {str(fate): 0 for fate in Fate} for version in known}
    moves = Move.objects.filter(effect__version__in=list(counted)).order_by()
    for version, fate, leads in moves.values_list("effect__version", "fate").annotate(leads=Count("pk")):
        counted[version][fate] = leads
    return counted


def changed_since(model: ScoringModel, revision: int) -> list[DocumentChange]:
    """What the draft says differently from the state `revision` of it; what is in force where there was no draft."""
    events = apps.get_model("scoring", "ScoringModelEvent").objects.filter(pgh_obj_id=model.pk)
    earlier = events.filter(draft_revision=revision).order_by("-pgh_id").values_list("draft", flat=True).first()
    in_force = document_of(model.current_version) if model.current_version else None
    before, after = (in_force if raw is None else engine.parse(raw).document for raw in (earlier, model.draft))
    return changes(before, after) if before and after else []
