"""Why a lead scores what it scores, now or at any instant: with the version and the facts of then."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.sql import Composable

import engine
from accounts.models import User
from engine import Annotations, Document, Explanation, Sources, only
from leads.models import Lead
from scoring.errors import ScoringError
from scoring.models import Episode, LeadScore, ScoreChange, ScoringModel, Version
from scoring.queries.ahead import Ahead, look_ahead
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.sources import now_sources, sources_at, without_sequel
from scoring.queries.validation import language as spoken

JUST_NOW = timedelta(minutes=1)
NOW = "now"  # asked for as `known_at`: everything that is known today


class UnexplainedError(ScoringError):
    """There is no explanation; the words say why."""


@dataclass(frozen=True, kw_only=True)
class LeadExplanation:
    """An explanation under a version, and how that version relates to the instant.

    `in_force`: the version was in force then; otherwise `note` says what was. `known_at` hid what was learned later.
    """

    explanation: Explanation
    known_at: datetime | None
    in_force: bool
    note: str = ""
    ahead: Ahead | None = None


def version_in_force(model: ScoringModel, at: datetime) -> Version | None:
    """The version that was current then. None before the first was published."""
    return model.versions.filter(published_at__lte=at).order_by("-number").first()


def first_version(model: ScoringModel) -> Version:
    """Raises UnexplainedError where none was published."""
    version = model.versions.order_by("number").first()
    if version is None:
        raise UnexplainedError(_("%(model)s hasn’t been published yet. Publish it first.") % {"model": model})
    return version


def known_by(at: datetime | None, known_at: datetime | str | None) -> datetime | None:
    """What a score at `at` may know of: the past as it was known then, unless another instant or NOW is asked for.

    None stands for all that is known today.
    """
    chosen = known_at or at
    return chosen if isinstance(chosen, datetime) and chosen < timezone.now() else None


def explanation_of(
    *,
    lead: Lead,
    model: ScoringModel,
    at: datetime,
    language: str = "en",
    version: Version | None = None,
    known_at: datetime | None = None,
    with_ahead: bool = False,
) -> LeadExplanation:
    """Why `lead` has the score it has at `at`. Raises UnexplainedError in words.

    The version is the one in force at `at` unless one is named. Before the first was published, its rules are used,
    and `in_force` and `note` tell. `known_at` hides what was learned later; `with_ahead` adds the coming 90 days.
    """
    in_force = version_in_force(model, min(at, known_at or at))
    chosen = version or in_force or first_version(model)
    rules, sources, since = readable(chosen), sources_of(lead, model, at, known_at), hot_since(lead, model, at)
    explanation = explained(
        rules, lead=lead, model=model, at=at, language=language, sources=sources,
        annotations=Annotations(version=chosen.number, hot_since=since, person=_name),
    )  # fmt: skip
    if explanation is None:
        raise UnexplainedError(_unknown_then() if known_at else _nobody_then())
    return LeadExplanation(
        explanation=explanation, known_at=known_at, in_force=chosen == in_force,
        note="" if chosen == in_force else _not_in_force(model, chosen, in_force),
        ahead=ahead_of(rules, sources, at, kept_by=since) if with_ahead else None,
    )  # fmt: skip


def _unknown_then() -> str:
    return _("Nothing was known about this lead at that time. Choose another time, or ask for what is known now.")


def _nobody_then() -> str:
    return _("At that time the lead didn’t exist yet or had been merged into another. Choose another time.")


def readable(version: Version) -> Document:
    """The rules, if everything that they speak of still exists. Raises UnexplainedError."""
    rules = document_of(version)
    if problems := engine.check(rules, catalog()):
        words = _("Version %(number)s refers to something that no longer exists: %(path)s: %(problem)s")
        first = {"number": version.number, "path": problems[0].path, "problem": problems[0].text(spoken())}
        raise UnexplainedError(words % first)
    return rules


def ahead_of(rules: Document, sources: Sources, at: datetime, *, kept_by: Collection[str] = ()) -> Ahead:
    """The 90 days from `at` on without new activity: for the past also without what did happen afterwards."""
    is_past = at < timezone.now() - JUST_NOW
    return look_ahead(rules, without_sequel(sources, at) if is_past else sources, at, kept_by=kept_by)


def explained(
    document: Document,
    *,
    lead: Lead,
    model: ScoringModel,
    at: datetime,
    language: str,
    annotations: Annotations | None = None,
    sources: Sources | None = None,
) -> Explanation | None:
    """What any document says of a lead at `at`, a draft included; None where the lead is not to be scored then."""
    return engine.explain(
        document,
        catalog(),
        sources=sources or sources_of(lead, model, at),
        t=at,
        lead=lead.pk,
        connection=TextConnection(),
        language=language,
        annotations=annotations or Annotations(person=_name),
    )


def sources_of(lead: Lead, model: ScoringModel, at: datetime, known_at: datetime | None = None) -> Sources:
    """The rows of today from the last scoring on, whose truth they are; before it, the rows of then."""
    if known_at is not None:
        decided = ScoreChange.objects.filter(lead=lead, model=model, at__lte=known_at).exists()
        return sources_at(at, ids=[lead.pk], model=model, known_at=known_at, decided=decided)
    is_current = LeadScore.objects.filter(lead=lead, model=model, scored_at__lte=at).exists()
    return now_sources(scope=only([lead.pk]), model=model) if is_current else sources_at(at, ids=[lead.pk], model=model)


def _not_in_force(model: ScoringModel, chosen: Version, in_force: Version | None) -> str:
    words = {"model": model, "number": chosen.number, "other": in_force.number if in_force else 0}
    if in_force:
        return _("Showing version %(number)s. Version %(other)s was published then.") % words
    if chosen.number == 1:
        return _("No version of %(model)s was published then. Showing version 1, the first.") % words
    return _("No version of %(model)s was published then. Showing version %(number)s.") % words


def hot_since(lead: Lead, model: ScoringModel, at: datetime) -> dict[str, datetime]:
    """The definition that opened the episode running at `at`, and since when."""
    running = Episode.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), lead=lead, model=model, started_at__lte=at)
    return dict(running.values_list("definition", "started_at"))


def _name(pk: int | None) -> str | None:
    return str(User.objects.filter(pk=pk).values_list("name", flat=True).first() or "") if pk else None


class TextConnection:
    """Django's connection for queries that come in pieces: inside a request pghistory reads the text of each."""

    @contextmanager
    def cursor(self) -> Iterator[TextCursor]:
        with connection.cursor() as cursor:
            yield TextCursor(cursor)


class TextCursor:
    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def execute(self, query: Composable | str, parameters: Any = None) -> None:
        self.cursor.execute(query if isinstance(query, str) else query.as_string(None), parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.cursor, name)
