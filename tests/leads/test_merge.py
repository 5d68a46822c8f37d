"""Two leads become one and two again: what moves, what is filled, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leads.actions.decisions import add_note
from leads.actions.merge import merge_leads, undo_merge
from leads.errors import MergeRefusedError
from leads.models import Activity, DirtyMark, Lead, Merge, Note, StageChange, Visitor
from tests.factories import CompanyFactory, LeadFactory, activity


def objects_of(lead: Lead) -> list[str]:
    return list(Activity.objects.filter(lead=lead).order_by("occurred_at", "pk").values_list("object", flat=True))


def rows(*models: type) -> dict[str, list[dict]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.fixture
def pair(db, now) -> tuple[Lead, Lead]:
    """A lead that is kept and one that is merged; /both is the same fact, told to each."""
    kept, merged = LeadFactory(name="Hanako", phone=""), LeadFactory(name="花子", phone="03-1234")
    for lead, pages in ((kept, ["/a", "/both"]), (merged, ["/b", "/both", "/c"])):
        for page in pages:
            days = {"/a": 1, "/both": 2, "/b": 40, "/c": 400}[page]
            activity(lead, "page_view", now - timedelta(days=days), object=page)
    return kept, merged


def test_the_union_of_activities_counts_a_common_fact_once(pair, manager, now) -> None:
    kept, merged = pair
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    assert objects_of(kept) == ["/c", "/b", "/both", "/a"]
    assert (len(merge.activities), merge.shared) == (2, 1)
    merged.refresh_from_db()
    assert merged.merged_into == kept


def test_a_common_moment_with_another_page_is_another_fact(pair, manager, now) -> None:
    kept, merged = pair
    activity(merged, "page_view", now - timedelta(days=2), object="/other")
    activity(merged, "price_view", now - timedelta(days=2), object="/both")
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    assert (len(merge.activities), merge.shared) == (4, 1)


def test_undo_restores_both_exactly(pair, manager, now) -> None:
    kept, merged = pair
    Visitor.objects.create(key="v1", lead=merged)
    add_note(lead=merged, by=manager, text="likes blue", topic="general", now=now)
    tables = (Lead, Activity, Visitor, Note)
    before = rows(*tables)
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    assert set(Visitor.objects.values_list("lead", flat=True)) == {kept.pk}
    assert set(Note.objects.values_list("lead", flat=True)) == {kept.pk}
    undo_merge(merge=merge, by=manager, now=now + timedelta(hours=1))
    assert rows(*tables) == before
    merge.refresh_from_db()
    assert (merge.undone_by, merge.undone_at) == (manager, now + timedelta(hours=1))


def test_what_the_kept_lead_does_not_know_is_filled_and_emptied_again(manager, now, team) -> None:
    kept = LeadFactory(email="", phone="", custom={"plan": "", "size": "L"}, title_level=None, team=team)
    merged = LeadFactory(
        email="b@example.jp", phone="03", custom={"plan": "pro", "size": "S", "seats": 3}, title_level=3,
        planned_on="2027-01-01", consent=False, company=CompanyFactory(), external_id="crm-1", team=team, owner=manager,
    )  # fmt: skip
    before = rows(Lead)
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    kept.refresh_from_db()
    assert (kept.email, kept.phone, kept.title_level, kept.consent) == ("b@example.jp", "03", 3, False)
    assert (kept.custom, kept.external_id) == ({"plan": "pro", "size": "L", "seats": 3}, "crm-1")
    assert (kept.company_id, kept.owner, str(kept.planned_on)) == (merged.company_id, manager, "2027-01-01")
    undo_merge(merge=merge, by=manager, now=now)
    assert rows(Lead) == before


def test_what_somebody_corrected_since_stays(manager, now) -> None:
    kept = LeadFactory(phone="", custom={})
    merged = LeadFactory(phone="03", department="Sales", custom={"plan": "pro", "seats": 3})
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    Lead.objects.filter(pk=kept.pk).update(phone="04", custom={"plan": "free", "seats": 3, "more": 1})
    undo_merge(merge=merge, by=manager, now=now)
    kept.refresh_from_db()
    assert (kept.phone, kept.department, kept.custom) == ("04", "", {"plan": "free", "more": 1})


@pytest.mark.parametrize(
    ("kept", "merged", "after"),
    [
        ("inquiry", "opportunity", "opportunity"),
        ("sql", "mql", "sql"),
        ("nurture", "sql", "nurture"),
        ("sql", "disqualified", "sql"),
        ("disqualified", "customer", "customer"),
    ],
)
def test_the_person_stands_where_the_further_one_stood(manager, now, kept, merged, after) -> None:
    first, second = LeadFactory(stage=kept), LeadFactory(stage=merged)
    merge = merge_leads(kept=first, merged=second, by=manager, now=now)
    first.refresh_from_db()
    assert first.stage == after
    undo_merge(merge=merge, by=manager, now=now)
    first.refresh_from_db()
    assert first.stage == kept
    told = list(StageChange.objects.filter(lead=first).order_by("pk").values_list("before", "after", "reason", "by"))
    moved = [(kept, after, "merged", manager.pk), (after, kept, "merge_undone", manager.pk)]
    assert told == (moved if after != kept else [])


def test_what_happened_after_the_merge_stays_with_the_kept_lead(pair, manager, now) -> None:
    kept, merged = pair
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    activity(kept, "page_view", now - timedelta(days=40), object="/late", now=now)
    undo_merge(merge=merge, by=manager, now=now)
    assert objects_of(kept) == ["/late", "/both", "/a"]
    assert objects_of(merged) == ["/c", "/b", "/both"]


def test_both_are_scored_again_after_a_merge_and_after_undo(pair, manager, now) -> None:
    kept, merged = pair
    DirtyMark.objects.all().delete()
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    assert set(DirtyMark.objects.values_list("lead_id", flat=True)) == {kept.pk, merged.pk}
    DirtyMark.objects.all().delete()
    undo_merge(merge=merge, by=manager, now=now)
    assert set(DirtyMark.objects.values_list("lead_id", flat=True)) == {kept.pk, merged.pk}


def test_a_chain_is_taken_back_in_reverse_order_only(manager, now) -> None:
    first, second, third = LeadFactory(name="A"), LeadFactory(name="B"), LeadFactory(name="C")
    for lead in (first, second, third):
        activity(lead, "page_view", now - timedelta(days=1), object=f"/{lead.name}")
    before = rows(Lead, Activity)
    one = merge_leads(kept=second, merged=first, by=manager, now=now)
    two = merge_leads(kept=third, merged=second, by=manager, now=now)
    assert objects_of(third) == ["/A", "/B", "/C"]
    with pytest.raises(MergeRefusedError, match="Undo the later merge first: B into C"):
        undo_merge(merge=one, by=manager, now=now)
    undo_merge(merge=two, by=manager, now=now)
    undo_merge(merge=one, by=manager, now=now)
    assert rows(Lead, Activity) == before
    with pytest.raises(MergeRefusedError, match="already been undone"):
        undo_merge(merge=one, by=manager, now=now)


def test_two_merges_into_one_lead_are_taken_back_in_reverse_order_only(manager, now) -> None:
    first, second, kept = LeadFactory(), LeadFactory(), LeadFactory()
    one = merge_leads(kept=kept, merged=first, by=manager, now=now)
    merge_leads(kept=kept, merged=second, by=manager, now=now)
    with pytest.raises(MergeRefusedError, match="later merge"):
        undo_merge(merge=one, by=manager, now=now)
    assert Lead.objects.present().count() == 1


def test_what_cannot_be_merged_is_refused_and_nothing_changes(manager, now) -> None:
    kept, other = LeadFactory(name="Conditions met"), LeadFactory(name="Other")
    gone = LeadFactory(name="Gone", merged_into=other)
    lost = LeadFactory(name="Lost")
    Lead.objects.filter(pk=lost.pk).delete()
    before = rows(Lead)
    for one, two, words in [
        (kept, kept, "with itself"),
        (kept, gone, "Gone has already been merged into another lead"),
        (gone, kept, "Gone has already been merged into another lead"),
        (kept, lost, "Lost no longer exists"),
    ]:
        with pytest.raises(MergeRefusedError, match=words):
            merge_leads(kept=one, merged=two, by=manager, now=now)
    assert (rows(Lead), Merge.objects.count()) == (before, 0)


def test_undo_is_refused_while_another_lead_has_the_email(manager, now) -> None:
    kept, merged = LeadFactory(), LeadFactory(email="b@example.jp")
    merge = merge_leads(kept=kept, merged=merged, by=manager, now=now)
    other = LeadFactory(email="b@example.jp")
    with pytest.raises(MergeRefusedError, match=f"b@example.jp now belongs to lead #{other.pk}"):
        undo_merge(merge=merge, by=manager, now=now)
    merged.refresh_from_db()
    assert merged.merged_into == kept
