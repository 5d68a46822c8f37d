"""Moving everything of a person, by name beforehand and with one undo."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from handoff.actions import add_todo, claim_handoff
from handoff.actions.handing_over import Moved, hand_over, undo_hand_over
from handoff.models import Handoff, HandoffStep, Todo
from handoff.queries.belongings import belongings_of, shares_when_routed
from leads.models import Lead
from notices.models import OutboxMessage
from tests.clients import as_
from tests.factories import LeadFactory
from tests.handoff.pages import PART
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of, jst

pytestmark = pytest.mark.django_db
NOW = jst(7, 22, 10)


@pytest.fixture
def desk(rep: User) -> None:
    """Two hand-offs, two to-dos and two leads of the rep."""
    first = claimed_by(rep, name="claimed")
    contacted_by(rep, name="contacted")
    quiet = LeadFactory(name="quiet", owner=rep, team=rep.team)
    LeadFactory(name="quiet too", owner=rep, team=rep.team)
    for lead in (first.lead, quiet):
        add_todo(lead=lead, by=rep, kind="call", text="", due_at=NOW, owner=rep, now=CONTACT)


def moved(rep: User, by: User, to: User | None = None, *, routed: bool = False, now: datetime = NOW) -> Moved:
    return hand_over(person=rep, what=belongings_of(rep), to=to, by=by, now=now, routed=routed)


def owners() -> dict[str, str]:
    return {lead.name: str(lead.owner or "") for lead in Lead.objects.select_related("owner")}


def test_everything_goes_to_one_person_who_is_told_once(desk, rep, other_rep, manager):
    before = dict(Handoff.objects.values_list("pk", "due_at"))
    done = moved(rep, manager, other_rep)
    assert (len(done.handoffs), len(done.todos), len(done.leads), done.stayed) == (2, 2, 2, 0)
    assert not belongings_of(rep)
    assert set(owners().values()) == {str(other_rep)}
    states = dict(Handoff.objects.values_list("lead__name", "state"))
    assert states == {"claimed": "claimed", "contacted": "contacted"}
    assert dict(Handoff.objects.values_list("pk", "due_at")) == before
    told = OutboxMessage.objects.filter(kind="handoff.moved").values_list("user", "params__count").distinct()
    assert list(told) == [(other_rep.pk, 2)]


def test_the_team_gets_it_back_with_all_that_was_done_and_the_mover_the_todos(desk, rep, manager):
    moved(rep, manager)
    assert set(owners().values()) == {""}
    waiting = Handoff.objects.filter(state="queued", owner=None)
    assert waiting.count() == 2
    spoken = waiting.get(lead__name="contacted")
    assert spoken.contacted_at == CONTACT
    assert set(Todo.objects.values_list("owner", flat=True)) == {manager.pk}
    claim_handoff(handoff=spoken, by=manager, now=NOW)
    assert spoken.state == "contacted"


def test_the_rules_give_it_to_others_as_was_said_before(desk, rep, other_rep, manager):
    colleague = LeadFactory(name="of the company", owner=other_rep, team=rep.team, email="a@acme.example")
    handoff = Handoff.objects.get(lead__name="claimed")
    said = shares_when_routed(rep, belongings_of(rep).handoffs, NOW)
    assert said == [(None, 2)]
    assert Handoff.objects.get(pk=handoff.pk).owner == rep  # saying it moves nothing
    assert colleague.owner == other_rep
    moved(rep, manager, routed=True)
    step = HandoffStep.objects.get(handoff=handoff, kind="moved")
    assert (step.by, step.params["route"]) == (manager, "lead_team")
    assert Handoff.objects.get(pk=handoff.pk).owner is None


def test_one_undo_gives_everything_back(desk, rep, other_rep, manager):
    before = (owners(), list(Handoff.objects.order_by("pk").values("owner", "state", "claimed_at", "routed_by")))
    done = moved(rep, manager, now=NOW)
    result = undo_hand_over(token=done.token, by=manager, now=NOW + timedelta(seconds=20))
    assert (len(result.done), result.refused) == (2, [])
    after = (owners(), list(Handoff.objects.order_by("pk").values("owner", "state", "claimed_at", "routed_by")))
    assert after == before
    assert set(Todo.objects.values_list("owner", flat=True)) == {rep.pk}


def test_what_was_claimed_since_stays_and_is_told(desk, rep, other_rep, manager):
    done = moved(rep, manager)
    claim_handoff(handoff=Handoff.objects.get(lead__name="claimed"), by=other_rep, now=NOW)
    result = undo_hand_over(token=done.token, by=manager, now=NOW)
    assert [handoff.lead.name for handoff in result.done] == ["contacted"]
    assert len(result.refused) == 1
    assert owners()["claimed"] == str(other_rep)


def test_a_token_that_is_not_ours_undoes_nothing(desk, rep, manager):
    with pytest.raises(signing.BadSignature):
        undo_hand_over(token="WzEsW10sW10sW11d:x:y", by=manager, now=NOW)
    answer = as_(manager).post(reverse("handoff:move_undo"), {"token": "x"}, **PART)
    assert "Nothing to undo" in answer.content.decode()


def test_the_dialog_names_what_goes_and_each_number_has_its_rows(desk, rep, manager):
    page = as_(manager).get(reverse("handoff:move", args=[rep.pk]), **PART).content.decode()
    for name in ("claimed", "contacted", "quiet", "quiet too"):
        assert f">{name}</a>" in page
    assert page.count("<li data-item>") == 6
    assert "no one in particular 2" in page


def test_over_the_limit_of_the_other_it_asks_once(desk, rep, other_rep, manager):
    other_rep.capacity = 1
    other_rep.save()
    client, address = as_(manager), reverse("handoff:move", args=[rep.pk])
    values = {"way": "person", "to": other_rep.pk}
    assert client.post(address, values, **PART).status_code == 422
    assert len(belongings_of(rep).handoffs) == 2
    assert client.post(address, values | {"over_limit": other_rep.pk}, **PART).status_code == 200
    assert not belongings_of(rep)


def test_a_manager_moves_nothing_of_another_team(outsider, manager):
    handoff = handoff_of(at=timezone.now())
    claim_handoff(handoff=handoff, by=outsider, now=timezone.now())
    assert as_(manager).post(reverse("handoff:move", args=[outsider.pk]), {"way": "team"}).status_code == 404
    assert Handoff.objects.get(pk=handoff.pk).owner == outsider
