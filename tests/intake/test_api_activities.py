from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import ApiKey
from leads.models import Activity, Lead, Visitor
from tests.factories import LeadFactory

URL = "/api/v1/activities"


def told(key: str = "k1", **changes):
    return {
        "key": key,
        "lead": {"email": "taro@example.co.jp"},
        "type": "page_view",
        "occurred_at": "2026-06-01T10:00:00+09:00",
        "object": "/pricing",
        "properties": {"device": "phone"},
    } | changes


def test_an_activity_is_stored_with_what_was_told(send, api_key):
    answer = send("post", URL, told())
    assert (answer.status_code, answer.json()) == (
        202,
        {"accepted": 1, "duplicates": 0, "conflicts": [], "kept_back": 0, "incomplete": [], "rejected": []},
    )
    stored = Activity.objects.select_related("lead", "type").get()
    assert stored.lead.email == "taro@example.co.jp"
    assert (stored.type.code, stored.object, stored.properties) == ("page_view", "/pricing", {"device": "phone"})
    assert stored.occurred_at == datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
    assert stored.source == f"api:{api_key[0].pk}"


def test_the_same_key_again_is_a_duplicate_and_the_first_content_wins(send):
    send("post", URL, told())
    answer = send("post", URL, {"activities": [told(object="/other"), told("k2"), told("k2", object="/third")]})
    assert answer.json() == {
        "accepted": 1,
        "duplicates": 2,
        "conflicts": [0, 2],
        "kept_back": 0,
        "incomplete": [],
        "rejected": [],
    }
    assert sorted(Activity.objects.values_list("object", flat=True)) == ["/pricing", "/pricing"]


def test_unknown_leads_are_added_once_and_known_ones_found_by_any_of_their_names(send):
    known = LeadFactory(email="known@example.com", external_id="crm-7")
    leads = [
        {"email": "KNOWN@example.com"},
        {"external_id": "crm-7"},
        {"email": "new@example.com"},
        {"email": "new@example.com", "external_id": "crm-8"},
        {"external_id": "crm-8"},
        {"anonymous_id": "browser-1"},
        {"anonymous_id": "browser-1"},
    ]
    rows = [told(f"k{place}", lead=lead) for place, lead in enumerate(leads)]
    assert send("post", URL, {"activities": rows}).json()["accepted"] == 7
    new = Lead.objects.get(email="new@example.com")
    visitor = Visitor.objects.get()
    assert new.external_id == "crm-8"
    assert visitor.lead.is_anonymous
    owners = Activity.objects.order_by("id").values_list("lead_id", flat=True)
    assert sorted(owners) == sorted([known.pk] * 2 + [new.pk] * 3 + [visitor.lead_id] * 2)
    assert Lead.objects.count() == 3


def test_good_ones_are_stored_and_bad_ones_come_back_with_their_paths(send):
    rows = [
        told("k1"),
        told("k2", type="telepathy", occurred_at="yesterday"),
        told("", lead={}),
        "nothing",
        told("k5", occurred_at="2026-06-01T10:00:00"),
        told("k6", occured_at="2026-06-01T10:00:00Z"),
        told("k7", lead={"email": "not an address"}),
    ]
    answer = send("post", URL, {"activities": rows})
    body = answer.json()
    assert (answer.status_code, body["accepted"], body["duplicates"]) == (202, 1, 0)
    found = {row["index"]: sorted((one["where"], one["code"]) for one in row["problems"]) for row in body["rejected"]}
    assert found == {
        1: [("activities[1].occurred_at", "time"), ("activities[1].type", "unknown_type")],
        2: [("activities[2].key", "required"), ("activities[2].lead", "required")],
        3: [("activities[3]", "shape")],
        4: [("activities[4].occurred_at", "time")],
        5: [("activities[5].occured_at", "unknown_field")],
        6: [("activities[6].lead.email", "email")],
    }


@pytest.mark.parametrize(
    ("time", "code"),
    [
        ("1999-12-31T23:59:59Z", "out_of_bounds"),
        ("1970-01-01T00:00:00Z", "out_of_bounds"),
        ("2100-01-01T00:00:00Z", "in_future"),
        ("0001-01-01T00:00:00+23:59", "out_of_bounds"),
        ("9999-12-31T23:59:59-23:59", "out_of_bounds"),
        ("2026-06-01T10:00:00", "time"),
        (1780000000, "time"),
        ({}, "time"),
        ("", "required"),
    ],
)
def test_impossible_times_are_refused_and_nothing_is_stored(send, time, code):
    answer = send("post", URL, told(occurred_at=time))
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [(one["where"], one["code"]) for one in answer.json()["problems"]] == [("occurred_at", code)]
    assert (Activity.objects.count(), Lead.objects.count()) == (0, 0)


def test_a_clock_that_is_a_little_fast_is_believed(send):
    soon = timezone.now() + timedelta(minutes=4)
    assert send("post", URL, told(occurred_at=soon.isoformat())).json()["accepted"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b"null", 400),
        (b"{", 400),
        (b'{"activities": []}', 400),
        (b'{"activities": {}}', 400),
        (b'{"key": NaN}', 400),
        (b'{"key": Infinity}', 400),
        (b'{"properties": {"a": 1e400}}', 400),
        (b'{"key": "a", "key": "b"}', 400),
        (b'{"key": "a\\u0000b"}', 400),
        (b'{"key": "\\ud800"}', 400),
        (b'{"\\udfff": 1}', 400),
        (b"\xff\xfe", 400),
        (b'{"key": ' + b"9" * 6000 + b"}", 400),
        (b"[" * 100_000 + b"]" * 100_000, 400),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
        (b'"' + b"x" * (10 * 1024 * 1024) + b'"', 413),
    ],
)
def test_a_body_that_is_not_ours_is_refused_and_nothing_is_stored(send, body, status):
    answer = send("post", URL, body)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert (Activity.objects.count(), Lead.objects.count()) == (0, 0)


def test_at_most_a_thousand_at_once(send):
    answer = send("post", URL, {"activities": [told(f"k{place}") for place in range(1001)]})
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (400, "too_many")
    assert Activity.objects.count() == 0


def test_a_score_in_the_payload_is_ignored_and_logged(send, caplog):
    with caplog.at_level("WARNING", logger="intake.payloads"):
        assert send("post", URL, told(score=999)).json()["accepted"] == 1
    assert [record.message for record in caplog.records if record.name == "intake.payloads"] == ["ignored_field"]
    assert "999" not in json.dumps(Activity.objects.get().properties)


def test_strange_text_is_stored_as_text(send):
    strange = "🙂 \u202e右から <script>alert(1)</script> =cmd()"
    send("post", URL, told(object=strange, properties={"note": strange}))
    stored = Activity.objects.get()
    assert (stored.object, stored.properties) == (strange, {"note": strange})


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer lq_wrong", "Basic dGVzdDp0ZXN0", "Bearer \xff"])
def test_without_a_key_nothing_is_stored(db, authorization):
    answer = Client().post(URL, told(), content_type="application/json", headers={"Authorization": authorization})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("change", [{"expires_at": 0}, {"revoked_at": 0}, {"scopes": ["leads:write"]}])
def test_a_key_that_expired_was_revoked_or_lacks_the_scope_opens_nothing(send, api_key, change):
    now = timezone.now()
    ApiKey.objects.update(**{name: value or now - timedelta(seconds=1) for name, value in change.items()})
    assert send("post", URL, told()).status_code == (403 if "scopes" in change else 401)
    assert Activity.objects.count() == 0


def test_last_use_is_written_at_most_once_a_minute(send, api_key):
    send("post", URL, told())
    first = ApiKey.objects.get().last_used_at
    assert first is not None
    send("post", URL, told("k2"))
    assert ApiKey.objects.get().last_used_at == first
    ApiKey.objects.update(last_used_at=first - timedelta(minutes=2))
    send("post", URL, told("k3"))
    assert ApiKey.objects.get().last_used_at > first


def test_another_method_is_refused(send):
    assert send("get", URL).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_the_same_activity_posted_10_times_in_parallel_is_stored_once(api_key):
    answers = []

    def post() -> None:
        try:
            headers = {"Authorization": f"Bearer {api_key[1]}"}
            answers.append(Client().post(URL, told(), content_type="application/json", headers=headers).json())
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((one["accepted"], one["duplicates"]) for one in answers) == [(0, 1)] * 9 + [(1, 0)]
    assert (Activity.objects.count(), Lead.objects.count()) == (1, 1)


def test_properties_have_a_size_and_the_list_of_problems_an_end(send):
    large = send("post", URL, told(properties={"text": "あ" * 30_000}))
    assert (large.status_code, large.json()["problems"][0]["code"]) == (400, "too_large")
    many = send("post", URL, told(**{f"unknown_{number}": 1 for number in range(400)})).json()
    assert (len(many["problems"]), many["problem_count"]) == (100, 400)


def test_a_key_sent_again_for_somebody_else_is_told_as_a_conflict_and_adds_no_lead(send):
    send("post", URL, told())
    again = send("post", URL, told())
    assert again.json() == {
        "accepted": 0,
        "duplicates": 1,
        "conflicts": [],
        "kept_back": 0,
        "incomplete": [],
        "rejected": [],
    }
    other = send("post", URL, told(lead={"email": "other@example.co.jp"}))
    assert other.json() == {
        "accepted": 0,
        "duplicates": 1,
        "conflicts": [0],
        "kept_back": 0,
        "incomplete": [],
        "rejected": [],
    }
    assert list(Lead.objects.values_list("email", flat=True)) == ["taro@example.co.jp"]


def test_an_enquiry_that_was_read_is_no_conflict_when_it_comes_again(send):
    enquiry = told(type="form_submit", properties={"message": "30名で見積もりをお願いします。"})
    answers = [send("post", URL, enquiry).json() for _time in range(2)]
    assert [answer["conflicts"] for answer in answers] == [[], []]
