"""Views of the queue kept under a name, for oneself or the team."""

from __future__ import annotations

from django.urls import reverse

from leads.models import SavedFilter
from tests.clients import as_
from tests.handoff.world import handoff_of

SAVE = reverse("handoff:view_save")
PART = {"HTTP_HX_REQUEST": "true"}


def save(user, name, query, **rest):
    return as_(user).post(SAVE, {"name": name, "query": query, **rest})


def offered(user):
    return [view.name for view in as_(user).get("/queue/").context["views"]]


def shown(user, query):
    return [row.handoff.lead.name for row in as_(user).get(f"/queue/?{query}").context["rows"]]


def test_a_view_keeps_tab_and_filters_and_is_named_while_one_looks_at_it(rep):
    dialog = as_(rep).get(f"{SAVE}?score=80&tab=team&after=x&odd=1", **PART).content.decode()
    assert 'value="tab=team&amp;score=80"' in dialog
    answer = save(rep, "Best of the team", "score=80&tab=team&after=x")
    assert answer.headers["Location"] == "/queue/?tab=team&score=80"
    page = as_(rep).get("/queue/?score=80&tab=team")
    assert page.context["current_view"].name == "Best of the team"
    assert as_(rep).get("/queue/?tab=team").context["current_view"] is None


def test_the_queue_is_narrowed_by_score_and_by_what_made_leads_hot(rep):
    handoff_of(name="Low", score=7100)
    handoff_of(name="High", score=9000)
    assert shown(rep, "score=80") == ["High"]
    assert shown(rep, "definition=Hot lead") == ["High", "Low"]
    assert shown(rep, "definition=Other") == []
    assert shown(rep, "score=x") == ["High", "Low"]


def test_a_shared_view_is_offered_to_the_team_and_to_nobody_outside(
    rep, other_rep, manager, outsider, helper, marketer
):
    save(rep, "Own", "tab=mine")
    save(rep, "Shared", "tab=team&due=today", is_shared="on")
    save(marketer, "From marketing", "tab=all", is_shared="on")
    assert offered(rep) == ["From marketing", "Own", "Shared"]
    assert offered(other_rep) == offered(manager) == ["From marketing", "Shared"]
    assert (offered(outsider), offered(helper)) == (["From marketing"], [])


def test_only_ones_own_view_is_deleted_and_a_name_is_asked_for(rep, other_rep):
    assert save(rep, "", "tab=mine").status_code == 422
    save(rep, "Shared", "tab=team", is_shared="on")
    address = reverse("handoff:view_remove", args=[SavedFilter.objects.get().pk])
    assert as_(other_rep).post(address).status_code == 404
    assert as_(rep).post(address).headers["Location"] == "/queue/?tab=team"
    assert not SavedFilter.objects.exists()
