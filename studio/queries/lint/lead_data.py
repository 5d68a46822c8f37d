"""What the present leads say about the rules: three statements, however many rules and leads there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import combinations

from django.db import connection
from django.utils.translation import gettext as _
from psycopg.sql import SQL

from engine import Document
from engine.nodes import ANY_ACTIVITY
from engine.sql.compiler import Compiler
from scoring.models import ScoringModel
from scoring.queries.catalog import catalog
from scoring.queries.sources import now_sources
from studio.queries.lint.finding import Finding, LintRule, finding, hot_and_stages, rules_of, set_parts
from studio.queries.lint.lead_counts import LeadCounts

ENOUGH = 20  # leads; below, "never" and "always" say nothing
FEW = 5  # leads for which a rule counts; below, one busy lead would speak for all
SWALLOWED, DOMINANT, OVERLAP = 0.9, 0.8, 0.1
"""From which share of a rule's leads on, of all points, and of the rarer rule's activities, something is remarked."""


def data_findings(
    document: Document, counted: LeadCounts, *, model: ScoringModel | None, now: datetime
) -> Iterator[Finding]:
    """What was counted of the leads, and in another pass the activities that several rules look at."""
    places = list(rules_of(document))
    leads, fires, swallowed, points, hot = counted
    if leads < ENOUGH:
        return
    for place, count, hidden in zip(places, fires, swallowed, strict=True):
        if count == 0 and place.counts:
            yield place.finding("never", _("Matches none of %(leads)s leads."), leads=leads)
        if count == leads:
            sets = {"leads": f"rule.{place.set_parts}"}
            yield place.finding("always", _("Matches all %(leads)s leads."), sets=sets, leads=leads)
        if count >= FEW and hidden >= SWALLOWED * count:
            words = _("For %(hidden)s of the %(count)s matching leads, it adds nothing because a cap has been reached.")
            sets = {"hidden": f"capped.{place.set_parts}", "count": f"rule.{place.set_parts}"}
            yield place.finding("swallowed", words, sets=sets, hidden=hidden, count=count)
    total = sum(points)
    for place, own in zip(places, points, strict=True):
        if len(places) > 1 and total and own > DOMINANT * total:
            words = _("Gives %(share)s%% of all points.")
            yield place.finding("dominates", words, share=100 * own // total)
    for (path, definition), count in zip(hot_and_stages(document), hot, strict=True):
        if count in (0, leads):
            words = _("%(count)s of %(leads)s leads match.")
            code = "always" if count else "never"
            sets = {"count": set_parts(path)}
            yield finding(path, definition.name, code, words, sets=sets, count=count, leads=leads)
    yield from overlaps(document, [place for place in places if place.counts and place.rule.each], model, now)


# --- one pass over the activities ------------------------------------------------------------------------------------


def overlaps(
    document: Document, places: Sequence[LintRule], model: ScoringModel | None, now: datetime
) -> Iterator[Finding]:
    """Rules for which one act counts twice: how many activities match both, from one pass."""
    together = [place for place in places if any(_may_overlap(place, other) for other in places if other is not place)]
    if not together:
        return
    matches = activity_matches(document, together, model, now)
    own = [sum(count for bits, count in matches if bits[index] == "1") for index in range(len(together))]
    for (i, first), (j, second) in combinations(enumerate(together), 2):
        both = sum(count for bits, count in matches if bits[i] == bits[j] == "1")
        if both and both >= OVERLAP * min(own[i], own[j]):
            words = _("%(both)s of %(own)s activities also earn points in “%(other)s”.")
            yield second.finding("overlap", words, both=both, other=first.rule.name, own=own[j])


def _may_overlap(place: LintRule, other: LintRule) -> bool:
    kinds = {rule.each.activity for rule in (place.rule, other.rule) if rule.each}
    return len(kinds) == 1 or ANY_ACTIVITY in kinds


def activity_matches(
    document: Document, places: Sequence[LintRule], model: ScoringModel | None, now: datetime
) -> list[tuple[str, int]]:
    """Which of these rules an activity matches, as a string of 0 and 1, and how many activities there are of each."""
    compiler = Compiler(document, catalog(), sources=now_sources(model=model), t=now, next_change=False)
    tests = [
        compiler.activities.match(place.rule.each.activity, place.rule.each.where)
        for place in places
        if place.rule.each
    ]
    bits = SQL(" || ").join([SQL("CASE WHEN {} THEN '1' ELSE '0' END").format(test) for test in tests])
    some = SQL("({})").format(SQL(" OR ").join(tests))
    query = SQL("SELECT {} AS bits, count(*) FROM {} GROUP BY 1").format(
        bits, compiler.activities.stored(compiler.activities.past(), some)
    )
    with connection.cursor() as cursor:
        cursor.execute(query.as_string(None), compiler.context.parameters.values)
        return [(str(text), int(count)) for text, count in cursor.fetchall()]
