"""The list of leads with their scores. Each page costs the same few queries, whatever is asked and wherever it lies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from leads.models import Activity, DirtyMark, Lead
from leads.models.lead import LeadQuerySet
from scoring.enums import Band, OwnedBy, Temperature
from scoring.models import LeadScore, ScoreChange, ScoringModel
from scoring.ownership import Ownership
from web.paging import FIRST_PAGE, PAGE_SIZE, Cursor, Matches, Order, Page, page_of

NEWEST = Order.by("-created_at")
SORTS = {
    "-created": NEWEST,
    "created": Order.by("created_at"),
    "name": Order.by("name"),
    "-name": Order.by("-name"),
    "-score": Order(name="-total", keys=("-total", "-lead_id")),
    "score": Order(name="total", keys=("total", "lead_id")),
}
TREND_OVER = timedelta(days=7)


@dataclass(kw_only=True)
class LeadRow:
    """A line of the list. A lead that the scorer has not seen yet has no score; it is in the list all the same."""

    lead: Lead
    score: LeadScore | None = None
    trend: int | str = ""
    owned_by: OwnedBy | None = None


@dataclass(kw_only=True)
class LeadPage:
    rows: list[LeadRow]
    before: str
    after: str
    has_more_unscored: bool = False


def primary_model() -> ScoringModel | None:
    return ScoringModel.objects.filter(is_primary=True, current_version__isnull=False).first()


WITH_TEMPERATURE = {
    Temperature.HOT.value: Q(is_hot=True),
    Temperature.WARM.value: Q(is_hot=False, band__in=[Band.HOT, Band.WARM]),
    Temperature.COLD.value: Q(is_hot=False, band=Band.COLD),
}


def of_temperatures(leads: LeadQuerySet, wanted: Collection[str], model: ScoringModel | None) -> LeadQuerySet:
    """Leads of one of these temperatures, as `LeadScore.temperature` says them; what has no score yet is cold."""
    if not wanted or len(wanted) == len(Temperature):
        return leads
    scores = LeadScore.objects.filter(model=model, lead=OuterRef("pk"))
    if Temperature.COLD in wanted:
        others = [condition for name, condition in WITH_TEMPERATURE.items() if name not in wanted]
        return leads.filter(~Exists(scores.filter(reduce(or_, others))))
    return leads.filter(Exists(scores.filter(reduce(or_, [WITH_TEMPERATURE[name] for name in wanted]))))


def owned_by_departments(
    leads: LeadQuerySet, wanted: Collection[str], limits: Ownership | None, model: ScoringModel | None
) -> LeadQuerySet:
    """Leads that one of these departments owns by their total; what has no score yet is marketing's."""
    if not wanted or limits is None or len(wanted) == len(OwnedBy):
        return leads
    totals = {name: limits.totals(name) for name in OwnedBy.values}
    others = OwnedBy.MARKETING in wanted
    named = [name for name in totals if (name in wanted) != others]
    spans = reduce(or_, [Q(total__gte=totals[name][0], total__lt=totals[name][1]) for name in named])
    scores = Exists(LeadScore.objects.filter(spans, model=model, lead=OuterRef("pk")))
    return leads.filter(~scores if others else scores)


def page_of_leads(
    leads: Matches, *, sort: str, model: ScoringModel | None, now: datetime, cursor: Cursor = FIRST_PAGE
) -> LeadPage:
    """The page with everything its rows show."""
    order = SORTS.get(sort, NEWEST)
    by_score = "total" in order.fields
    if by_score and model is None:
        order, by_score = NEWEST, False
    if not by_score:
        page = page_of(leads.rows.values(*order.fields), order, cursor)
        return _dressed([row["pk"] for row in page.rows], page, model, now)
    ranking = LeadScore.objects.filter(leads.named_by("lead_id"), model=model)
    page = page_of(ranking.values(*order.fields), order, cursor)
    scored = [row["lead_id"] for row in page.rows]
    at_zero = not page.after if order.descends else not page.before
    unscored = _unscored(leads, model) if at_zero else []
    pks = scored + unscored[:PAGE_SIZE] if order.descends else unscored[:PAGE_SIZE] + scored
    return _dressed(pks, page, model, now, has_more_unscored=len(unscored) > PAGE_SIZE)


def _unscored(leads: Matches, model: ScoringModel | None) -> list[int]:
    """Leads that the scorer has not reached stand at the zero end of the ranking: its last page, or first upwards.

    A new lead is marked dirty until it is scored; where many leads match, only marked ones are looked at.
    """
    scores = LeadScore.objects.filter(model=model, lead=OuterRef("pk"))
    missing = leads.rows.filter(~Exists(scores))
    if leads.ids is None:
        missing = missing.filter(pk__in=DirtyMark.objects.values("lead_id"))
    return list(missing.order_by("-created_at", "-pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])


def _dressed(
    pks: Sequence[int], page: Page[Any], model: ScoringModel | None, now: datetime, *, has_more_unscored: bool = False
) -> LeadPage:
    leads = leads_in_full(pks)
    scores = scores_of(pks, model)
    trends = trends_of(scores.values(), now)
    by_lead = {lead: change for (lead, _), change in trends.items()}
    rows = [LeadRow(lead=leads[pk], score=scores.get(pk), trend=by_lead.get(pk, "")) for pk in pks if pk in leads]
    return LeadPage(rows=rows, before=page.before, after=page.after, has_more_unscored=has_more_unscored)


def leads_in_full(pks: Collection[int]) -> dict[int, Lead]:
    """The leads with what a list shows of them, and when each was last active."""
    newest = (
        Activity.objects.filter(lead=OuterRef("pk"), is_excluded=False)
        .order_by("-occurred_at")
        .values("occurred_at")[:1]
    )
    related = Lead.objects.select_related("company", "source", "owner", "team")
    return related.annotate(active_at=Subquery(newest)).in_bulk(list(pks))


def scores_of(pks: Collection[int], model: ScoringModel | None) -> dict[int, LeadScore]:
    if model is None:
        return {}
    return {score.lead_id: score for score in LeadScore.objects.filter(model=model, lead__in=pks)}


def trends_of(scores: Iterable[LeadScore], now: datetime) -> dict[tuple[int, int], int]:
    """How far each total moved in a week, by lead and model, where a change was recorded.

    It is the one trend of the product: lists and the queue show the same.
    """
    totals = {(score.lead_id, score.model_id): score.total for score in scores}
    if not totals:
        return {}
    changes = ScoreChange.objects.filter(
        lead__in={lead for lead, _ in totals}, model__in={model for _, model in totals},
        at__gte=now - TREND_OVER, total_before__isnull=False,
    )  # fmt: skip
    oldest = changes.order_by("lead", "model", "at").distinct("lead", "model")
    befores = oldest.values_list("lead", "model", "total_before")
    return {
        (lead, model): totals[lead, model] - before
        for lead, model, before in befores
        if before is not None and (lead, model) in totals
    }


def neighbours_of(
    leads: Matches, lead: Lead, *, sort: str, model: ScoringModel | None
) -> tuple[int | None, int | None]:
    """The leads before and after `lead` in the list one came from; None at its ends, or where it is not in it."""
    order = SORTS.get(sort, NEWEST)
    rows = leads.rows
    if "total" in order.fields:
        rows = LeadScore.objects.filter(leads.named_by("lead_id"), model=model)
    last = order.fields[-1]
    here = rows.filter(**{last: lead.pk}).values(*order.fields).first()
    if here is None:
        return None, None
    return _next(rows, order, here, backwards=True), _next(rows, order, here, backwards=False)


def _next(rows: QuerySet[Any], order: Order, here: dict[str, Any], *, backwards: bool) -> int | None:
    beyond = rows.filter(order.beyond(order.position(here), backwards=backwards))
    pks = beyond.order_by(*order.expressions(backwards=backwards)).values_list(order.fields[-1], flat=True)
    pk: int | None = pks.first()
    return pk
