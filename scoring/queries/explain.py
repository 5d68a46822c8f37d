"""Why a lead scores what it scores, now or at any instant: with the version and the facts of then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from psycopg.sql import Composable

from accounts.models import User
from leads.models import Lead
from scoring import engine
from scoring.engine import Document, Sources, Told, only
from scoring.models import Episode, LeadScore, ScoringModel, Version
from scoring.queries.catalog import catalog
from scoring.queries.documents import document_of
from scoring.queries.sources import now_sources, sources_at


def version_in_force(model: ScoringModel, at: datetime) -> Version | None:
    """The version that was current then. None before the first was published."""
    return model.versions.filter(published_at__lte=at).order_by("-number").first()


def explanation_of(
    *, lead: Lead, model: ScoringModel, at: datetime, language: str = "en", version: Version | None = None
) -> dict[str, Any] | None:
    """The document of `explain --json` (DESIGN 8); None where the model was never published or nobody is to be scored.

    The version is the one in force at `at` unless one is named. Before the first was published, its rules are used,
    and `in_force` and `note` say so.
    """
    found = version or version_in_force(model, at)
    chosen = found or model.versions.order_by("number").first()
    if chosen is None:
        return None
    told = Told(version=chosen.number, hot_since=_hot_since(lead, model, at), people=_name)
    document = explained(document_of(chosen), lead=lead, model=model, at=at, language=language, told=told)
    if document is None or found:
        return document and document | {"in_force": version is None or version == version_in_force(model, at)}
    note = _("No version of %(model)s was in force then: these are the rules of version %(number)d, the first.")
    return document | {"in_force": False, "note": note % {"model": model, "number": chosen.number}}


def explained(
    document: Document, *, lead: Lead, model: ScoringModel, at: datetime, language: str, told: Told | None = None
) -> dict[str, Any] | None:
    """What any document says of a lead at `at`, a draft included; None where the lead is not to be scored then."""
    return engine.explain(
        document, catalog(), sources=_sources(lead, model, at), t=at, lead=lead.pk,
        connection=TextConnection(), language=language, told=told or Told(people=_name),
    )  # fmt: skip


def _sources(lead: Lead, model: ScoringModel, at: datetime) -> Sources:
    """The rows of today from the last scoring on, whose truth they are; before it, the rows of then."""
    is_current = LeadScore.objects.filter(lead=lead, model=model, scored_at__lte=at).exists()
    return now_sources(scope=only([lead.pk]), model=model) if is_current else sources_at(at, ids=[lead.pk], model=model)


def _hot_since(lead: Lead, model: ScoringModel, at: datetime) -> dict[str, datetime]:
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
