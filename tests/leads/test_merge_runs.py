"""All that is certain is merged in one go, by people or by itself, and taken back in one go."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.actions.duplicates import decide_duplicates, find_duplicates
from leads.actions.merge_runs import merge_automatically, merge_certain, set_rules, undo_run
from leads.enums import DuplicateState, MergeOrigin
from leads.errors import MergeRefusedError
from leads.models import CommonValue, Company, Duplicate, Lead, Merge
from leads.queries.certain_groups import certain_groups
from leads.tasks import find_duplicates as search
from tests.factories import CompanyFactory, LeadFactory

AT = datetime(2026, 11, 30, 1, tzinfo=UTC)


def twins(name: str, phone: str, company: Company, number: int = 2) -> list[Lead]:
    return [LeadFactory(name=name, phone=phone, email="", company=company) for _ in range(number)]


def searched() -> None:
    while find_duplicates(now=AT):
        pass


@pytest.fixture
def acme(db) -> Company:
    return CompanyFactory(name="株式会社アクメ")


@pytest.fixture
def two_groups(acme: Company) -> list[list[Lead]]:
    groups = [twins("佐藤 一郎", "090-1234-5678", acme), twins("鈴木 花子", "090-8765-4321", acme, 3)]
    searched()
    return groups


def test_certain_groups_become_one_lead_each_and_one_press_takes_all_back(two_groups, marketer: User) -> None:
    merges = merge_certain(groups=certain_groups(marketer), by=marketer, now=AT)
    assert (len(merges), Lead.objects.present().count(), Duplicate.objects.count()) == (3, 2, 0)
    assert undo_run(merge=merges[0], by=marketer, now=AT) == 3
    assert Lead.objects.present().count() == 5
    with pytest.raises(MergeRefusedError):
        undo_run(merge=merges[0], by=marketer, now=AT)


def test_a_group_of_more_than_five_is_left_to_people(acme: Company, marketer: User) -> None:
    twins("佐藤 一郎", "090-1234-5678", acme, 6)
    searched()
    assert certain_groups(marketer) == []


def test_a_group_in_which_two_are_colleagues_is_left_to_people(acme: Company, marketer: User) -> None:
    one, other = twins("佐藤", "090-1234-5678", acme)
    Lead.objects.filter(pk=other.pk).update(name="佐藤 一郎")
    third = LeadFactory(name="佐藤 花子", phone="", email="", other_emails=["s@home.example"], company=acme)
    Lead.objects.filter(pk=one.pk).update(other_emails=["s@home.example"])
    searched()
    pairs = {(pair.first_id, pair.second_id) for pair in Duplicate.objects.all()}
    assert pairs == {(one.pk, other.pk), (one.pk, third.pk)}
    assert certain_groups(marketer) == []


def test_whoever_was_called_two_people_is_not_merged_in_a_run(two_groups, marketer: User) -> None:
    one, other, _third = two_groups[1]
    decide_duplicates(leads=[one.pk, other.pk], state=DuplicateState.RELATED, by=marketer, now=AT)
    assert [set(group.leads) for group in certain_groups(marketer)] == [set(two_groups[0])]


def test_nothing_is_merged_by_itself_unless_admins_say_so(two_groups, admin: User) -> None:
    assert merge_automatically(now=AT) == []
    set_rules(merges_from=0.98, by=admin, now=AT)
    search()
    assert {merge.origin for merge in Merge.objects.all()} == {MergeOrigin.AUTOMATIC}
    assert Lead.objects.present().count() == 2
    assert undo_run(merge=Merge.objects.latest("pk"), by=admin, now=AT) == 3


def test_only_what_is_as_probable_as_admins_say_is_merged_by_itself(acme: Company, admin: User) -> None:
    twins("佐藤 一郎", "", acme)  # the same name in one company, and nothing else
    searched()
    set_rules(merges_from=0.99, by=admin, now=AT)
    assert merge_automatically(now=AT) == []
    set_rules(merges_from=0.95, by=admin, now=AT)
    assert len(merge_automatically(now=AT)) == 1


def test_the_page_of_certain_groups_shows_them_and_merges_what_was_shown(
    client: Client, two_groups, marketer: User
) -> None:
    client.force_login(marketer)
    page = client.get(reverse("leads:certain_groups"))
    assert len(page.context["groups"]) == len(page.context["opened"]) == 2
    shown = [str(group.number) for group in page.context["groups"]]
    answer = client.post(reverse("leads:certain_groups"), {"group": shown[:1]}, follow=True).content.decode()
    assert "Merged 1 lead" in answer
    run = Merge.objects.get()
    undone = client.post(reverse("leads:merge_run", args=[run.pk]), follow=True).content.decode()
    assert "1 merge undone" in undone
    assert Lead.objects.present().count() == 5


def test_a_value_of_many_leads_may_count_all_the_same(client: Client, admin: User, db) -> None:
    for _ in range(21):
        LeadFactory(name="", email="", phone="0120-000-123")
    searched()
    value = CommonValue.objects.get()
    client.force_login(admin)
    assert "+81120000123" in client.get(reverse("leads:common_values")).content.decode()
    client.post(reverse("leads:value_counts", args=[value.pk]))
    searched()
    assert Duplicate.objects.count() == 21 * 20 // 2


def test_any_two_leads_have_a_page_that_says_why_or_why_not(client: Client, marketer: User, acme: Company) -> None:
    one, other = LeadFactory(name="佐藤 一郎", company=acme), LeadFactory(name="鈴木 花子", company=acme)
    client.force_login(marketer)
    page = client.get(reverse("leads:why_same", args=[one.pk, other.pk]))
    assert page.context["verdict"].finding == "related"
    assert "− Name differs" in page.content.decode()


def test_colleagues_are_remembered_like_two_people(client: Client, marketer: User, two_groups) -> None:
    client.force_login(marketer)
    group = [lead.pk for lead in two_groups[0]]
    client.post(reverse("leads:duplicate_group", args=[group[0]]), {"what": "related", "keep": group[0], "lead": group})
    pair = Duplicate.objects.get(first=group[0])
    assert (pair.state, pair.decided_by) == (DuplicateState.RELATED, marketer)
    Lead.objects.filter(pk=group[0]).update(name="佐藤　一郎")
    searched()
    assert Duplicate.objects.get(first=group[0]).state == DuplicateState.RELATED
