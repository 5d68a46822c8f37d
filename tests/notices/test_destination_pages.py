"""The settings pages of destinations and their delivery log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from notices.actions import tell
from notices.actions.destinations import save_destination
from notices.actions.outgoing import deliver_outgoing
from notices.models import Delivery, Destination, OutboxMessage
from notices.outgoing import addresses
from notices.outgoing.sealing import unseal
from tests.clients import as_
from tests.conftest import NOW
from tests.notices.receivers import OK, receiver

pytestmark = pytest.mark.django_db
COMMON = {"name": "営業チャット", "topics": ["hot", "overdue"], "language": "ja", "timezone": "Asia/Tokyo"}
LIST, NEW = "/settings/destinations/", "/settings/destinations/new/"


@pytest.fixture
def client(admin: User) -> Client:
    return as_(admin)


@pytest.fixture(autouse=True)
def names_are_public(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    """Every name leads to a public server, which nothing here calls; this machine may be called."""
    monkeypatch.setattr(addresses, "look_up", lambda host, port: ["127.0.0.1" if host == "127.0.0.1" else "8.8.8.8"])
    settings.OUTGOING_ALLOW = ["127.0.0.1"]


def add(client: Client, kind: str, **fields: Any) -> Any:
    return client.post(f"{NEW}?kind={kind}", {**COMMON, **fields})


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def saved(**fields: Any) -> Destination:
    made = Destination(kind=fields.pop("kind", "slack"))
    save_destination(
        destination=made, by=User.objects.get(role="admin"), now=NOW,
        **{**COMMON, "address": "https://hooks.slack.com/services/T0/B0/XYZ", **fields},
    )  # fmt: skip
    return made


# Adding and changing


def test_an_empty_list_offers_to_add_one(client: Client) -> None:
    assert f'href="{NEW}"' in page(client, LIST)
    kinds = page(client, NEW)
    assert re.findall(r'href="\?kind=(\w+)"', kinds) == ["slack", "teams", "chatwork", "json", "webhook"]


def test_slack_is_added_by_the_address_of_its_web_hook_which_no_page_shows_again(client: Client, team: Team) -> None:
    answer = add(client, "slack", address="https://hooks.slack.com/services/T0/B0/XYZ", team=team.pk)
    made = Destination.objects.get()
    assert answer.headers["Location"] == reverse("notices:destination", args=[made.pk])
    assert (made.kind, made.host, made.topics, made.team) == ("slack", "hooks.slack.com", ["hot", "overdue"], team)
    assert unseal(made.address_sealed) == "https://hooks.slack.com/services/T0/B0/XYZ"
    for address in (LIST, answer.headers["Location"], "/settings/audit/"):
        assert "XYZ" not in page(client, address)


def test_chatwork_takes_a_room_and_a_token(client: Client) -> None:
    add(client, "chatwork", address="https://www.chatwork.com/#!rid123456", secret="token-12345")
    made = Destination.objects.get()
    assert unseal(made.address_sealed) == "https://api.chatwork.com/v2/rooms/123456/messages"
    assert unseal(made.secret_sealed) == "token-12345"
    assert "token-12345" not in page(client, reverse("notices:destination", args=[made.pk]))


def test_a_signed_web_hook_shows_its_secret_once(client: Client) -> None:
    shown = add(client, "webhook", address="https://hook.example/in").content.decode()
    (secret,) = set(re.findall(r"whsec_[A-Za-z0-9+/=]+", shown))
    made = Destination.objects.get()
    assert unseal(made.secret_sealed) == secret
    assert "whsec_" not in page(client, reverse("notices:destination", args=[made.pk]))


def test_a_new_secret_is_shown_once_and_the_old_one_stays_for_a_day(client: Client) -> None:
    add(client, "webhook", address="https://hook.example/in")
    made = Destination.objects.get()
    old = unseal(made.secret_sealed)
    shown = client.post(reverse("notices:destination_secret", args=[made.pk])).content.decode()
    made.refresh_from_db()
    assert unseal(made.secret_sealed) in shown
    assert unseal(made.old_secret_sealed) == old
    assert "The old secret is valid until" in page(client, reverse("notices:destination", args=[made.pk]))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "This field is required"),
        ("hooks.slack.com/x", "whole address"),
        ("http://hooks.slack.com/x", "Only https"),
        ("https://10.0.0.1/x", "internal network"),
        ("https://0x7f.1/x", "internal network"),
        ("https://me:pw@example.com/", "user name and password"),
    ],
)
def test_an_address_that_may_not_be_called_is_refused_with_the_reason_and_nothing_is_lost(
    client: Client, address: str, words: str
) -> None:
    answer = add(client, "slack", address=address)
    shown = answer.content.decode()
    assert (answer.status_code, Destination.objects.count()) == (422, 0)
    assert words in shown
    assert COMMON["name"] in shown
    assert re.search(r'value="overdue"[^>]*checked', shown)


@pytest.mark.parametrize(
    ("kind", "fields", "words"),
    [
        ("chatwork", {"address": "my room", "secret": "token-12345"}, "number of the room"),
        ("chatwork", {"address": "123", "secret": "tok\nen 1"}, "API token"),
        ("json", {"address": "https://a.example/", "template": "{line}"}, "JSON object"),
        ("json", {"address": "https://a.example/", "template": '{"a": "{password}"}'}, "{password}"),
        ("json", {"address": "https://a.example/", "template": '{"a": 1}', "secret": "日本"}, "Latin letters"),
        ("slack", {"address": "https://a.example/", "topics": []}, "This field is required"),
        ("slack", {"address": "https://a.example/", "topics": ["todos"]}, "Select a valid choice"),
        ("slack", {"address": "https://a.example/", "timezone": "Mars/Base"}, "Select a valid choice"),
    ],
)
def test_other_wrong_input_is_refused_at_its_field(client: Client, kind: str, fields: Any, words: str) -> None:
    answer = add(client, kind, **fields)
    assert (answer.status_code, Destination.objects.count()) == (422, 0)
    assert words in answer.content.decode()


def test_an_empty_address_keeps_the_stored_one(client: Client) -> None:
    made = saved()
    client.post(reverse("notices:destination", args=[made.pk]), {**COMMON, "name": "New name", "address": ""})
    made.refresh_from_db()
    assert made.name == "New name"
    assert unseal(made.address_sealed).endswith("XYZ")


def test_a_team_that_is_no_longer_active_stays_chosen(client: Client, team: Team) -> None:
    made = saved(team=team)
    Team.objects.update(is_active=False)
    url = reverse("notices:destination", args=[made.pk])
    assert f'<option value="{team.pk}" selected>' in page(client, url)
    client.post(url, {**COMMON, "address": "", "team": team.pk})
    assert Destination.objects.get().team == team


def test_two_destinations_have_two_names(client: Client) -> None:
    saved()
    answer = add(client, "slack", address="https://a.example/")
    assert (answer.status_code, Destination.objects.count()) == (422, 1)


def test_a_refused_change_changes_nothing_on_the_page_or_behind_it(client: Client) -> None:
    made = saved()
    answer = client.post(reverse("notices:destination", args=[made.pk]), {**COMMON, "name": "", "address": ""})
    assert (answer.status_code, Destination.objects.get().name) == (422, COMMON["name"])
    assert f"<title>{COMMON['name']}" in answer.content.decode()


# What one does with them


@pytest.mark.parametrize(
    ("answer", "words"),
    [((200, {}, b"ok"), ["accepted", "200"]), ((403, {}, b"invalid_token"), ["didn’t arrive", "403", "invalid_token"])],
)
def test_a_test_message_shows_what_the_receiver_answered(client: Client, answer: Any, words: list[str]) -> None:
    with receiver(answer) as there:
        made = saved(address=there.url)
        url = reverse("notices:destination_test", args=[made.pk])
        shown = page(client, client.post(url).headers["Location"])
    for word in words:
        assert word in shown
    assert Delivery.objects.filter(destination=made).count() == 1
    assert words[0] not in page(client, reverse("notices:destination", args=[made.pk]))


def test_the_answer_of_a_receiver_is_text_and_never_markup(client: Client) -> None:
    with receiver((500, {}, b"<script>alert(1)</script>")) as there:
        made = saved(address=there.url)
        shown = page(client, client.post(reverse("notices:destination_test", args=[made.pk])).headers["Location"])
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(1)" in shown


def test_a_destination_is_turned_off_and_on(client: Client) -> None:
    made = saved()
    url = reverse("notices:destination_switch", args=[made.pk])
    client.post(url)
    made.refresh_from_db()
    assert not made.is_active
    client.post(url)
    made.refresh_from_db()
    assert made.is_active


def test_why_a_destination_is_off_or_rests_is_said(client: Client) -> None:
    made = saved()
    Destination.objects.update(failures=7, rests_until=NOW + timedelta(days=30_000))
    assert "The last 7 attempts failed. Next attempt:" in page(client, LIST)
    Destination.objects.update(is_active=False, off_reason="gone")
    for address in (LIST, reverse("notices:destination", args=[made.pk])):
        assert "no longer exists" in page(client, address)


def test_deleting_says_what_goes_with_it(client: Client, rep: User) -> None:
    with receiver() as there:
        made = saved(address=there.url)
        tell(people=[rep], kind="handoff.hot", key="a", now=NOW)
        deliver_outgoing(now=NOW)
        tell(people=[rep], kind="handoff.hot", key="b", now=NOW)
    url = reverse("notices:destination_delete", args=[made.pk])
    asked = page(client, url)
    assert "1 delivery is removed" in asked
    assert "1 message that is waiting" in asked
    assert Destination.objects.count() == 1
    client.post(url)
    assert (Destination.objects.count(), OutboxMessage.objects.filter(user=None).count()) == (0, 0)


# The log


def tried(*, rep: User, answers: Any, keys: int) -> Destination:
    with receiver(*answers) as there:
        made = saved(address=there.url, topics=["hot", "overdue"])
        for number in range(keys):
            kind = "handoff.hot" if number % 2 else "handoff.breached.result"
            tell(people=[rep], kind=kind, key=f"k{number}", now=NOW, params={"lead": f"lead {number}"})
        deliver_outgoing(now=NOW)
    return made


def test_the_log_says_when_what_and_what_came_back(client: Client, rep: User) -> None:
    tried(rep=rep, answers=[(500, {}, b"try later"), OK], keys=2)
    shown = page(client, "/settings/deliveries/")
    for words in ("lead 0", "lead 1", "try later", "500", "200", "The receiver reported an error of its own.", " ms"):
        assert words in shown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("result=failed", [0]), ("result=ok", [1, 2]), ("topic=hot", [1]), ("topic=overdue", [0, 2]),
        ("topic=test", []), ("until=2026-11-21", []), ("since=2026-11-22&until=2026-11-22", [0, 1, 2]),
        ("since=2026-11-23", []), ("result=nonsense&destination=²", [0, 1, 2]),
    ],
)  # fmt: skip
def test_the_log_is_filtered(client: Client, rep: User, query: str, expected: list[int]) -> None:
    tried(rep=rep, answers=[(500, {}, b""), OK], keys=3)
    shown = page(client, f"/settings/deliveries/?{query}")
    assert [number for number in range(3) if f"lead {number}" in shown] == expected


def test_the_log_has_pages(client: Client, rep: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notices.queries.PAGE", 2)
    tried(rep=rep, answers=[OK], keys=5)
    seen, after = [], ""
    for _ in range(3):
        answer = client.get("/settings/deliveries/", {"after": after} if after else {})
        seen += [line["delivery"].pk for line in answer.context["lines"]]
        after = answer.context["page"].after
    assert (len(set(seen)), after) == (5, "")


def test_the_log_asks_as_many_questions_for_one_row_as_for_many(
    client: Client, rep: User, django_assert_num_queries: Any
) -> None:
    tried(rep=rep, answers=[OK], keys=1)
    with django_assert_num_queries(5) as first:
        client.get("/settings/deliveries/")
    tell(people=[rep], kind="handoff.hot", key="z", now=NOW)
    Delivery.objects.bulk_create(
        Delivery(message=OutboxMessage.objects.filter(user=None)[0], destination=Destination.objects.get(), ok=True)
        for _ in range(3)
    )
    with django_assert_num_queries(len(first)):
        client.get("/settings/deliveries/")


def test_a_delivery_is_repeated_by_a_press(client: Client, rep: User) -> None:
    tried(rep=rep, answers=[(500, {}, b"")], keys=1)
    delivery = Delivery.objects.exclude(destination=None).get()
    OutboxMessage.objects.filter(pk=delivery.message_id).update(given_up_at=NOW)
    url = reverse("notices:delivery_again", args=[delivery.pk])
    assert url in page(client, "/settings/deliveries/")
    client.post(url)
    message = OutboxMessage.objects.get(pk=delivery.message_id)
    assert (message.given_up_at, message.attempts) == (None, 0)
    assert url not in page(client, "/settings/deliveries/")


def test_nothing_is_repeated_to_a_destination_that_is_off(client: Client, rep: User) -> None:
    tried(rep=rep, answers=[OK], keys=1)
    Destination.objects.update(is_active=False)
    delivery = Delivery.objects.exclude(destination=None).get()
    client.post(reverse("notices:delivery_again", args=[delivery.pk]))
    assert OutboxMessage.objects.get(pk=delivery.message_id).sent_at is not None
