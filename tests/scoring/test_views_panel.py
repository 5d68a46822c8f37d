"""What the lead page shows of a score: lines that sum to the total, points by hand, answers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.models import Team, User
from leads.models import DirtyMark, Lead
from scoring.models import Adjustment, Answer, Criterion
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db


def panel(user: User, lead: Lead, **asked: str) -> Any:
    return as_(user).get(reverse("scoring:lead_panel", args=[lead.pk]), asked)


@pytest.fixture
def lead(rep: User, team: Team, now: datetime) -> Lead:
    """Somebody who opened six mails, the newest today, the oldest a month ago."""
    made: Lead = LeadFactory(owner=rep, team=team, company=CompanyFactory(employees=120))
    for days in (0, 6, 12, 18, 24, 30):
        activity(made, "email_open", now - timedelta(days=days), object=f"mail-{days}")
    return made


@pytest.fixture
def scored(lead: Lead, publish: Publish, now: datetime) -> Any:
    """A fading rule under two caps, a rule on the company, and what takes away."""
    rules = [
        mail_rule(points=20, cap=50, decay={"half_life": "30d"}),
        mail_rule(name="Large", each=None, when={"field": "company.employees", "op": ">=", "value": 100}, points=15),
    ]
    rules[1].pop("each")
    return publish(document(*rules, max=40), at=now)


def test_the_lines_sum_to_the_total_now_and_at_any_instant(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    for days in (0, 3, 17, 200):
        with time_machine.travel(now + timedelta(days=days), tick=False):
            reading = panel(rep, lead).context["reading"]
        assert sum(step.points for step in reading.steps) == reading.total
    assert reading.total < 4000


def test_caps_and_bounds_are_lines_of_their_own(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        reading = panel(rep, lead).context["reading"]
    assert [(step.kind, step.text) for step in reading.steps] == [
        ("rule", "Opened a mail"),
        ("decay", "Decay: “Opened a mail”"),
        ("cap", "Rule cap: “Opened a mail”"),
        ("rule", "Large"),
        ("max", "Group maximum: “Interest”"),
    ]
    rule, decay, cap = reading.steps[:3]
    assert (rule.points, decay.points, len(rule.evidence)) == (12_000, sum(e.points - e.full for e in rule.evidence), 6)
    assert (rule.points + decay.points + cap.points, reading.total) == (5000, 4000)
    assert [step.net for step in reading.steps] == [5000, None, None, None, None]


def test_a_rule_says_its_net_points_beside_the_exact_lines(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        page = panel(rep, lead).content.decode()
    assert "net +50" in " ".join(page.split())


def test_the_page_says_the_same_numbers(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        page = panel(rep, lead).content.decode()
    assert ("Why 40" in page, "<b>40</b>" in page, "mail-12" in page) == (True, True, True)


def test_the_time_machine_reads_the_zone_of_the_reader(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    rep.timezone = "America/New_York"
    rep.save()
    with time_machine.travel(now + timedelta(days=2), tick=False):
        answer = panel(rep, lead, at="2026-11-22T12:00")
    assert answer.context["reading"].at == datetime.fromisoformat("2026-11-22T12:00-05:00")
    assert panel(rep, lead, at="no time").context["asked"].errors != {}


def test_before_the_first_version_the_panel_says_so(rep: User, lead: Lead, scored: Any) -> None:
    answer = panel(rep, lead, at="2026-11-01T12:00", today="on")
    assert "No version of Default was published then" in answer.content.decode()


def test_without_a_published_model_the_panel_is_empty_and_not_an_error(rep: User, lead: Lead) -> None:
    assert "Not scored yet" in panel(rep, lead).content.decode()


def curve_of(user: User, lead: Lead, **asked: str) -> Any:
    return as_(user).get(reverse("scoring:lead_curve", args=[lead.pk]), asked)


def test_the_curve_begins_at_the_total_and_only_falls(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        ahead = curve_of(rep, lead).context["ahead"]
    assert (ahead.pairs[0], ahead.pairs[-1][0], ahead.threshold) == ((0.0, 40.0), 90.0, 70.0)
    assert [points for _day, points in ahead.pairs] == sorted((points for _day, points in ahead.pairs), reverse=True)


def test_the_table_behind_the_curve_says_the_same(rep: User, lead: Lead, scored: Any, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        page = curve_of(rep, lead).content.decode()
    assert ("Show as table" in page, "<td>40</td>" in page, 'class="threshold"' in page) == (True, True, True)


# --- several models, other versions, what was known ------------------------------------------------------------------


def test_one_model_needs_no_switch_and_two_say_which_is_primary(
    rep: User, lead: Lead, scored: Any, publish: Publish, now: datetime
) -> None:
    assert "lq-model-switch" not in panel(rep, lead).content.decode()
    second = publish(document(mail_rule(points=3)) | {"model": "Second"}, at=now)
    with time_machine.travel(now, tick=False):
        first, other = panel(rep, lead), panel(rep, lead, model=str(second.pk))
    assert [(each.name, total) for each, total in first.context["models"]] == [("Default", 4000), ("Second", 1800)]
    assert (first.context["reading"].total, other.context["reading"].total) == (4000, 1800)
    assert (first.content.decode().count("primary"), other.content.decode().count("primary")) == (2, 1)
    assert panel(rep, lead, model="999999").context["model"].name == "Default"


def test_another_version_can_be_asked_for_and_says_that_it_was_not_in_force(
    rep: User, lead: Lead, scored: Any, publish: Publish, now: datetime
) -> None:
    old = scored.current_version
    publish(document(mail_rule(points=1)), at=now + timedelta(hours=1))
    with time_machine.travel(now + timedelta(hours=2), tick=False):
        answer = panel(rep, lead, version=str(old.pk))
    assert (answer.context["reading"].version, answer.context["reading"].total > 600) == (1, True)
    assert "Showing version 1. Version 2 was published then." in answer.content.decode()
    assert "version" in panel(rep, lead, version="999999").context["asked"].errors


def test_what_was_learned_later_can_be_left_out(rep: User, lead: Lead, scored: Any) -> None:
    """The clock of the database says when a lead was entered, so everything here lies after that."""
    entered = timezone.now()
    activity(lead, "email_open", entered - timedelta(days=1), now=entered + timedelta(days=2), object="late")
    at, known_at = ((entered + timedelta(days=days)).isoformat()[:16] for days in (4, 1))
    with time_machine.travel(entered + timedelta(days=5), tick=False):
        answers = [panel(rep, lead, at=at, today="on"), panel(rep, lead, at=at, known_at=known_at)]
        nobody = panel(rep, lead, at=at, known_at="2020-01-01T00:00")
    assert [len(answer.context["reading"].steps[0].evidence) for answer in answers] == [7, 6]
    assert "Nothing was known about this lead at that time." in nobody.content.decode()


def test_the_past_is_shown_as_it_was_known_then_unless_one_asks_for_what_is_known_now(
    rep: User, lead: Lead, scored: Any
) -> None:
    entered = timezone.now()
    activity(lead, "email_open", entered + timedelta(days=1), now=entered + timedelta(days=4), object="told late")
    at = (entered + timedelta(days=3)).isoformat()[:16]
    with time_machine.travel(entered + timedelta(days=5), tick=False):
        answers = [panel(rep, lead, at=at), panel(rep, lead, at=at, today="on")]
    assert [len(answer.context["reading"].steps[0].evidence) for answer in answers] == [6, 7]


def test_a_definition_that_has_not_made_the_lead_hot_does_not_keep_it_so(
    rep: User, lead: Lead, publish: Publish, now: datetime
) -> None:
    hot = {"name": "Many points", "when": {"score": "total", "op": ">=", "value": 70}, "exit": {"total": 5}}
    publish(document(mail_rule(points=10, repeat="once"), hot=[hot]), at=now)
    activity(lead, "email_open", now)
    with time_machine.travel(now, tick=False):
        answer = panel(rep, lead)
    assert (answer.context["reading"].total, answer.context["reading"].hot[0].holds) == (1000, False)
    assert "stays hot" not in answer.content.decode()


# --- points by hand --------------------------------------------------------------------------------------------------


def adjust(user: User, lead: Lead, **typed: str) -> Any:
    return as_(user).post(reverse("scoring:adjust", args=[lead.pk]), typed)


def test_points_by_hand_are_a_visible_line_that_vanishes_on_time(
    manager: User, rep: User, lead: Lead, scored: Any, now: datetime
) -> None:
    with time_machine.travel(now, tick=False):
        answer = adjust(manager, lead, points="15", reason="met at the fair", until="2026-12-06T10:00")
        steps = panel(rep, lead).context["reading"].steps
    assert (answer.status_code, answer.headers["HX-Trigger"]) == (200, "lq:close, lq:judged")
    assert [(step.kind, step.text, step.points) for step in steps if step.kind == "adjustment"] == [
        ("adjustment", "met at the fair", 1500)
    ]
    assert DirtyMark.objects.filter(lead_id=lead.pk).exists()
    with time_machine.travel(now + timedelta(days=14, seconds=1), tick=False):
        steps = panel(rep, lead).context["reading"].steps
    assert [step for step in steps if step.kind == "adjustment"] == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"points": "abc"}, "points"),
        ({"points": "NaN"}, "points"),
        ({"points": "0"}, "points"),
        ({"points": "1000000000"}, "points"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 201}, "reason"),
        ({"until": "2020-01-01T00:00"}, "until"),
        ({"until": "2026-02-30T00:00"}, "until"),
    ],
)
def test_points_by_hand_need_a_number_a_reason_and_an_end_ahead(
    manager: User, lead: Lead, scored: Any, typed: dict[str, str], field: str
) -> None:
    answer = adjust(manager, lead, **({"points": "5", "reason": "why"} | typed))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Adjustment.objects.exists()


def test_a_rep_gives_no_points_by_hand(rep: User, lead: Lead, scored: Any) -> None:
    assert adjust(rep, lead, points="5", reason="mine").status_code == 403
    assert not Adjustment.objects.exists()


def test_an_adjustment_can_be_ended_and_stays_in_history(manager: User, lead: Lead, scored: Any, now: datetime) -> None:
    with time_machine.travel(now, tick=False):
        adjust(manager, lead, points="15", reason="met")
    given = Adjustment.objects.get()
    with time_machine.travel(now + timedelta(days=1), tick=False):
        as_(manager).post(reverse("scoring:end_adjustment", args=[lead.pk, given.pk]))
        assert panel(manager, lead).context["adjustments"] == []
    assert Adjustment.objects.get().until == now + timedelta(days=1)


# --- answers ---------------------------------------------------------------------------------------------------------


def answer(user: User, lead: Lead, **typed: str) -> Any:
    return as_(user).post(reverse("scoring:answer", args=[lead.pk, "bant"]), typed)


def test_a_rep_records_what_was_learned_with_evidence(rep: User, lead: Lead, scored: Any) -> None:
    authority = Criterion.objects.get(framework__code="bant", code="authority")
    decides = authority.options.get(code="decides")
    typed = {f"answer_{authority.pk}": str(decides.pk), f"evidence_{authority.pk}": "said so on the phone"}
    for _ in range(2):
        assert answer(rep, lead, **typed).status_code == 200
    said = Answer.objects.get()
    assert (said.option, said.evidence, said.by) == (decides, "said so on the phone", rep)
    shown = panel(rep, lead)
    assert shown.context["frameworks"][0].progress == "1 of 4"
    assert "no points in" in shown.content.decode()


def test_an_option_of_another_question_is_refused(rep: User, lead: Lead, scored: Any) -> None:
    authority = Criterion.objects.get(framework__code="bant", code="authority")
    foreign = Criterion.objects.get(framework__code="bant", code="budget").options.first()
    assert foreign is not None
    assert answer(rep, lead, **{f"answer_{authority.pk}": str(foreign.pk)}).status_code == 422
    assert not Answer.objects.exists()


def test_a_lead_of_another_team_is_not_found(outsider: User, lead: Lead, scored: Any) -> None:
    assert (panel(outsider, lead).status_code, answer(outsider, lead).status_code) == (404, 404)


def test_what_takes_too_long_is_said_and_the_rest_of_the_panel_stands(
    rep: User, lead: Lead, scored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("background.time_limits.SECONDS", 0.0)
    answers = [panel(rep, lead), curve_of(rep, lead)]
    for answer in answers:
        assert (answer.status_code, "This took too long with your data" in answer.content.decode()) == (200, True)


def test_an_answer_says_where_it_counts(rep: User, lead: Lead, publish: Publish, now: datetime) -> None:
    rule = {"name": "Decides", "answer": "bant.authority", "points": {"decides": 12}}
    publish(document(rule, dimension="qualification"), at=now)
    authority = Criterion.objects.get(framework__code="bant", code="authority")
    answer(rep, lead, **{f"answer_{authority.pk}": str(authority.options.get(code="decides").pk)})
    assert panel(rep, lead).context["reading"].answer_points == {"bant.authority": 1200}
    assert "+12 in " in " ".join(panel(rep, lead).content.decode().split())
