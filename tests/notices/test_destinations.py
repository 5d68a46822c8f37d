"""What is told to destinations, and what becomes of it when receivers are slow, full, broken or gone."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import Team, User
from leads.actions.telling import tell_of_lead
from notices.actions import BACK_OFF, deliver_due, tell
from notices.actions.destinations import rotate_secret, save_destination, send_again, send_test, switch_destination
from notices.actions.outgoing import LEASE, PAUSES, claim_outgoing, deliver_outgoing, record_answer
from notices.enums import Channel
from notices.models import Delivery, Destination, Notice, OutboxMessage
from notices.models.destination import BREAK_AFTER
from notices.outgoing.composing import compose
from notices.outgoing.posting import Answer
from notices.outgoing.sealing import seal, unseal
from tests.conftest import NOW
from tests.factories import LeadFactory
from tests.notices.receivers import OK, Receiver, hang_up, receiver

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def allowed(settings: LazySettings) -> None:
    settings.OUTGOING_ALLOW = ["127.0.0.1"]


@pytest.fixture
def there() -> Iterator[Receiver]:
    with receiver() as one:
        yield one


def destination_to(url: str, by: User, **fields: Any) -> Destination:
    """A destination that wants hot leads, by web hook unless `kind` says otherwise."""
    made = Destination(kind=fields.pop("kind", "webhook"))
    values = {"name": f"hook {url}", "topics": ["hot"], "language": "en", "timezone": "Asia/Tokyo", **fields}
    save_destination(destination=made, by=by, now=NOW, address=url, **values)
    return made


def tell_hot(person: User, key: str = "hot:1", **rest: Any) -> None:
    params = {"lead": "Sato", "score": 82, "team": "Tokyo"}
    tell(people=[person], kind="handoff.hot", key=key, now=NOW, params=params, url="/leads/7/", **rest)


def outgoing() -> Any:
    return OutboxMessage.objects.filter(channel=Channel.OUTGOING).order_by("pk")


def events(there: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for _path, _headers, body in there.received]


# What is told


def test_a_destination_is_told_what_people_are_told_and_nothing_is_sent_yet(
    rep: User, other_rep: User, admin: User, there: Receiver
) -> None:
    destination_to(there.url, admin)
    tell(people=[rep, other_rep], kind="handoff.hot", key="k", now=NOW, params={"lead": "Sato"})
    assert outgoing().get().params == {"lead": "Sato", "people": "Ren Rep, Rika Rep"}
    assert there.received == []


def test_the_same_key_reaches_a_destination_once(rep: User, other_rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin)
    for person in (rep, other_rep, rep):
        tell_hot(person)
    assert (deliver_outgoing(now=NOW), deliver_outgoing(now=NOW)) == (1, 0)
    assert [event["type"] for event in events(there)] == ["handoff.hot"]


def test_only_chosen_notifications_go_to_a_destination(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin, topics=["overdue"])
    tell_hot(rep)
    tell(people=[rep], kind="handoff.breached.result", key="b", now=NOW)
    assert list(outgoing().values_list("kind", flat=True)) == ["handoff.breached.result"]


def test_what_concerns_one_person_goes_to_no_destination(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin, topics=["todos", "messages", "destinations"])
    tell(people=[rep], kind="handoff.todo_given", key="t", now=NOW)
    assert not outgoing().exists()


def test_what_nobody_is_told_no_destination_is_told(admin: User, there: Receiver) -> None:
    destination_to(there.url, admin)
    tell(people=[], kind="handoff.hot", key="k", now=NOW)
    assert not outgoing().exists()


def test_a_destination_of_a_team_is_told_what_its_members_are(
    rep: User, outsider: User, team: Team, admin: User, there: Receiver
) -> None:
    destination_to(there.url, admin, team=team)
    tell_hot(outsider, "a")
    assert not outgoing().exists()
    tell_hot(rep, "b")
    assert outgoing().count() == 1


def test_a_destination_that_is_off_is_told_nothing(rep: User, admin: User, there: Receiver) -> None:
    destination = destination_to(there.url, admin)
    tell_hot(rep, "a")
    switch_destination(destination=destination, on=False, by=admin, now=NOW)
    tell_hot(rep, "b")
    assert (outgoing().count(), deliver_outgoing(now=NOW), there.received) == (1, 0, [])


def test_contact_details_are_left_out_unless_the_destination_may_show_them(
    rep: User, admin: User, there: Receiver
) -> None:
    destination_to(there.url, admin, topics=["enquiries"], name="masked")
    destination_to(there.url, admin, topics=["enquiries"], name="open", shows_contact_data=True)
    lead = LeadFactory(name="", email="secret@example.net", external_id="", owner=rep, team=rep.team)
    text = "Call me at 03-1234-5678 or +81 (90) 1234 5678, me＠home.example, from 2026-11-22"
    tell_of_lead(
        lead=lead, people=[rep], kind="leads.enquiry", key="e", now=NOW, url="", params={"text": text, "by": "Aki"}
    )
    told = {message.destination.name: message.params for message in outgoing().select_related("destination")}
    assert told["open"]["lead"] == "secret@example.net"
    assert told["open"]["text"] == text
    assert told["masked"]["lead"] == f"#{lead.pk}"
    assert told["masked"]["text"] == "Call me at ••• or •••, •••, from 2026-11-22"
    assert {params["lead_id"] for params in told.values()} == {lead.pk}


def test_many_readers_are_told_the_owner_and_not_you(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin, kind="slack", timezone="Europe/Berlin")
    tell(people=[rep], kind="handoff.hot_yours", key="k", now=NOW, params={"lead": "Sato", "score": 82})
    deliver_outgoing(now=NOW)
    assert events(there)[0]["text"] == "Sato is hot (82 points). Owner: Ren Rep"


def test_a_destination_reads_its_own_language(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin, kind="slack", language="ja")
    tell_hot(rep)
    deliver_outgoing(now=NOW)
    assert events(there)[0]["text"] == "Satoさんがホットになりました（82点）"


# Secrets


def test_no_column_holds_a_secret_in_the_clear(admin: User) -> None:
    made = destination_to("http://127.0.0.1:1/T0/XYZ", admin, name="x", kind="chatwork", secret="token-12345")
    row = Destination.objects.filter(pk=made.pk).values().get()
    assert not any("XYZ" in str(value) or "token-12345" in str(value) for value in row.values())
    assert (row["host"], unseal(row["secret_sealed"])) == ("127.0.0.1", "token-12345")


def test_the_audit_log_says_that_a_secret_changed_and_not_what_it_is(admin: User) -> None:
    made = destination_to("http://127.0.0.1:1/XYZ", admin, kind="slack")
    save_destination(destination=made, by=admin, now=NOW + MINUTE, address="http://127.0.0.1:1/ABC", topics=["hot"])
    logged = list(made.history.order_by("pgh_id").values())
    assert [row["secrets_changed_at"] for row in logged] == [NOW, NOW + MINUTE]
    assert not {name for row in logged for name in row if "sealed" in name}


def test_what_was_sealed_with_a_former_key_of_the_installation_is_still_read(settings: LazySettings) -> None:
    sealed = seal("abc")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key " * 6
    assert unseal(sealed) == "abc"


def test_a_secret_that_cannot_be_read_any_more_fails_with_its_reason(
    rep: User, admin: User, there: Receiver, settings: LazySettings
) -> None:
    destination_to(there.url, admin)
    tell_hot(rep)
    settings.SECRET_KEY = "another key " * 6
    deliver_outgoing(now=NOW)
    assert (Delivery.objects.get().error, there.received) == ("sealed", [])


def test_for_a_day_both_the_old_and_the_new_secret_sign(rep: User, admin: User, there: Receiver) -> None:
    destination = destination_to(there.url, admin)
    rotate_secret(destination=destination, by=admin, now=NOW)
    tell_hot(rep)
    message = outgoing().select_related("destination").get()
    signatures = [
        len(compose(message, NOW + later).headers["webhook-signature"].split())
        for later in (timedelta(hours=23), timedelta(hours=25))
    ]
    assert signatures == [2, 1]


# What receivers do


def sent_keys(there: Receiver) -> list[str]:
    return [headers["webhook-id"] for _path, headers, _body in there.received]


def run(now: datetime) -> list[tuple[bool, int | None, str]]:
    """One round; the deliveries since ever, the oldest first."""
    deliver_outgoing(now=now)
    return list(Delivery.objects.exclude(destination=None).order_by("pk").values_list("ok", "status", "error"))


def test_a_failure_is_repeated_later_under_the_same_key(rep: User, admin: User) -> None:
    with receiver((500, {}, b"broken"), OK) as there:
        destination_to(there.url, admin)
        tell_hot(rep)
        assert run(NOW) == [(False, 500, "failed")]
        assert outgoing().get().next_at >= NOW + MINUTE * BACK_OFF[0]
        assert deliver_outgoing(now=NOW + timedelta(seconds=30)) == 0
        assert run(NOW + MINUTE * 2)[1:] == [(True, 200, "")]
    assert len(set(sent_keys(there))) == 1
    assert len(there.received) == 2
    assert Delivery.objects.order_by("pk")[0].answer == "broken"


def test_in_the_end_we_give_up_on_a_message(rep: User, admin: User) -> None:
    with receiver((500, {}, b"")) as there:
        destination_to(there.url, admin)
        tell_hot(rep)
        now = NOW
        for _ in range(len(BACK_OFF) + 3):
            deliver_outgoing(now=now)
            now += timedelta(days=1)
    assert outgoing().get().given_up_at is not None
    assert len(there.received) == len(BACK_OFF) + 1


def test_a_receiver_that_asks_to_wait_is_left_alone_for_as_long_and_has_not_failed(rep: User, admin: User) -> None:
    with receiver((429, {"Retry-After": "600"}, b""), OK) as there:
        destination = destination_to(there.url, admin)
        tell_hot(rep, "a")
        tell_hot(rep, "b")
        assert run(NOW) == [(False, 429, "too_many")]
        destination.refresh_from_db()
        assert destination.failures == 0
        assert destination.rests_until is not None
        assert timedelta(seconds=600) <= destination.rests_until - NOW < timedelta(seconds=605)
        assert deliver_outgoing(now=NOW + timedelta(seconds=590)) == 0
        assert deliver_outgoing(now=NOW + timedelta(seconds=610)) == 2
    assert len(there.received) == 3


def test_a_receiver_that_is_gone_is_turned_off_and_administrators_are_told(rep: User, admin: User) -> None:
    with receiver((410, {}, b"channel_is_archived")) as there:
        destination = destination_to(there.url, admin)
        tell_hot(rep, "a")
        tell_hot(rep, "b")
        assert run(NOW) == [(False, 410, "gone")]
    destination.refresh_from_db()
    assert (destination.is_active, destination.off_reason) == (False, "gone")
    assert not outgoing().filter(given_up_at=None).exists()
    deliver_due(now=NOW + MINUTE)
    assert Notice.objects.get(user=admin).kind == "notices.destination_off"


def test_after_some_failures_in_a_row_one_message_at_a_time_is_tried_until_one_arrives(rep: User, admin: User) -> None:
    failures = [(500, {}, b"")] * (BREAK_AFTER + 1)
    with receiver(*failures, OK) as there:
        destination = destination_to(there.url, admin)
        for number in range(BREAK_AFTER + 3):
            tell_hot(rep, f"hot:{number}")
        assert deliver_outgoing(now=NOW) == BREAK_AFTER
        destination.refresh_from_db()
        assert destination.is_broken
        assert destination.rests_until is not None
        assert destination.rests_until - NOW >= MINUTE * PAUSES[0]
        assert deliver_outgoing(now=NOW + timedelta(seconds=50)) == 0
        # One is tried, fails, and everything rests for longer; then one arrives and the others follow it.
        assert deliver_outgoing(now=NOW + timedelta(seconds=70)) == 1
        assert deliver_outgoing(now=NOW + timedelta(seconds=130)) == 0
        assert deliver_outgoing(now=NOW + MINUTE * 30) == BREAK_AFTER + 3
        destination.refresh_from_db()
        assert (destination.failures, destination.rests_until) == (0, None)
    deliver_due(now=NOW + MINUTE)
    assert Notice.objects.filter(user=admin, kind="notices.destination_failing").count() == 1


def test_a_slow_receiver_holds_up_no_other_and_no_person(rep: User, admin: User, there: Receiver) -> None:
    seen: list[int] = []

    def wait_for_the_others(handler: Any) -> None:
        for _ in range(300):
            if len(there.received) == 20:
                break
            time.sleep(0.02)
        seen.append(len(there.received))
        hang_up(handler)

    with receiver(before=wait_for_the_others) as slow:
        destination_to(slow.url, admin, name="slow")
        destination_to(there.url, admin, name="fast")
        for number in range(20):
            tell_hot(rep, f"hot:{number}")
        deliver_due(now=NOW)
        assert Notice.objects.filter(user=rep).count() == 20
        deliver_outgoing(now=NOW)
    assert seen[0] == 20


def test_receivers_that_hang_take_one_worker_at_most(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin, name="a")
    destination_to(there.url, admin, name="b")
    tell_hot(rep)
    assert claim_outgoing(now=NOW) is not None  # another process is at it
    assert (deliver_outgoing(now=NOW), there.received) == (0, [])


def test_what_a_killed_worker_was_sending_is_sent_later_under_the_same_key(
    rep: User, admin: User, there: Receiver
) -> None:
    destination_to(there.url, admin)
    tell_hot(rep)
    claimed = claim_outgoing(now=NOW)
    assert claimed is not None
    assert claim_outgoing(now=NOW + LEASE - timedelta(seconds=1)) is None
    assert deliver_outgoing(now=NOW + LEASE + timedelta(seconds=1)) == 1
    assert sent_keys(there) == [compose(claimed, NOW).headers["webhook-id"]]


def test_two_processes_never_send_to_one_destination_at_a_time(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin)
    tell_hot(rep, "a")
    tell_hot(rep, "b")
    assert [claim_outgoing(now=NOW) is None, claim_outgoing(now=NOW) is None] == [False, True]


@pytest.mark.parametrize(
    ("answer", "error"),
    [((302, {"Location": "http://127.0.0.1:1/"}, b""), "redirected"), ((400, {}, b"bad"), "refused")],
)
def test_neither_a_redirect_nor_a_refusal_is_a_delivery(rep: User, admin: User, answer: Any, error: str) -> None:
    with receiver(answer) as there:
        destination_to(there.url, admin)
        tell_hot(rep)
        assert run(NOW) == [(False, answer[0], error)]


def test_a_receiver_that_hangs_up_is_tried_again(rep: User, admin: User) -> None:
    with receiver(before=hang_up) as there:
        destination_to(there.url, admin)
        tell_hot(rep)
        assert run(NOW) == [(False, None, "broken_off")]
        there.before = None
        assert run(NOW + MINUTE * 2)[1:] == [(True, 200, "")]


def test_an_address_that_leads_inside_by_now_is_not_called(
    rep: User, admin: User, there: Receiver, settings: LazySettings
) -> None:
    destination_to(there.url, admin)
    tell_hot(rep)
    settings.OUTGOING_ALLOW = []
    assert run(NOW) == [(False, None, "internal")]
    assert there.received == []


def test_a_destination_that_is_deleted_while_we_send_stops_nothing(rep: User, admin: User, there: Receiver) -> None:
    doomed = destination_to("http://127.0.0.1:9/", admin, name="doomed")
    destination_to(there.url, admin, name="other")
    tell_hot(rep)
    with receiver(before=lambda handler: time.sleep(0.2)) as slow:
        save_destination(destination=doomed, by=admin, now=NOW, address=slow.url, topics=["hot"])
        claimed = claim_outgoing(now=NOW)
        assert claimed is not None
        doomed.delete()
        with pytest.raises(Destination.DoesNotExist):
            record_answer(message=claimed, answer=Answer(status=200), now=NOW)
    assert deliver_outgoing(now=NOW) == 1
    assert len(there.received) == 1


# By hand


def test_a_test_message_is_sent_at_once_and_never_repeated(admin: User) -> None:
    with receiver((404, {}, b"no_team")) as there:
        destination = destination_to(there.url, admin, kind="slack")
        delivery = send_test(destination=destination, by=admin, now=NOW)
        assert (delivery.ok, delivery.status, delivery.answer) == (False, 404, "no_team")
        deliver_outgoing(now=NOW + timedelta(days=1))
    assert len(there.received) == 1
    assert "Aki Admin is checking" in events(there)[0]["blocks"][1]["text"]["text"]


def test_a_test_message_that_arrives_closes_the_pause(admin: User, there: Receiver) -> None:
    destination = destination_to(there.url, admin)
    Destination.objects.update(failures=7, rests_until=NOW + timedelta(hours=1))
    send_test(destination=destination, by=admin, now=NOW)
    destination.refresh_from_db()
    assert (destination.failures, destination.rests_until, destination.last_ok_at) == (0, None, NOW)


def test_a_delivery_is_repeated_by_hand_under_the_same_key(rep: User, admin: User, there: Receiver) -> None:
    destination_to(there.url, admin)
    tell_hot(rep)
    deliver_outgoing(now=NOW)
    message = outgoing().get()
    assert [send_again(message=message, now=NOW), send_again(message=message, now=NOW)] == [True, False]
    deliver_outgoing(now=NOW)
    first, second = sent_keys(there)
    assert first == second
