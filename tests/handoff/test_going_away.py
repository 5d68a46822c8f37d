"""The away button: an end with one press, what becomes of the open leads, and who gets the next ones."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from handoff.actions.policy import publish_policy, save_policy_draft
from handoff.models import Absence, Handoff
from handoff.queries.next_leads import next_leads_without
from handoff.queries.policy import policy_of
from tests.clients import as_
from tests.handoff.pages import PART
from tests.handoff.world import claimed_by, contacted_by, jst

pytestmark = pytest.mark.django_db
NOON = jst(7, 22, 12)
ADDRESS = "/handoff/absences/away/"


@pytest.fixture
def desk(rep: User) -> None:
    """A lead that was only claimed, and one that was spoken with."""
    claimed_by(rep, name="claimed")
    contacted_by(rep, name="contacted")


def press(person: User, at: datetime = NOON, **values: object) -> object:
    with time_machine.travel(at, tick=False):
        return as_(person).post(ADDRESS, {"leads": "stay"} | values, **PART)


def owners() -> dict[str, User | None]:
    return {handoff.lead.name: handoff.owner for handoff in Handoff.objects.select_related("lead", "owner")}


def test_one_press_and_one_is_away_until_the_afternoon(desk, rep):
    assert press(rep, end="afternoon").status_code == 200
    absence = Absence.objects.get()
    assert (absence.person, absence.starts_at, absence.ends_at) == (rep, NOON, jst(7, 22, 14))
    assert owners() == {"claimed": rep, "contacted": rep}


@pytest.mark.parametrize(("at", "codes"), [
    (NOON, ["afternoon", "tomorrow"]), (jst(7, 22, 14), ["tomorrow"]), (jst(7, 24, 15), ["tomorrow"]),
])  # fmt: skip
def test_an_end_that_has_passed_is_not_offered(rep, at, codes):
    with time_machine.travel(at, tick=False):
        form = as_(rep).get(ADDRESS, **PART).context["form"]
    assert [end.code for end in form.ends] == codes


def test_tomorrow_is_when_the_office_opens_next(rep):
    press(rep, at=jst(7, 17, 15), end="tomorrow")  # a Friday before a long weekend
    assert Absence.objects.get().ends_at == jst(7, 21, 9)


def test_a_date_can_be_typed(rep):
    press(rep, until="2026-07-30T09:00")
    assert Absence.objects.get().ends_at == jst(7, 30, 9)


@pytest.mark.parametrize("typed", ["", "x", "2026-07-22T11:00", "2028-01-01T09:00"])
def test_an_end_that_makes_no_sense_is_refused_in_words(rep, typed):
    answer = press(rep, until=typed)
    assert answer.status_code == 422
    assert answer.context["form"].errors["until"]
    assert not Absence.objects.exists()


def test_what_nobody_contacted_goes_back_to_the_team(desk, rep):
    assert "1 lead is back with the team." in press(rep, end="afternoon", leads="team").content.decode()
    assert owners() == {"claimed": None, "contacted": rep}


def test_a_stand_in_gets_all_open_leads(desk, rep, other_rep):
    words = press(rep, end="afternoon", leads="stand_in", to=other_rep.pk).content.decode()
    assert "2 leads went to Rika Rep." in words
    assert owners() == {"claimed": other_rep, "contacted": other_rep}


def test_a_stand_in_of_another_team_or_none_is_refused(desk, rep, outsider):
    for to in ("", outsider.pk):
        assert press(rep, end="afternoon", leads="stand_in", to=to).status_code == 422
    assert owners() == {"claimed": rep, "contacted": rep}
    assert not Absence.objects.exists()


def test_the_choices_say_how_many_leads_they_are_about(desk, rep):
    with time_machine.travel(NOON, tick=False):
        html = as_(rep).get(ADDRESS, **PART).content.decode()
    assert "2 open leads; their deadlines run on." in html
    assert "1 leads no one has contacted yet" in html


def test_pressing_again_changes_the_end_and_being_back_ends_it(rep):
    press(rep, end="afternoon")
    press(rep, at=NOON + timedelta(hours=1), end="tomorrow")
    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (NOON, jst(7, 23, 9))
    with time_machine.travel(jst(7, 22, 15), tick=False):
        client = as_(rep)
        assert reverse("handoff:absence_end", args=[absence.pk]) in client.get(ADDRESS, **PART).content.decode()
        client.post(reverse("handoff:absence_end", args=[absence.pk]))
    assert Absence.objects.get().ends_at == jst(7, 22, 15)


@pytest.fixture
def pool(rep: User, other_rep: User, manager: User, admin: User) -> None:
    """Two turns for the manager, one for each rep."""
    policy = policy_of("routing")
    weights = {rep: 1, other_rep: 1, manager: 2}
    members = [{"person": person.pk, "weight": weight} for person, weight in weights.items()]
    document = policy.current.document | {"pools": [{"name": "Tokyo", "team": rep.team_id, "members": members}]}
    save_policy_draft(policy=policy, document=document, seen=policy.token, by=admin, now=NOON)
    policy.refresh_from_db()
    publish_policy(policy=policy, seen=policy.token, note="As agreed", by=admin, now=NOON)


def test_the_next_leads_are_named_without_whoever_goes(pool, rep, other_rep, manager):
    found = next_leads_without(rep, NOON)
    assert [(each.pool, len(each.people)) for each in found] == [("Tokyo", 5)]
    assert found[0].people.count(manager) in (3, 4)
    assert set(found[0].people) == {manager, other_rep}


def test_absences_that_are_entered_for_that_time_count(pool, rep, other_rep, manager):
    for person in (other_rep, manager):
        Absence.objects.create(person=person, starts_at=jst(7, 30, 0), ends_at=jst(7, 31, 0))
    assert next_leads_without(rep, jst(7, 30, 10))[0].people == []
    assert len(next_leads_without(rep, jst(7, 31, 10))[0].people) == 5


def test_the_form_of_a_planned_absence_shows_them(pool, rep, helper):
    typed = {"person": rep.pk, "starts_at": "2035-01-01T09:00", "ends_at": "2035-01-05T09:00"}
    shown = as_(rep).post(reverse("handoff:absence_preview"), typed).content.decode()
    assert "Tokyo: the next 5 leads would go to" in shown
    assert "Tokyo" not in as_(helper).post(reverse("handoff:absence_preview"), typed).content.decode()
