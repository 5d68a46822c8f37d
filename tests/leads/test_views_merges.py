"""Merging on the lead's page: search, comparison, confirmation, undo."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from leads.actions.merge import merge_leads
from leads.errors import MergeRefusedError
from leads.models import Lead, Merge
from leads.queries.timeline import timeline
from tests.factories import CompanyFactory, LeadFactory, activity


def address(lead: Lead) -> str:
    return reverse("leads:merge", args=[lead.pk])


@pytest.fixture
def pair(db, team, now) -> tuple[Lead, Lead]:
    kept = LeadFactory(name="Hanako Sato", team=team, phone="")
    merged = LeadFactory(name="佐藤花子", team=team, phone="03-1234", company=CompanyFactory(name="Acme"))
    for lead, pages in ((kept, [1, 2]), (merged, [2, 3, 4])):
        for page in pages:
            activity(lead, "page_view", now - timedelta(days=page), object=f"/{page}")
    return kept, merged


def test_the_other_lead_is_found_by_name_email_company_or_number(client: Client, manager, pair, outsider) -> None:
    kept, merged = pair
    LeadFactory(name="佐藤花子", team=outsider.team)
    client.force_login(manager)
    for words in ("佐藤", merged.email, "acme", f"#{merged.pk}", str(merged.pk)):
        assert client.get(address(kept), {"q": words}).context["found"] == [merged]
    for words in ("nobody", "\0", f"#{kept.pk}", "9" * 30):
        assert client.get(address(kept), {"q": words}).context["found"] == []


def test_the_search_begins_with_the_same_name(client: Client, manager, team, pair) -> None:
    kept, _merged = pair
    twin = LeadFactory(name="Hanako Sato", team=team)
    client.force_login(manager)
    assert client.get(address(kept)).context["found"] == [twin]


def test_the_comparison_says_what_stays_what_is_filled_and_what_moves(client: Client, manager, pair) -> None:
    kept, merged = pair
    client.force_login(manager)
    comparison = client.get(address(kept), {"other": merged.pk}).context["comparison"]
    assert (comparison.moves, comparison.shared) == (2, 1)
    lines = {line.label: (line.kept, line.merged, line.after, line.changes) for line in comparison.lines}
    assert lines["name"] == ("Hanako Sato", "佐藤花子", "Hanako Sato", False)
    assert lines["phone"] == ("", "03-1234", "03-1234", True)
    assert lines["company"] == ("", "Acme", "Acme", True)
    assert Merge.objects.count() == 0


def test_a_merge_shows_on_the_kept_leads_page_and_can_be_undone_there(client: Client, manager, pair) -> None:
    kept, merged = pair
    client.force_login(manager)
    answer = client.post(address(kept), {"other": merged.pk})
    assert (answer.status_code, answer.headers["Location"]) == (302, kept.get_absolute_url())
    merge = Merge.objects.get()
    assert (merge.kept, merge.merged, merge.by) == (kept, merged, manager)
    page = client.get(kept.get_absolute_url())
    undo = reverse("leads:merge_undo", args=[merge.pk])
    assert page.context["merges"] == [merge]
    assert f'action="{undo}"' in page.content.decode()
    assert client.get(merged.get_absolute_url()).headers["Location"] == kept.get_absolute_url()
    assert client.post(undo).headers["Location"] == kept.get_absolute_url()
    assert client.get(merged.get_absolute_url()).status_code == 200
    assert client.get(kept.get_absolute_url()).context["merges"] == []
    again = client.post(undo, follow=True)
    assert [str(message) for message in again.context["messages"]] == [
        "This merge has already been undone. Reload the page to see the current state."
    ]


def test_who_may_not_merge_sees_neither_menu_nor_undo(client: Client, rep, manager, pair) -> None:
    kept, merged = pair
    Lead.objects.filter(pk=kept.pk).update(owner=rep)
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=timezone.now())
    client.force_login(rep)
    page = client.get(kept.get_absolute_url())
    assert page.context["merges"] == []
    assert address(kept) not in page.content.decode()
    assert client.post(reverse("leads:merge_undo", args=[merge.pk])).status_code == 403


@pytest.mark.parametrize("other", ["", "x", "-1", "0", "9" * 30, "unseen", "itself", "gone"])
def test_a_lead_that_cannot_be_merged_is_refused_with_words(client: Client, manager, outsider, pair, other) -> None:
    kept, merged = pair
    made = {
        "unseen": LeadFactory(team=outsider.team).pk,
        "itself": kept.pk,
        "gone": LeadFactory(merged_into=merged).pk,
    }
    client.force_login(manager)
    answer = client.post(address(kept), {"other": made.get(other, other)})
    assert (answer.status_code, Merge.objects.count()) == (422, 0)
    assert answer.context["form"].errors["other"]


def test_the_timeline_tells_of_the_merge_and_of_its_end(client: Client, manager, pair) -> None:
    kept, merged = pair
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=timezone.now())

    def told() -> list[tuple[str, str, str, str]]:
        entries = timeline(leads=[kept.pk], reader=manager, opened=[kept.pk], kind="merge").entries
        return [(str(one.title), one.object, one.text, one.by) for one in entries]

    words = ("Merged manually", "佐藤花子", "2 activities moved · 1 duplicate", str(manager))
    assert told() == [words]
    client.force_login(manager)
    client.post(reverse("leads:merge_undo", args=[merge.pk]))
    assert told() == [("Merged manually", "佐藤花子", "Undone", str(manager))]


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_of_the_same_pair_at_once_one_is_left() -> None:
    first, second, by = LeadFactory(), LeadFactory(), User.objects.create(email="m@example.com", name="M")
    barrier, refused = threading.Barrier(4), []

    def merge(kept: Lead, merged: Lead) -> None:
        barrier.wait()
        try:
            merge_leads(kept=kept, merged=merged, by=by, now=timezone.now())
        except MergeRefusedError as error:
            refused.append(str(error))
        finally:
            connection.close()

    pairs = [(first, second), (first, second), (second, first), (second, first)]
    threads = [threading.Thread(target=merge, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), Merge.objects.count(), Lead.objects.present().count()) == (3, 1, 1)
