"""What holds for every endpoint of the API: paging, fields, filters, ETags, Idempotency-Key, keys that are replaced."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import actions
from accounts.models import ApiAnswer, ApiKey, User
from frame.kept_answers import forget_answers
from leads.models import Company, Lead, StageChange
from tests.api_client import Send
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
LEADS = "/api/v1/leads"


@pytest.fixture(autouse=True)
def nothing_sent_yet() -> None:
    cache.clear()


# ---- lists ----


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["items"]]


def test_who_follows_the_cursor_sees_each_lead_once_whatever_is_added_meanwhile(send: Send) -> None:
    there = [str(LeadFactory().pk) for _n in range(5)]
    seen, cursor = [], ""
    while True:
        answer = send("get", f"{LEADS}?limit=2&fields=id{cursor}").json()
        seen += [row["id"] for row in answer["items"]]
        LeadFactory()
        if answer["next_cursor"] is None:
            break
        cursor = f"&cursor={answer['next_cursor']}"
    assert seen == there[::-1]


@pytest.mark.parametrize(
    ("query", "where", "code"),
    [
        ("owner__password__startswith=a", "owner__password__startswith", "unknown_parameter"),
        ("limt=5", "limt", "unknown_parameter"),
        ("limit=0", "limit", "number"),
        ("limit=-1", "limit", "number"),
        ("limit=²", "limit", "number"),
        ("limit=1e9", "limit", "number"),
        ("cursor=abc", "cursor", "cursor"),
        ("cursor=WyJsZWFkcy5sZWFkIC1jcmVhdGVkX2F0Il0:1t:x", "cursor", "cursor"),
        ("sort=password", "sort", "choice"),
        ("sort=name&sort=-name", "sort", "repeated"),
        ("fields=id,password", "fields", "unknown_field"),
        ("stage=unheard", "stage", "invalid"),
        ("created_from=yesterday", "created_from", "invalid"),
        ("created_from=0001-01-01", "created_from", "invalid"),
        ("company=9999999999999999999999", "company", "invalid"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused_with_the_name_of_its_parameter(
    send: Send, query: str, where: str, code: str
) -> None:
    LeadFactory()
    answer = send("get", f"{LEADS}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert [(row["where"], row["code"]) for row in answer.json()["problems"]] == [(where, code)]


def test_a_cursor_of_another_order_is_refused(send: Send) -> None:
    LeadFactory.create_batch(2)
    cursor = send("get", f"{LEADS}?limit=1").json()["next_cursor"]
    assert send("get", f"{LEADS}?limit=1&sort=name&cursor={cursor}").status_code == 400


def test_a_page_is_no_larger_than_a_page_may_be(send: Send) -> None:
    Lead.objects.bulk_create(Lead(name=f"L{n}") for n in range(203))
    assert len(ids(send("get", f"{LEADS}?limit=1000000000&fields=id"))) == 200


def test_only_the_fields_that_were_asked_for_and_the_id_are_answered(send: Send) -> None:
    lead = LeadFactory(stage="mql")
    assert send("get", f"{LEADS}?fields=stage").json()["items"] == [{"id": str(lead.pk), "stage": "mql"}]
    assert send("get", f"{LEADS}/{lead.pk}?fields=stage").json() == {"id": str(lead.pk), "stage": "mql"}


# ---- ETags ----


def test_nothing_is_sent_again_that_the_client_has(send: Send) -> None:
    path = f"{LEADS}/{LeadFactory().pk}"
    etag = send("get", path)["ETag"]
    again = send("get", path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
    assert send("get", f"{path}?fields=id")["ETag"] == etag
    send("patch", path, {"title": "CTO"})
    assert send("get", path, headers={"If-None-Match": etag}).status_code == 200


def test_a_change_of_what_somebody_else_has_changed_is_refused(send: Send) -> None:
    lead = LeadFactory(title="Rep")
    path = f"{LEADS}/{lead.pk}"
    etag = send("get", path)["ETag"]
    assert send("patch", path, {"title": "CTO"}, headers={"If-Match": etag}).status_code == 200
    refused = send("patch", path, {"title": "CEO"}, headers={"If-Match": etag})
    assert (refused.status_code, refused.json()["problems"][0]["where"]) == (412, "If-Match")
    lead.refresh_from_db()
    assert lead.title == "CTO"
    assert send("patch", path, {"title": "CEO"}, headers={"If-Match": send("get", path)["ETag"]}).status_code == 200


# ---- Idempotency-Key ----


def test_the_same_request_with_the_same_key_is_done_once_and_answered_alike(send: Send) -> None:
    headers = {"Idempotency-Key": "a-1"}
    first = send("put", "/api/v1/companies", {"name": "Works"}, headers=headers)
    again = send("put", "/api/v1/companies", {"name": "Works"}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert (first.get("Idempotent-Replayed"), again["Idempotent-Replayed"]) == (None, "true")
    assert Company.objects.count() == 1


@pytest.mark.parametrize("change", ["body", "address"])
def test_the_same_key_with_another_request_is_refused(send: Send, change: str) -> None:
    headers = {"Idempotency-Key": "a-1"}
    send("put", "/api/v1/companies", {"name": "Works"}, headers=headers)
    path = "/api/v1/companies" if change == "body" else LEADS
    refused = send("put", path, {"name": "Others", "email": "a@example.com"}, headers=headers)
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "key_reused")
    assert (Company.objects.count(), Lead.objects.count()) == (1, 0)


def test_what_was_refused_may_be_sent_again_with_its_key(send: Send) -> None:
    headers = {"Idempotency-Key": "a-1"}
    assert send("put", "/api/v1/companies", {"name": ""}, headers=headers).status_code == 400
    assert send("put", "/api/v1/companies", {"name": "Works"}, headers=headers).status_code == 201


@pytest.mark.parametrize("name", ["", "x" * 201, "ключ"])
def test_a_key_that_nobody_can_have_meant_is_refused(send: Send, name: str) -> None:
    answer = send("put", "/api/v1/companies", {"name": "Works"}, headers={"Idempotency-Key": name})
    assert (answer.status_code, Company.objects.count()) == (400, 0)


def test_keys_of_two_clients_have_nothing_to_do_with_each_other(send: Send, admin: User) -> None:
    send("put", "/api/v1/companies", {"name": "Works"}, headers={"Idempotency-Key": "a-1"})
    other = actions.make_key(by=admin, name="Other", scopes=["leads:write"], expires_at=None)[1]
    headers = {"Idempotency-Key": "a-1", "Authorization": f"Bearer {other}"}
    assert send("put", "/api/v1/companies", {"name": "Others"}, headers=headers).status_code == 201


def test_answers_are_kept_for_a_week(send: Send) -> None:
    send("put", "/api/v1/companies", {"name": "Works"}, headers={"Idempotency-Key": "a-1"})
    now = timezone.now()
    assert (forget_answers(now=now + timedelta(days=6)), forget_answers(now=now + timedelta(days=8))) == (0, 1)
    assert not ApiAnswer.objects.exists()


# ---- keys ----


def asks(secret: str) -> int:
    return Client().get(LEADS, headers={"Authorization": f"Bearer {secret}"}).status_code


def test_the_old_secret_works_for_as_long_as_it_was_given_and_the_new_one_at_once(admin: User) -> None:
    key, old = actions.make_key(by=admin, name="K", scopes=["leads:read"], expires_at=None)
    now = timezone.now()
    new = actions.rotate_key(by=admin, key=key, overlap=timedelta(days=1), now=now)
    assert (asks(old), asks(new)) == (200, 200)
    ApiKey.objects.update(old_until=now - timedelta(seconds=1))
    assert (asks(old), asks(new)) == (401, 200)
    actions.rotate_key(by=admin, key=key, overlap=timedelta(0), now=now)
    assert (asks(old), asks(new)) == (401, 401)


def test_a_revoked_key_gets_no_new_secret(admin: User) -> None:
    key, old = actions.make_key(by=admin, name="K", scopes=["leads:read"], expires_at=None)
    actions.revoke_key(by=admin, key=key, now=timezone.now())
    with pytest.raises(actions.ValidationError):
        actions.rotate_key(by=admin, key=key, overlap=timedelta(days=1), now=timezone.now())
    assert asks(old) == 401


def test_a_key_may_what_the_one_it_acts_as_may_now(admin: User, rep: User) -> None:
    secret = actions.make_key(by=admin, name="K", scopes=["leads:read"], expires_at=None, acts_as=rep)[1]
    own, _other = LeadFactory(owner=rep), LeadFactory()
    answer = Client().get(f"{LEADS}?fields=id", headers={"Authorization": f"Bearer {secret}"})
    assert ids(answer) == [str(own.pk)]
    User.objects.filter(pk=rep.pk).update(is_active=False)
    assert asks(secret) == 401


def test_what_a_key_changes_stands_under_the_name_of_its_person(send: Send, admin: User) -> None:
    send("put", LEADS, {"email": "taro@example.com"})
    assert StageChange.objects.get().by == admin
