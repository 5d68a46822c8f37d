"""One act on many leads of the queue, and one undo for all of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from handoff.models import Handoff, LostReason, RejectReason
from tests.clients import as_
from tests.handoff.world import claimed_by, contacted_by, handoff_of

PART = {"HTTP_HX_REQUEST": "true"}
BULK, UNDO = reverse("handoff:bulk"), reverse("handoff:bulk_undo")


@pytest.fixture
def free(team):
    return [handoff_of(name=f"Lead {number}") for number in range(3)]


def press(user, handoffs=(), address=BULK, **data):
    return as_(user).post(address, {"pk": [handoff.pk for handoff in handoffs], **data}, **PART)


def owners():
    return list(Handoff.objects.order_by("pk").values_list("owner__name", flat=True))


def test_selected_leads_are_claimed_at_once_and_what_is_refused_is_told_with_its_reason(free, rep, other_rep):
    taken = claimed_by(other_rep)
    manager_sees = press(rep, [*free, taken], act="claim")
    assert "3 leads done." in manager_sees.content.decode()  # another's lead is not among those that a rep sees
    assert owners() == ["Ren Rep"] * 3 + ["Rika Rep"]
    again = press(rep, free, act="claim").content.decode()
    assert "0 leads done." in again
    assert "3 not done: You’ve already claimed this lead." in again


def test_one_undo_takes_all_of_them_back(free, rep):
    answer = press(rep, free, act="claim").content.decode()
    assert [f'name="pk" value="{handoff.pk}"' in answer for handoff in free] == [True] * 3
    assert "Undone for 3 leads." in press(rep, free, UNDO).content.decode()
    assert owners() == [None] * 3
    assert "0 leads" in press(rep, free, UNDO).content.decode()


def test_all_that_the_list_holds_and_not_only_its_page(free, rep):
    claimed_by(rep)
    dialog = as_(rep).get(BULK, {"all": "1", "query": "tab=team"}, **PART).content.decode()
    assert "3 leads selected" in dialog
    press(rep, act="claim", all="1", query="tab=team")
    assert owners() == ["Ren Rep"] * 4


def test_a_manager_assigns_and_a_rep_may_not(free, rep, other_rep, manager):
    press(manager, free, act="assign", to=other_rep.pk)
    assert owners() == ["Rika Rep"] * 3
    refused = press(rep, free, act="assign", to=rep.pk)
    assert (refused.status_code, owners()) == (422, ["Rika Rep"] * 3)


def test_a_snooze_needs_a_time_to_come(rep):
    mine = [claimed_by(rep), claimed_by(rep)]
    past = timezone.localtime() - timedelta(days=1)
    assert press(rep, mine, act="snooze", until=f"{past:%Y-%m-%dT%H:%M}").status_code == 422
    until = timezone.localtime() + timedelta(days=1)
    assert press(rep, mine, act="snooze", until=f"{until:%Y-%m-%dT%H:%M}").status_code == 200
    assert Handoff.objects.filter(snoozed_until__gt=timezone.now()).count() == 2


def test_what_makes_no_sense_selects_nothing(free, rep):
    answer = press(rep, act="claim", pk="x")
    assert ("0 leads done." in answer.content.decode(), owners()) == (True, [None] * 3)


def test_many_are_returned_to_nurture_with_one_reason_and_one_undo(free, rep, manager):
    handoffs = [contacted_by(rep), contacted_by(rep), *free]
    day = timezone.localdate() + timedelta(days=30)
    answer = press(manager, handoffs, act="recycled", wake_on=f"{day:%Y-%m-%d}", comment="Next spring").content.decode()
    assert "2 leads done." in answer
    assert "3 not done: You can’t do this anymore: the hand-off is now “Waiting”." in answer
    assert (
        list(Handoff.objects.filter(state="closed").values_list("result", "wake_on", "comment"))
        == [("recycled", day, "Next spring")] * 2
    )
    press(manager, handoffs[:2], UNDO)
    assert Handoff.objects.filter(state="contacted").count() == 2


def test_many_wait_for_their_customers_until_one_day(rep, manager):
    handoffs = [contacted_by(rep, at=timezone.now()) for _number in range(2)]
    until = timezone.localtime() + timedelta(days=3)
    press(manager, handoffs, act="pause", until=f"{until:%Y-%m-%dT%H:%M}")
    assert Handoff.objects.filter(paused_until__gt=timezone.now()).count() == 2


@pytest.mark.parametrize(("act", "field"), [("reject", "reason"), ("lost", "lost_reason")])
def test_what_needs_a_coded_reason_is_not_done_without_one(rep, manager, act, field):
    refused = press(manager, [contacted_by(rep)], act=act)
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    reason = {"reject": RejectReason, "lost": LostReason}[act].objects.order_by("pk")[0]
    assert "1 lead done." in press(manager, [Handoff.objects.get()], act=act, **{field: reason.pk}).content.decode()
    assert Handoff.objects.get().state == {"reject": "rejected", "lost": "closed"}[act]


def test_a_board_column_is_changed_as_a_whole(free, rep, manager):
    board = as_(manager).get(reverse("handoff:board")).content.decode()
    assert "Change all 3 of “Waiting”" in board
    press(manager, act="assign", to=rep.pk, all="1", query="tab=all&state=queued")
    assert owners() == ["Ren Rep"] * 3


def test_external_staff_are_offered_what_came_of_calls_and_no_deals(helper):
    form = as_(helper).get(BULK, {"pk": 1}, **PART).context["form"]
    acts = [act for act, _words in form.fields["act"].choices]
    assert acts == ["claim", "snooze", "pause", "release", "lost", "recycled", "withdrawn"]
