"""Who sees and who works on which hand-off."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from handoff.access import handoff_for, visible_handoffs
from handoff.actions import assign_handoff, claim_handoff, requeue_handoff
from handoff.queries.rows import row_of
from tests.handoff.world import CONTACT, claimed_by, contacted_by, handoff_of


@pytest.fixture
def desk(rep, other_rep, manager, helper, outsider, admin, marketer):
    """One hand-off of each kind."""
    made = {"waiting": handoff_of(), "rens": claimed_by(rep), "rikas": claimed_by(other_rep)}
    made["helped"] = handoff_of()
    assign_handoff(handoff=made["helped"], to=helper, by=manager, now=CONTACT)
    made["osaka"] = handoff_of()
    requeue_handoff(handoff=made["osaka"], team=outsider.team, by=admin, now=CONTACT)
    made["answered"] = contacted_by(marketer)
    return made


def seen(user, desk):
    pks = set(visible_handoffs(user).values_list("pk", flat=True))
    return {name for name, handoff in desk.items() if handoff.pk in pks}


def test_each_role_sees_its_part(desk, rep, manager, helper, outsider, admin, marketer):
    everything = set(desk)
    assert {
        "rep": seen(rep, desk),
        "manager": seen(manager, desk),
        "helper": seen(helper, desk),
        "outsider": seen(outsider, desk),
        "marketer": seen(marketer, desk),
        "admin": seen(admin, desk),
    } == {
        "rep": {"waiting", "rens", "answered"},
        "manager": everything - {"osaka"},
        "helper": {"helped"},
        "outsider": {"osaka"},
        "marketer": everything,
        "admin": everything,
    }


def may_write(user, handoff):
    try:
        handoff_for(user, handoff.pk, write=True)
    except Http404:
        return "unseen"
    except PermissionDenied:
        return "no"
    return "yes"


def test_each_role_works_on_its_part(desk, rep, manager, helper, marketer):
    table = {
        name: [may_write(user, desk[name]) for user in (rep, manager, helper, marketer)]
        for name in ("waiting", "rens", "rikas", "helped", "answered")
    }
    assert table == {
        "waiting": ["yes", "yes", "unseen", "yes"],
        "rens": ["yes", "yes", "unseen", "no"],
        "rikas": ["unseen", "yes", "unseen", "no"],
        "helped": ["unseen", "yes", "yes", "no"],
        "answered": ["yes", "yes", "unseen", "yes"],
    }


def test_a_helper_sees_telephone_and_mail_only_after_claiming(desk, helper, rep):
    handoff = desk["helped"]
    handoff.refresh_from_db()
    assert row_of(handoff, helper, CONTACT).sees_contact_data is False
    claim_handoff(handoff=handoff, by=helper, now=CONTACT)
    assert row_of(handoff, helper, CONTACT).sees_contact_data is True
    assert row_of(handoff, rep, CONTACT).sees_contact_data is True
