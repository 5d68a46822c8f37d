"""A browser says who it is (S69): in a batch of activities and beside a lead's fields."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from leads.actions.merge import merge_leads, undo_merge
from leads.models import Activity, Lead, Merge, Visitor
from tests.factories import LeadFactory

ACTIVITIES, LEADS = "/api/v1/activities", "/api/v1/leads"


@pytest.fixture
def tell(send) -> Callable[..., dict]:
    """Send activities, each a lead and a page, in one batch."""
    sent = iter(range(1000))

    def tell(*told: tuple[dict, str]) -> dict:
        rows = [
            {"key": f"k{next(sent)}", "lead": lead, "type": "page_view", "occurred_at": "2026-06-01T10:00:00Z", "object": page}  # noqa: E501
            for lead, page in told
        ]  # fmt: skip
        answer = send("post", ACTIVITIES, {"activities": rows})
        assert answer.status_code == 202, answer.json()
        return answer.json()

    return tell


def pages_of(lead: Lead) -> set[str]:
    return set(Activity.objects.filter(lead=lead).values_list("object", flat=True))


def test_a_known_contact_submits_a_form_from_a_new_browser_and_the_existing_lead_survives(tell) -> None:
    """A known contact submits a form from a new browser: the existing lead survives with its id."""
    known = LeadFactory(email="taro@example.co.jp")
    tell(({"anonymous_id": "v1"}, "/pricing"))
    tell(({"email": "taro@example.co.jp", "anonymous_id": "v1"}, "/form"))
    assert list(Lead.objects.present()) == [known]
    assert pages_of(known) == {"/pricing", "/form"}
    merge = Merge.objects.get()
    assert (merge.kept, merge.origin, merge.by) == (known, "identification", None)
    tell(({"anonymous_id": "v1"}, "/later"))
    assert pages_of(known) == {"/pricing", "/form", "/later"}


def test_an_anonymous_lead_gets_the_name_that_nobody_has_yet_and_keeps_its_id(tell) -> None:
    tell(({"anonymous_id": "v1"}, "/pricing"))
    anonymous = Lead.objects.get()
    tell(({"email": "new@example.com", "external_id": "crm-1", "anonymous_id": "v1"}, "/form"))
    lead = Lead.objects.get()
    assert (lead.pk, lead.email, lead.external_id, lead.is_anonymous) == (
        anonymous.pk, "new@example.com", "crm-1", False,
    )  # fmt: skip
    assert (pages_of(lead), Merge.objects.count()) == ({"/pricing", "/form"}, 0)


def test_everything_in_one_batch_ends_at_the_same_lead(tell) -> None:
    known = LeadFactory(email="taro@example.co.jp")
    tell(
        ({"anonymous_id": "v1"}, "/1"),
        ({"anonymous_id": "v2"}, "/2"),
        ({"email": "taro@example.co.jp", "anonymous_id": "v1"}, "/3"),
        ({"email": "taro@example.co.jp", "anonymous_id": "v2"}, "/4"),
        ({"anonymous_id": "v2"}, "/5"),
    )
    assert pages_of(known) == {"/1", "/2", "/3", "/4", "/5"}
    assert set(Visitor.objects.values_list("key", "lead")) == {("v1", known.pk), ("v2", known.pk)}


def test_two_anonymous_browsers_of_a_new_person_become_one_lead(tell) -> None:
    tell(({"anonymous_id": "v1"}, "/1"), ({"anonymous_id": "v2"}, "/1"), ({"anonymous_id": "v2"}, "/2"))
    first = Visitor.objects.get(key="v1").lead_id
    tell(
        ({"email": "new@example.com", "anonymous_id": "v1"}, "/3"),
        ({"email": "new@example.com", "anonymous_id": "v2"}, "/4"),
    )
    lead = Lead.objects.present().get()
    assert (lead.pk, lead.email, pages_of(lead)) == (first, "new@example.com", {"/1", "/2", "/3", "/4"})
    assert Merge.objects.get().shared == 1


def test_a_browser_that_belongs_to_somebody_is_never_given_to_another_lead(tell, send) -> None:
    tell(({"email": "taro@example.co.jp", "anonymous_id": "v1"}, "/1"))
    taro = Lead.objects.get()
    tell(({"email": "thief@example.com", "anonymous_id": "v1"}, "/2"), ({"anonymous_id": "v1"}, "/3"))
    send("put", LEADS, {"email": "other@example.com", "anonymous_id": "v1"})
    assert Visitor.objects.get().lead == taro
    assert pages_of(taro) == {"/1", "/3"}
    assert pages_of(Lead.objects.get(email="thief@example.com")) == {"/2"}
    assert Merge.objects.count() == 0


def test_of_two_names_in_one_batch_the_first_gets_the_browser(tell) -> None:
    tell(({"anonymous_id": "v1"}, "/1"))
    tell(
        ({"email": "first@example.com", "anonymous_id": "v1"}, "/2"),
        ({"email": "second@example.com", "anonymous_id": "v1"}, "/3"),
    )
    assert pages_of(Lead.objects.get(email="first@example.com")) == {"/1", "/2"}
    assert pages_of(Lead.objects.get(email="second@example.com")) == {"/3"}


def test_a_lead_that_is_put_with_its_browser_takes_the_visits_over(tell, send) -> None:
    tell(({"anonymous_id": "v1"}, "/1"), ({"anonymous_id": "v2"}, "/2"))
    assert send("put", LEADS, {"email": "new@example.com", "name": "New", "anonymous_id": "v1"}).status_code == 201
    assert send("put", LEADS, {"email": "new@example.com", "anonymous_id": "v2"}).status_code == 200
    lead = Lead.objects.present().get()
    assert (lead.name, pages_of(lead)) == ("New", {"/1", "/2"})


def test_a_browser_alone_cannot_be_put(send) -> None:
    answer = send("put", LEADS, {"anonymous_id": "v1", "name": "No owner"})
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (400, "required")
    assert Lead.objects.count() == 0


def test_the_name_of_a_merged_lead_means_the_lead_that_lives_on(tell, send, manager, now) -> None:
    first, second, third = (LeadFactory(email=f"{name}@example.com", external_id=name) for name in "abc")
    merge_leads(kept=second, merged=first, by=manager, now=now)
    last = merge_leads(kept=third, merged=second, by=manager, now=now)
    tell(({"email": "a@example.com"}, "/1"), ({"external_id": "b"}, "/2"), ({"email": "c@example.com"}, "/3"))
    assert pages_of(third) == {"/1", "/2", "/3"}
    answer = send("put", LEADS, {"email": "a@example.com", "phone": "03"})
    assert answer.json() == {"id": str(third.pk), "created": False, "changed": ["phone"]}
    undo_merge(merge=last, by=manager, now=now)
    tell(({"email": "a@example.com"}, "/4"))
    assert pages_of(second) == {"/4"}


def test_a_batch_of_known_browsers_costs_one_statement_more_whatever_its_size(
    tell, django_assert_max_num_queries
) -> None:
    people = [{"email": f"p{number}@example.com", "anonymous_id": f"v{number}"} for number in range(50)]
    tell(*[({"anonymous_id": one["anonymous_id"]}, "/1") for one in people])
    LeadFactory(email="p0@example.com")
    with django_assert_max_num_queries(52):  # one of them asks whom of them we must not know again
        tell(*[(one, "/2") for one in people])
    with django_assert_max_num_queries(20):
        tell(*[(one, "/3") for one in people])
    assert Lead.objects.present().count() == 50
