from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from background.invariants import invariants
from background.models import JobRun
from leads.models import ActivityKey, DirtyMark, Lead
from scoring.models import Episode, LeadScore
from tests.factories import LeadFactory, activity
from tests.published import document, mail_rule

HALF = {"half_life": "30d"}


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def violated() -> list[str]:
    """The names of the invariants that do not hold."""
    return [each.name for each in invariants() if list(each.find(timezone.now()))]


@pytest.fixture
def scored(publish):
    """Three leads, one of them hot, scored under a published model."""
    leads = [LeadFactory() for _ in range(3)]
    for lead, mails in zip(leads, (0, 1, 8), strict=True):
        for number in range(mails):
            activity(lead, "email_open", timezone.now() - timedelta(days=1), object=f"mail-{number}")
    publish(document(mail_rule(points=10, decay=HALF)), at=timezone.now())
    return leads


def test_verify_finds_nothing_wrong_with_a_scored_database(scored):
    assert violated() == []
    run("verify")


@pytest.mark.parametrize(
    ("break_it", "name"),
    [
        (lambda lead: LeadScore.objects.filter(lead=lead).update(total=1), "scores_equal_recomputation"),
        (lambda lead: LeadScore.objects.filter(lead=lead).update(contributions=[1]), "scores_equal_recomputation"),
        (lambda lead: LeadScore.objects.filter(lead=lead).update(hot=[False]), "scores_equal_recomputation"),
        (lambda lead: LeadScore.objects.filter(lead=lead).delete(), "no_lead_unscored"),
        (lambda lead: Episode.objects.filter(lead=lead).update(number=2), "episodes_agree"),
        (lambda lead: Episode.objects.filter(lead=lead).update(ended_at=timezone.now()), "episodes_agree"),
        (lambda lead: ActivityKey.objects.all()[:1].get().delete(), "activity_keys_once"),
        (
            lambda lead: LeadScore.objects.update(next_change_at=timezone.now() - timedelta(hours=1)),
            "nothing_overdue_at_rest",
        ),
        (
            lambda lead: DirtyMark.objects.create(lead_id=lead.pk, marked_at=timezone.now() - timedelta(hours=1)),
            "nothing_dirty_at_rest",
        ),
        (lambda lead: Lead.objects.filter(pk=lead.pk).update(merged_into=lead.pk - 1), "merged_leads_have_no_score"),
    ],
)
def test_verify_catches_what_is_not_true_and_exits_1(scored, break_it, name):
    break_it(scored[2])
    if name == "merged_leads_have_no_score":
        DirtyMark.objects.all().delete()
    assert name in violated()
    with pytest.raises(SystemExit) as ended:
        run("verify")
    assert ended.value.code == 1


@pytest.mark.parametrize("change", [{"total": 1}, {"fit": 5}, {"band": "cold"}, {"is_hot": False}])
def test_verify_repair_makes_scores_true_again(scored, change):
    before = LeadScore.objects.get(lead=scored[2])
    LeadScore.objects.filter(lead=scored[2]).update(**change)
    run("verify", "--repair")
    after = LeadScore.objects.get(lead=scored[2])
    assert (after.band, after.is_hot, after.fit) == (before.band, before.is_hot, 0)
    assert violated() == []


def test_rescore_one_lead_by_its_address_and_everybody(scored):
    LeadScore.objects.all().update(total=1)
    assert "1 dirty marks" in run("rescore", "--lead", scored[1].email.upper())
    assert list(LeadScore.objects.order_by("lead").values_list("total", flat=True).exclude(lead=scored[1])) == [1, 1]
    assert "3 of 3" in run("rescore", "--all")
    assert violated() == []
    assert set(JobRun.objects.values_list("state", flat=True)) == {"done"}


def test_pump_does_what_beat_and_workers_do(scored):
    activity(scored[0], "email_open", timezone.now())
    run("pump", "--once")
    assert not DirtyMark.objects.exists()
    assert LeadScore.objects.get(lead=scored[0]).total == 1000
