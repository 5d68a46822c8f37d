"""Leads that are one person are proposed, decided by people, and remembered: whole groups, set-based."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from leads.actions.duplicates import decide_duplicates, find_duplicates, merge_group, undo_group
from leads.actions.merge import merge_leads, undo_merge
from leads.enums import DuplicateState, Likeness, Sureness
from leads.errors import MergeRefusedError
from leads.models import CommonValue, Duplicate, DuplicateMark, Lead
from leads.queries.likenesses import COMMON
from tests.factories import CompanyFactory, LeadFactory

AT = datetime(2026, 11, 30, 1, tzinfo=UTC)
LIST = "leads:duplicates"


def proposed() -> set[frozenset[Lead]]:
    """What is open to decide after the search has looked at all that is new."""
    while find_duplicates(now=AT, limit=2):
        pass
    return {frozenset({pair.first, pair.second}) for pair in Duplicate.objects.filter(state=DuplicateState.OPEN)}


@pytest.fixture
def acme(db) -> list[Lead]:
    """One person in three spellings."""
    spellings = ("株式会社アクメ", "(株)アクメ", "アクメ")
    names = ("佐藤 一郎", "佐藤　一郎", "サトウ イチロウ")
    numbers = ("03-1234-5678", "03 1234 5678", "０３－１２３４－５６７８")
    return [
        LeadFactory(name=name, phone=number, email="", company=CompanyFactory(name=spelling))
        for spelling, name, number in zip(spellings, names, numbers, strict=True)
    ]


def address(group: Lead) -> str:
    return reverse("leads:duplicate_group", args=[group.pk])


def test_three_spellings_of_a_company_with_a_full_width_number_are_proposed_and_another_contact_is_not(acme) -> None:
    LeadFactory(name="鈴木 花子", phone="03-1234-9999", company=acme[0].company)
    first, second, third = acme
    assert proposed() == {frozenset({first, second}), frozenset({first, third}), frozenset({second, third})}
    assert set(Duplicate.objects.values_list("group", flat=True)) == {first.pk}


def test_colleagues_who_share_the_number_of_a_switchboard_are_two_people(db) -> None:
    company = CompanyFactory(name="Acme")
    for name in ("佐藤 一郎", "鈴木 花子", "高橋 次郎"):
        LeadFactory(name=name, phone="03-1234-5678", company=company)
    assert proposed() == set()


def test_the_reasons_say_what_two_leads_have_in_common(acme) -> None:
    proposed()
    first, second, third = acme
    pairs = {(pair.first, pair.second): (pair.sureness, pair.reasons) for pair in Duplicate.objects.all()}
    phone, name, company = Likeness.PHONE, Likeness.NAME, Likeness.COMPANY
    assert pairs == {
        (first, second): (Sureness.SURE, [phone, name, company]),
        (first, third): (Sureness.SURE, [phone, name, company]),
        (second, third): (Sureness.SURE, [phone, name, company]),
    }


def test_equal_names_at_different_companies_are_not_proposed(db) -> None:
    for name in ("Acme", "Tozai"):
        LeadFactory(name="佐藤 花子", phone="", email="", company=CompanyFactory(name=name))
    assert proposed() == set()


def test_a_number_that_very_many_have_tells_nobody_apart(db) -> None:
    for _ in range(COMMON + 1):
        LeadFactory(name="", phone="0120-000-000")
    assert proposed() == set()


def test_whoever_has_a_value_that_became_common_is_not_proposed_any_more_whoever_came_last(db) -> None:
    for _ in range(COMMON):
        LeadFactory(name="", email="", phone="0120-000-123")
    assert len(proposed()) == COMMON * (COMMON - 1) // 2
    last = LeadFactory(name="", email="", phone="0120-000-123")
    assert proposed() == set()
    assert [(value.kind, value.value) for value in CommonValue.objects.all()] == [("phone", "+81120000123")]
    last.delete()
    assert len(proposed()) == COMMON * (COMMON - 1) // 2
    assert CommonValue.objects.count() == 0


def test_the_order_in_which_leads_come_makes_no_difference(db) -> None:
    people = [
        {"name": "佐藤 一郎", "phone": "03-1234-5678"},
        {"name": "サトウ イチロウ", "phone": "+81-3-1234-5678", "email": "ichiro.sato@acme.example"},
        {"name": "Ichiro Sato", "phone": "", "email": "", "other_emails": ["ichiro.sato@acme.example"]},
        {"name": "佐藤 花子", "phone": "03-1234-5678", "email": ""},
    ]
    company, outcomes = CompanyFactory(name="株式会社アクメ"), []
    for order in (people, people[::-1], people[2:] + people[:2]):
        Lead.objects.all().delete()
        for values in order:
            LeadFactory(company=company, **{"email": "", **values})
            proposed()
        pairs = Duplicate.objects.select_related("first", "second")
        outcomes.append({(frozenset({pair.first.name, pair.second.name}), pair.finding) for pair in pairs})
    assert outcomes[0] == outcomes[1] == outcomes[2] != set()


def test_a_further_address_that_is_another_leads_own_is_a_duplicate(db) -> None:
    one = LeadFactory(name="Sato", phone="", other_emails=["s@home.example"])
    other = LeadFactory(name="Sato", phone="", email="s@home.example")
    assert proposed() == {frozenset({one, other})}


def test_a_correction_takes_the_proposal_away(acme) -> None:
    first, second, third = acme
    proposed()
    Lead.objects.filter(pk=third.pk).update(name="スズキ ハナコ", phone="03-5555-1234")
    assert proposed() == {frozenset({first, second})}
    assert DuplicateMark.objects.count() == 0


def test_two_people_are_not_proposed_again_unless_they_have_a_new_value_in_common(marketer: User, db) -> None:
    one, other = (LeadFactory(name="佐藤 花子", phone="03-1234-5678") for _ in range(2))
    proposed()
    decide_duplicates(leads=[one.pk, other.pk], state=DuplicateState.DIFFERENT, by=marketer, now=AT)
    Lead.objects.filter(pk=one.pk).update(kana="サトウ ハナコ")
    assert proposed() == set()
    Lead.objects.filter(pk__in=[one.pk, other.pk]).update(phone="03-1234-5678/090-1111-2222")
    assert proposed() == {frozenset({one, other})}


def test_a_group_becomes_one_lead_with_one_press_and_each_merge_can_be_undone(acme, marketer: User) -> None:
    proposed()
    first, second, third = acme
    merges = merge_group(kept=first, others=[second, third], by=marketer, now=AT)
    assert set(Lead.objects.present()) == {first}
    assert (proposed(), Duplicate.objects.count()) == (set(), 0)
    for merge in reversed(merges):
        undo_merge(merge=merge, by=marketer, now=AT)
    assert set(Lead.objects.present()) == set(acme)
    assert len(proposed()) == 3


def test_a_group_that_was_merged_at_once_is_taken_back_at_once(client: Client, acme, marketer: User) -> None:
    proposed()
    first, second, third = acme
    earlier = LeadFactory()
    merge_leads(kept=first, merged=earlier, by=marketer, now=AT - timedelta(days=1))
    merges = merge_group(kept=first, others=[second, third], by=marketer, now=AT)
    client.force_login(marketer)
    page = client.get(first.get_absolute_url()).content.decode()
    assert "Undo all 2 merges" in page
    client.post(reverse("leads:merge_undo_all", args=[merges[0].pk]))
    assert set(Lead.objects.present()) == set(acme)
    again = client.post(reverse("leads:merge_undo_all", args=[merges[0].pk]), follow=True).content.decode()
    assert "has already been undone" in again
    assert "Undo all" not in again  # what was merged by itself is taken back by itself
    assert "Undo merge" in again


def test_a_group_is_taken_back_whole_or_not_at_all(acme, marketer: User) -> None:
    proposed()
    first, second, third = acme
    merges = merge_group(kept=first, others=[second, third], by=marketer, now=AT)
    Lead.objects.filter(pk=second.pk).update(erased_at=AT)
    with pytest.raises(MergeRefusedError):
        undo_group(merge=merges[0], by=marketer, now=AT)
    assert set(Lead.objects.present()) == {first}


def test_the_list_shows_each_group_once_with_its_reasons_the_surest_first(client: Client, marketer, acme) -> None:
    for _ in range(2):
        LeadFactory(name="", phone="06-1111-2222")
    proposed()
    client.force_login(marketer)
    page = client.get(reverse(LIST))
    rows = page.context["page"].rows
    assert [(set(row.leads), row.sureness) for row in rows] == [
        (set(acme), Sureness.SURE),
        (set(Lead.objects.filter(phone="06-1111-2222")), Sureness.POSSIBLE),
    ]
    assert [number for _level, number, _href in page.context["shelves"]] == [1, 0, 1]
    assert '<b class="lq-count">2</b>' in page.content.decode()
    only = client.get(reverse(LIST), {"sureness": "3"}).context["page"].rows
    assert [row.sureness for row in only] == [Sureness.POSSIBLE]
    named = client.get(reverse(LIST), {"reason": ["name"]}).context["page"].rows
    assert [set(row.leads) for row in named] == [set(acme)]


def test_pages_follow_each_other_and_cost_the_same(client: Client, marketer: User, db) -> None:
    for number in range(30):
        for _ in range(2):
            LeadFactory(name="", phone=f"06-1111-{number:04}")
    while find_duplicates(now=AT):
        pass
    client.force_login(marketer)
    with CaptureQueriesContext(
        connection,
    ) as first:
        page = client.get(reverse(LIST)).context["page"]
    with CaptureQueriesContext(connection) as second:
        rest = client.get(reverse(LIST), {"after": page.after}).context["page"]
    numbers = [row.number for row in [*page.rows, *rest.rows]]
    assert (len(page.rows), len(rest.rows), len(set(numbers))) == (25, 5, 30)
    assert len(first) == len(second)


def test_the_page_of_a_group_compares_all_of_it_field_by_field(client: Client, marketer: User, acme) -> None:
    proposed()
    client.force_login(marketer)
    page = client.get(address(acme[0]))
    lines = {line.label: (line.values, line.after) for line in page.context["different"]}
    assert lines["name"] == (["佐藤 一郎", "佐藤　一郎", "サトウ イチロウ"], "佐藤 一郎")
    kept = client.get(address(acme[0]), {"keep": acme[2].pk, "out": acme[1].pk})
    assert ([one.pk for one in kept.context["leads"]], kept.context["out"]) == ([acme[2].pk, acme[0].pk], [acme[1]])


@pytest.mark.parametrize(
    ("what", "present", "state"),
    [("merge", 1, None), ("different", 3, DuplicateState.DIFFERENT), ("later", 3, DuplicateState.LATER)],
)
def test_a_decision_is_kept_and_leads_to_the_next_group(
    client: Client, marketer: User, acme, what: str, present: int, state: DuplicateState | None
) -> None:
    others = [LeadFactory(name="", phone="06-1111-2222") for _ in range(2)]
    proposed()
    client.force_login(marketer)
    answer = client.post(address(acme[0]), {"what": what, "keep": acme[0].pk, "lead": [lead.pk for lead in acme]})
    assert answer.headers["Location"].startswith(address(others[0]))
    assert Lead.objects.present().filter(pk__in=[lead.pk for lead in acme]).count() == present
    decided = Duplicate.objects.exclude(first__in=others)
    assert {(pair.state, pair.decided_by) for pair in decided} == ({(state, marketer)} if state else set())


def test_on_a_phone_each_value_of_a_group_names_its_lead(client: Client, marketer: User, acme) -> None:
    proposed()
    client.force_login(marketer)
    page = client.get(address(acme[0])).content.decode()
    assert all(f'data-label="#{lead.pk}"' in page for lead in acme)
    assert 'data-label="#1"' not in page or any(lead.pk == 1 for lead in acme)


def test_a_lead_that_was_taken_out_stays_a_lead(client: Client, marketer: User, acme) -> None:
    proposed()
    client.force_login(marketer)
    client.post(address(acme[0]), {"what": "merge", "keep": acme[0].pk, "lead": [acme[0].pk, acme[1].pk]})
    assert set(Lead.objects.present()) == {acme[0], acme[2]}
    assert proposed() == {frozenset({acme[0], acme[2]})}


def test_not_the_same_can_be_taken_back(client: Client, marketer: User, acme) -> None:
    proposed()
    client.force_login(marketer)
    decide_duplicates(leads=[lead.pk for lead in acme], state=DuplicateState.DIFFERENT, by=marketer, now=AT)
    rows = client.get(reverse(LIST), {"state": "different"}).context["page"].rows
    assert len(rows) == 3
    client.post(reverse("leads:duplicate_reopen", args=[rows[0].number]))
    assert Duplicate.objects.filter(state=DuplicateState.OPEN).count() == 1


def test_a_manager_decides_only_about_leads_that_they_see(client: Client, manager: User, acme, team) -> None:
    Lead.objects.filter(pk__in=[acme[0].pk, acme[1].pk]).update(team=team)
    proposed()
    client.force_login(manager)
    (row,) = client.get(reverse(LIST)).context["page"].rows
    assert set(row.leads) == {acme[0], acme[1]}
    answer = client.post(address(acme[0]), {"what": "merge", "keep": acme[0].pk, "lead": [one.pk for one in acme]})
    assert (answer.status_code, Lead.objects.present().count()) == (422, 3)


def test_nothing_to_decide_says_what_is_compared(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    page = client.get(reverse(LIST)).content.decode()
    assert "No duplicates" in page
    assert 'class="lq-count"' not in page


def test_a_group_that_was_decided_meanwhile_leads_back_to_the_list(client: Client, marketer: User, acme) -> None:
    client.force_login(marketer)
    answer = client.post(address(acme[0]), {"what": "merge"}, follow=True)
    assert answer.redirect_chain == [(reverse(LIST) + "?", 302)]
    assert answer.status_code == 200
