"""The inbox of marketing: what sales says of the leads that the rules called hot, beside the rules that spoke."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from handoff.access import visible_feedback
from handoff.enums import FeedbackState, Verdict
from handoff.models import Feedback, FeedbackRule
from insights.enums import FeedbackTab
from insights.periods import Period
from leads.access import visible_leads
from leads.models import Lead
from leads.queries.contact_data import reveal
from scoring.models import ScoringModel
from studio.draft.document import place_of
from studio.draft.store import working_document

RELATED = (
    "handoff__lead__company", "handoff__owner", "handoff__team", "handoff__episode__version", "by", "model", "version",
    "reject_reason", "lost_reason", "changed_in", "decided_by",
)  # fmt: skip
SHOWN_RULES = 10
MOST_RULES = 300  # that a filter offers
# Who is content waits for no answer.
WAITS_FOR_MARKETING = Q(state=FeedbackState.OPEN) & ~Q(verdict=Verdict.GOOD)
REASONS = {"rejected": "reject_reason__code", "lost": "lost_reason__code"}


@dataclass(frozen=True, kw_only=True)
class FeedbackFilter:
    """Which verdicts are wanted; "" and None ask for any. `reason` is the verdict and the code: lost:price."""

    verdict: str = ""
    reason: str = ""
    group: str = ""
    rule: str = ""
    doubted: bool = False
    model: int | None = None
    team: int | None = None
    rep: int | None = None


@dataclass(frozen=True, kw_only=True)
class SpokenLink:
    """A rule that spoke for a lead: where the studio has it by now, and where it is tried what would be without it."""

    rule: FeedbackRule
    address: str
    trial: str


@dataclass(frozen=True, kw_only=True)
class FeedbackRow:
    """`lead` is None where the reader may not know who it is."""

    feedback: Feedback
    lead: Lead | None
    rules: list[SpokenLink]


@dataclass(frozen=True, kw_only=True)
class RuleCount:
    """How often a rule spoke for leads of each verdict, and how often sales said that it was wrong itself."""

    model: int
    group: str
    rule: str
    link: SpokenLink
    key: str
    doubted: int
    numbers: list[tuple[Verdict, int]]


def narrowed(user: User, wanted: FeedbackFilter, period: Period) -> QuerySet[Feedback, Any]:
    """The verdicts that `user` may see and that pass the filter, whatever became of them."""
    rows = visible_feedback(user).filter(period.holds("at"))
    if wanted.verdict:
        rows = rows.filter(verdict=wanted.verdict)
    if wanted.reason:
        verdict, _colon, code = wanted.reason.partition(":")
        rows = rows.filter(**{REASONS[verdict]: code})
    if wanted.rule:
        spoke = FeedbackRule.objects.filter(feedback=OuterRef("pk"), group=wanted.group, rule=wanted.rule)
        rows = rows.filter(Exists(spoke.filter(is_doubted=True) if wanted.doubted else spoke))
    elif wanted.doubted:
        rows = rows.filter(Exists(FeedbackRule.objects.filter(feedback=OuterRef("pk"), is_doubted=True)))
    for name, value in (("model", wanted.model), ("handoff__team", wanted.team), ("by", wanted.rep)):
        if value:
            rows = rows.filter(**{name: value})
    return rows


def rule_key(group: str, rule: str) -> str:
    """How an address names a rule."""
    return f"{group}: {rule}"


def rules_named(user: User) -> list[tuple[str, str]]:
    """The groups and names of the rules that spoke for a lead of any verdict that `user` may see, in their order."""
    spoken = FeedbackRule.objects.filter(feedback__in=visible_feedback(user).order_by().values("pk"))
    pairs = spoken.exclude(group="").order_by("group", "rule").values_list("group", "rule").distinct()
    return list(pairs[:MOST_RULES])


def in_tab(rows: QuerySet[Feedback, Any], tab: FeedbackTab) -> QuerySet[Feedback, Any]:
    if tab == FeedbackTab.LATE:
        return rows.filter(is_late=True)
    rows = rows.filter(is_late=False)
    if tab == FeedbackTab.OPEN:
        return rows.filter(WAITS_FOR_MARKETING)
    return rows if tab == FeedbackTab.ALL else rows.filter(state=tab)


def tab_counts(rows: QuerySet[Feedback, Any]) -> dict[FeedbackTab, int]:
    """How many verdicts each tab holds, in one question."""
    about_rules = Q(is_late=False)
    counted = {state.value: Count("pk", filter=about_rules & Q(state=state)) for state in FeedbackState}
    counted["open"] = Count("pk", filter=about_rules & WAITS_FOR_MARKETING)
    numbers = rows.aggregate(**counted, all=Count("pk", filter=about_rules), late=Count("pk", filter=Q(is_late=True)))
    return {tab: numbers[tab.value] for tab in FeedbackTab}


def rows_of(feedback: Iterable[Feedback], user: User) -> list[FeedbackRow]:
    """What the inbox shows of each, read with RELATED and its rules."""
    feedback = list(feedback)
    leads = [one.handoff.lead for one in feedback]
    seen = set(visible_leads(user).filter(pk__in=[lead.pk for lead in leads]).values_list("pk", flat=True))
    reveal(user, leads)
    links = RuleLinks(feedback)
    return [
        FeedbackRow(
            feedback=one, lead=one.handoff.lead if one.handoff.lead_id in seen else None,
            rules=[links.of(one.model_id, rule) for rule in _doubted_first(one)],
        )
        for one in feedback
    ]  # fmt: skip


def _doubted_first(feedback: Feedback) -> list[FeedbackRule]:
    return sorted(feedback.rules.all(), key=lambda rule: not rule.is_doubted)


class RuleLinks:
    """Where the studio has the rules of these verdicts by now: in the draft, else in what is published."""

    def __init__(self, feedback: Iterable[Feedback]) -> None:
        self.models = {one.model_id: one.model for one in feedback}
        current = ScoringModel.objects.filter(pk__in=self.models).select_related("current_version")
        self.documents = {model.pk: working_document(model) for model in current}

    def of(self, model: int, rule: FeedbackRule) -> SpokenLink:
        page = self.models[model].get_absolute_url()
        if not rule.group:
            return SpokenLink(rule=rule, address=reverse("studio:thresholds", args=[model]), trial="")
        place = place_of(self.documents[model], rule.group, rule.rule)
        asked = urlencode({"group": rule.group, "rule": rule.rule})
        trial = f"{reverse('studio:without', args=[model])}?{asked}"
        if place is None:
            return SpokenLink(rule=rule, address="", trial=trial)
        return SpokenLink(rule=rule, address=f"{page}#rule-{place.group}-{place.rule}", trial=trial)


def rule_counts(rows: QuerySet[Feedback, Any]) -> list[RuleCount]:
    """The rules that spoke for the leads of these verdicts, those first that sales doubted or was let down by most.

    What came too late says nothing of the rules.
    """
    told = in_tab(rows, FeedbackTab.ALL)
    verdicts = {verdict.value: Count("pk", filter=Q(feedback__verdict=verdict)) for verdict in Verdict}
    spoken = FeedbackRule.objects.filter(feedback__in=told.order_by().values("pk")).exclude(group="").order_by()
    counted: Any = spoken.values("feedback__model", "group", "rule").annotate(
        doubted=Count("pk", filter=Q(is_doubted=True)), **verdicts
    )
    against = (Verdict.WRONG, Verdict.REJECTED, Verdict.LOST)
    worst = sorted(counted, key=lambda row: (-row["doubted"], -sum(row[v] for v in against), row["rule"]))[:SHOWN_RULES]
    links = RuleLinks(
        Feedback(model=model) for model in ScoringModel.objects.filter(pk__in={row["feedback__model"] for row in worst})
    )
    return [
        RuleCount(
            model=row["feedback__model"], group=row["group"], rule=row["rule"], key=rule_key(row["group"], row["rule"]),
            doubted=row["doubted"],
            link=links.of(row["feedback__model"], FeedbackRule(group=row["group"], rule=row["rule"])),
            numbers=[(verdict, row[verdict]) for verdict in Verdict],
        )
        for row in worst
    ]  # fmt: skip
