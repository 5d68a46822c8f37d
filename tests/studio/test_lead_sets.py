"""A number in the studio opens the list of exactly the leads that were counted."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from leads.models import Lead
from scoring.lead_sets import LeadSetError, lead_set, set_address
from scoring.models import ScoringModel
from scoring.queries.documents import document_of
from studio.draft.store import save_draft
from studio.models import Effect
from studio.queries.lead_sets import draft_sets, effect_sets
from studio.queries.lint import findings
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
SCORE = {"score": "total", "op": ">=", "value": 70}
MAILS = {"activity": "email_open", "within": "14d"}
LARGE = {"field": "company.employees", "op": ">=", "value": 100}
HOT = [{"name": "Mails of the large", "when": {"all": [MAILS, LARGE]}}]


@pytest.fixture
def now() -> datetime:
    """The pages read the clock themselves."""
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def model(publish: Publish, rep: User, outsider: User, now: datetime) -> ScoringModel:
    """One lead of the rep with two mails and a large company, one of another team with one mail, one with nothing."""
    large, small, quiet = (
        LeadFactory(name="Large", owner=rep, team=rep.team, company=CompanyFactory(employees=200)),
        LeadFactory(name="Small", owner=outsider, team=outsider.team),
        LeadFactory(name="Quiet"),
    )
    for lead, mails in ((large, 2), (small, 1), (quiet, 0)):
        for number in range(mails):
            activity(lead, "email_open", now - DAY, object=str(number))
    return publish(document(mail_rule(points=30), hot=HOT))


def names(sets: str, *parts: object) -> list[str]:
    found = lead_set(".".join(map(str, (sets, *parts))), timezone.now())
    return sorted(Lead.objects.get(pk=pk).name for pk in found.ids)


def listed(user: User, name: str) -> Any:
    answer = as_(user).get(set_address(name))
    assert answer.status_code == 200
    return answer


def drawn(text: str) -> list[tuple[str, int]]:
    """The numbers that are links to a list, each with its set."""
    links = re.findall(r'<a href="[^"]*counted=([\w.-]+)"[^>]*>\s*([\d,]+)\s*</a>', unescape(text))
    return [(name, int(number.replace(",", ""))) for name, number in links]


# --- rules, conditions, stages ---------------------------------------------------------------------------------------


def test_the_number_of_a_rule_opens_the_leads_it_matches(marketer: User, model: ScoringModel) -> None:
    page = as_(marketer).get(reverse("studio:findings", args=[model.pk])).content.decode()
    sets = draft_sets(model, document_of(model.current_version))
    assert drawn(page) == [(f"{sets}.rule.0.0", 2)]
    answer = listed(marketer, f"{sets}.rule.0.0")
    assert sorted(row.lead.name for row in answer.context["page"].rows) == ["Large", "Small"]
    assert "matches rule “Opened a mail”" in answer.content.decode()


def test_the_numbers_of_conditions_open_the_leads_that_meet_each(marketer: User, model: ScoringModel) -> None:
    page = as_(marketer).get(reverse("studio:hot_conditions", args=[model.pk])).content.decode()
    sets = draft_sets(model, document_of(model.current_version))
    assert drawn(page) == [(f"{sets}.hot.0", 1), (f"{sets}.hot.0.0", 2), (f"{sets}.hot.0.1", 1)]
    assert [names(sets, "hot", 0), names(sets, "hot", 0, 0), names(sets, "hot", 0, 1)] == [
        ["Large"],
        ["Large", "Small"],
        ["Large"],
    ]


def test_the_numbers_of_a_stage_open_who_meets_it_and_who_would_move(
    publish: Publish, marketer: User, model: ScoringModel
) -> None:
    raw = document(mail_rule(points=30), hot=HOT) | {"stages": {"mql": {"all": [MAILS, LARGE]}}}
    save_draft(model=model, document=raw, revision=model.draft_revision, by=marketer, now=timezone.now())
    model.refresh_from_db()
    page = as_(marketer).get(reverse("studio:stage_conditions", args=[model.pk])).content.decode()
    found = drawn(page)
    assert [number for _name, number in found] == [1, 2, 1, 1]
    assert [names(name) for name, _number in found] == [["Large"], ["Large", "Small"], ["Large"], ["Large"]]


def test_the_numbers_in_a_finding_open_their_leads(publish: Publish, marketer: User, now: datetime) -> None:
    for _each in range(20):
        activity(LeadFactory(), "email_open", now - DAY)
    made = publish(document(mail_rule(points=30), hot=[{"name": "Any mail", "when": MAILS}]))
    found = findings(document_of(made.current_version), model=made, now=timezone.now())
    links = {remark.code: [piece for piece in remark.pieces if piece[1]] for remark in found}
    assert all("".join(words for words, _set in remark.pieces) == remark.text for remark in found)
    assert links["always"] == [("20", "hot.0")]
    sets = draft_sets(made, document_of(made.current_version))
    assert len(names(sets, "rule.0.0")) == len(names(sets, "hot.0")) == 20
    page = as_(marketer).get(reverse("studio:findings", args=[made.pk])).content.decode()
    assert (f"{sets}.hot.0", 20) in drawn(page)


def test_a_number_of_rules_that_have_changed_since_says_so_and_lists_nobody(
    marketer: User, model: ScoringModel
) -> None:
    answer = listed(marketer, f"draft.{model.pk}.0123456789ab.rule.0.0")
    assert answer.context["page"].rows == []
    assert "The rules have changed since these leads were counted." in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    ["nothing.1", "draft.1", "draft.x.y.rule.0", "draft.1..rule.0.0", "effect.1.1.fate.x", "effect.9.9.bin-now.1", "a"],
)
def test_a_name_of_no_set_is_refused_in_words(model: ScoringModel, name: str) -> None:
    with pytest.raises(LeadSetError):
        lead_set(name, timezone.now())


def test_a_name_that_leads_outside_the_rules_is_refused(model: ScoringModel) -> None:
    sets = draft_sets(model, document_of(model.current_version))
    for parts in ("rule.9.0", "hot.7", "hot.0.9", "stages.mql", "capped", "moving", "telepathy.1"):
        with pytest.raises(LeadSetError):
            lead_set(f"{sets}.{parts}", timezone.now())


# --- the effect of a draft -------------------------------------------------------------------------------------------


def test_every_number_of_the_effect_opens_as_many_leads(marketer: User, model: ScoringModel) -> None:
    raw = document(mail_rule(points=40), hot=[{"name": "Much", "when": SCORE}])
    save_draft(model=model, document=raw, revision=model.draft_revision, by=marketer, now=timezone.now())
    page = as_(marketer).get(reverse("studio:effect", args=[model.pk])).content.decode()
    found = drawn(page)
    sets = effect_sets(Effect.objects.get())
    assert {name.removeprefix(f"{sets}.").split(".")[0] for name, _ in found} >= {"fate", "bin-now", "bin-after", "now"}
    assert [len(names(name)) for name, _number in found] == [number for _name, number in found]
    assert names(sets, "bin-after", 16) == ["Large"]
    assert names(sets, "bin-now", 12) == ["Large"]
    bars = re.findall(r'<a href="[^"]*counted=([\w.-]+)" tabindex="-1"><title>[^<]*: (\d+)</title>', unescape(page))
    assert bars
    assert [len(names(name)) for name, _number in bars] == [int(number) for _name, number in bars]


def test_each_edit_opens_who_it_would_move_alone(marketer: User, model: ScoringModel) -> None:
    hot = [*HOT, {"name": "Much", "when": SCORE}]
    raw = document(mail_rule(points=40), hot=hot)
    save_draft(model=model, document=raw, revision=model.draft_revision, by=marketer, now=timezone.now())
    as_(marketer).get(reverse("studio:effect", args=[model.pk]))
    page = as_(marketer).get(reverse("studio:effect_edits", args=[model.pk])).content.decode()
    for name, number in drawn(page):
        assert len(names(name)) == number


def test_leads_without_a_score_stand_in_no_bar_of_now(publish: Publish, marketer: User, model: ScoringModel) -> None:
    LeadFactory(name="New")
    raw = document(mail_rule(points=40), hot=HOT)
    save_draft(model=model, document=raw, revision=model.draft_revision, by=marketer, now=timezone.now())
    summary = as_(marketer).get(reverse("studio:effect", args=[model.pk])).context["summary"]
    assert (sum(each.now for each in summary.bins), sum(each.after for each in summary.bins)) == (3, 4)


# --- who sees it -----------------------------------------------------------------------------------------------------


def test_who_sees_some_leads_is_told_how_many_others_were_counted(
    rep: User, marketer: User, model: ScoringModel
) -> None:
    name = f"{draft_sets(model, document_of(model.current_version))}.rule.0.0"
    answer = listed(rep, name)
    assert [row.lead.name for row in answer.context["page"].rows] == ["Large"]
    assert "1 more has another owner." in answer.content.decode()
    assert "another owner" not in listed(marketer, name).content.decode()


def test_external_staff_cannot_learn_by_a_number_what_is_masked(helper: User, model: ScoringModel) -> None:
    own = LeadFactory(name="Own", owner=helper)
    name = f"{draft_sets(model, document_of(model.current_version))}.rule.0.0"
    answer = listed(helper, name)
    assert [row.lead.pk for row in answer.context["page"].rows] == [own.pk]
    assert "matches rule" not in answer.content.decode()


def test_the_list_of_a_number_is_narrowed_and_walked_like_any_other(marketer: User, model: ScoringModel) -> None:
    name = f"{draft_sets(model, document_of(model.current_version))}.rule.0.0"
    client = as_(marketer)
    page = client.get(set_address(name) + "&q=Small")
    assert [row.lead.name for row in page.context["page"].rows] == ["Small"]
    lead = Lead.objects.get(name="Small")
    walk = client.get(reverse("scoring:lead_neighbours", args=[lead.pk]), {"from": f"anonymous=with&counted={name}"})
    assert (walk.context["before"], walk.context["after"]) == (None, Lead.objects.get(name="Large").pk)
