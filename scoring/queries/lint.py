"""What deserves a second look in a document: rules that cannot matter, rules that the data never or always meets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.core.cache import cache
from django.utils.translation import gettext as _
from psycopg.sql import SQL, Composable, Literal

from scoring.engine import Document, compile_document
from scoring.engine.nodes import Rule
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.effect import TookTooLong, reading
from scoring.queries.sources import now_sources

LASTS = 60  # seconds that counts of a draft are remembered: leads come and go
ENOUGH = 20  # leads; below, "never" and "always" say nothing


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One remark: where, a code for programs, a sentence for people."""

    path: str
    name: str
    code: str
    text: str


class Counted(NamedTuple):
    """How many leads there are, and for how many each rule counts and each hot definition holds, in document order."""

    leads: int
    rules: list[int]
    hot: list[int]


def findings(document: Document, counted: Counted | None) -> list[Finding]:
    """Static remarks first, then what the present leads say about each rule and hot definition, where that is known."""
    return [*static_findings(document), *(measured_findings(document, counted) if counted else ())]


def draft_counts(document: Document, *, model: ScoringModel, now: datetime) -> Counted | None:
    """The counts of a model's draft, remembered for a while by its revision; None where that took too long."""
    key = f"scoring.counts:{model.pk}:{model.draft_revision}:{model.current_version_id}"
    found = cache.get(key)
    if found is None:
        try:
            found = tuple(counts(document, model=model, now=now))
        except TookTooLong:
            found = ()
        cache.set(key, found, LASTS)
    return Counted(*found) if found else None


def _rules(document: Document) -> Iterator[tuple[str, Rule]]:
    for g, group in enumerate(document.groups):
        for r, rule in enumerate(group.rules):
            yield f"groups[{g}].rules[{r}]", rule


def static_findings(document: Document) -> Iterator[Finding]:
    seen: dict[Any, str] = {}
    for path, rule in _rules(document):
        meaning, most = (rule.each, rule.when, rule.answer), max(map(abs, rule.gives))
        if rule.disabled:
            yield _found(path, rule.name, "disabled", _("It is switched off."))
        elif twin := seen.get(meaning):
            yield _found(path, rule.name, "duplicate", _("It asks the same as “%(other)s”.") % {"other": twin})
        if not most:
            yield _found(path, rule.name, "no_points", _("It gives no points."))
        if rule.cap is not None and most > rule.cap:
            words = _("Its cap of %(cap)s is less than it gives once (%(points)s).")
            yield _found(path, rule.name, "above_cap", words % {"cap": rule.cap, "points": most})
        seen.setdefault(meaning, rule.name)
    yield from _shadowed(document)


def _shadowed(document: Document) -> Iterator[Finding]:
    """A rule whose points do not fit into its group: the group's bound hides a part of them even when it is alone."""
    for g, group in enumerate(document.groups):
        for r, rule in enumerate(group.rules):
            if group.max is not None and max(rule.gives) > group.max and not rule.disabled:
                words = _("It gives more than its group can hold (%(max)s): the cap hides it.") % {"max": group.max}
                yield _found(f"groups[{g}].rules[{r}]", rule.name, "shadowed", words)


def _found(path: str, name: str, code: str, text: str) -> Finding:
    return Finding(path=path, name=name, code=code, text=text)


def measured_findings(document: Document, counted: Counted) -> Iterator[Finding]:
    """What nobody or everybody meets."""
    leads, rules, hot = counted
    if leads < ENOUGH:
        return
    for (path, rule), count in zip(_rules(document), rules, strict=True):
        if count == 0 and not rule.disabled and any(rule.gives):
            yield _found(path, rule.name, "never", _("It counts for none of %(leads)d leads.") % {"leads": leads})
        if count == leads:
            yield _found(path, rule.name, "always", _("It counts for all %(leads)d leads.") % {"leads": leads})
    for index, (definition, count) in enumerate(zip(document.hot, hot, strict=True)):
        if count in (0, leads):
            code = "always" if count else "never"
            words = _("%(count)d of %(leads)d leads meet it.") % {"count": count, "leads": leads}
            yield _found(f"hot[{index}]", definition.name, code, words)


def counts(document: Document, *, model: ScoringModel | None, now: datetime) -> Counted:
    """Asks the engine about all leads in one pass. Raises TookTooLong."""
    compiled = compile_document(document, catalog(), sources=now_sources(model=model), t=now, next_change=False)
    rules = [_count("uncapped[{}] <> 0", place) for place in range(1, len(document.rules) + 1)]
    hot = [_count("hot[{}]", place) for place in range(1, len(document.hot) + 1)]
    columns = SQL(", ").join([SQL("count(*)"), *rules, *hot])
    query = SQL("SELECT {} FROM ({}) AS scored").format(columns, compiled.query)
    with reading() as cursor:
        cursor.execute(query.as_string(None), compiled.parameters)
        leads, *found = cursor.fetchone()
    return Counted(leads, found[: len(rules)], found[len(rules) :])


def _count(test: Any, place: int) -> Composable:
    return SQL("count(*) FILTER (WHERE {})").format(SQL(test).format(Literal(place)))
