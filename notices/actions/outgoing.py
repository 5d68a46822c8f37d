"""Delivering to destinations, beside everything else: a receiver that is slow or away holds up nobody but itself."""

from __future__ import annotations

import logging
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.audience import administrators
from notices.actions.delivery import BACK_OFF
from notices.actions.telling import tell
from notices.enums import Channel
from notices.models import Delivery, Destination, OutboxMessage
from notices.models.destination import BREAK_AFTER
from notices.outgoing.composing import compose
from notices.outgoing.errors import OutgoingError
from notices.outgoing.posting import Answer, send_post

log = logging.getLogger(__name__)

AT_ONCE = 8  # destinations that are sent to at the same time
SECONDS = 10.0  # after which no further message is begun in one round
LEASE = timedelta(minutes=1)  # of a message and its destination: far longer than one POST may take
UNSAID_WAIT = timedelta(minutes=1)  # of a receiver that asks us to wait and does not say how long
PAUSES = (1, 2, 5, 15, 30, 60)  # minutes without sending, after BREAK_AFTER failures and each one more


def deliver_outgoing(*, now: datetime, seconds: float = SECONDS) -> int:
    """Send what is due to destinations, one message at a time to each. Returns how many messages were sent or failed.

    Only one process does so at a time, so that receivers which hang never take more than one of the workers; of two
    that begin in the same instant the messages are apart.
    """
    if Destination.objects.filter(busy_until__gt=now).exists():
        return 0
    started, count = time.monotonic(), 0
    running: dict[Future[Answer], OutboxMessage] = {}
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        while True:
            passed = time.monotonic() - started
            at = now + timedelta(seconds=passed)
            while passed < seconds and len(running) < AT_ONCE and (message := claim_outgoing(now=at)) is not None:
                running[pool.submit(answer_to, message, at)] = message
            if not running:
                return count
            done, _others = wait(running, return_when=FIRST_COMPLETED)
            at = now + timedelta(seconds=time.monotonic() - started)
            for future in done:
                with suppress(Destination.DoesNotExist):  # it was deleted while we sent
                    record_answer(message=running.pop(future), answer=future.result(), now=at)
                count += 1


def answer_to(message: OutboxMessage, now: datetime) -> Answer:
    """Send one message, whose destination was read with it; touches no database."""
    try:
        return send_post(compose(message, now), now=now)
    except OutgoingError as error:
        return Answer(code=error.code)
    except Exception:  # a message that cannot be written must not keep the others from being sent
        log.exception("outgoing_message_failed", extra={"message_id": message.pk})
        return Answer(code="unwritable")


@transaction.atomic
def claim_outgoing(*, now: datetime) -> OutboxMessage | None:
    """Take the message that is due first, of a destination that may be sent to and that nobody is sending to.

    As in `claim_due`, whoever dies while sending leaves it to be found again.
    """
    awake = Q(destination__rests_until=None) | Q(destination__rests_until__lte=now)
    free = Q(destination__busy_until=None) | Q(destination__busy_until__lte=now)
    due = OutboxMessage.objects.filter(
        awake, free, channel=Channel.OUTGOING, destination__is_active=True,
        sent_at=None, given_up_at=None, next_at__lte=now,
    ).order_by("next_at", "pk")  # fmt: skip
    locked = due.select_related("destination").select_for_update(skip_locked=True, of=("self", "destination"))
    message = locked.first()
    if message is not None:
        take(message, now)
    return message


def take(message: OutboxMessage, now: datetime) -> None:
    """Count an attempt, and let nobody else make one until it must be over."""
    message.next_at, message.attempts = now + LEASE, message.attempts + 1
    message.save(update_fields=["next_at", "attempts"])
    Destination.objects.filter(messages=message).update(busy_until=now + LEASE)


@transaction.atomic
def record_answer(*, message: OutboxMessage, answer: Answer, now: datetime) -> Delivery:
    """Keep what came of an attempt, and what it means for the message and for its destination."""
    destination = Destination.objects.select_for_update(no_key=True, of=("self",)).get(messages=message)
    destination.busy_until = None
    open_message = OutboxMessage.objects.filter(pk=message.pk, sent_at=None)
    if not answer.code:
        open_message.update(sent_at=now)
        destination.failures, destination.rests_until, destination.last_ok_at = 0, None, now
    else:
        _postpone(message, answer, now)
        _note_failure(destination, answer, now)
    destination.save(update_fields=["busy_until", "failures", "rests_until", "last_ok_at"])
    if answer.code == "gone":
        switch_off(destination=destination, reason="gone", now=now)
    return Delivery.objects.create(
        message=message, destination=destination, at=now, ok=not answer.code, error=answer.code,
        status=answer.status, took_ms=answer.took_ms, answer=answer.text,
    )  # fmt: skip


def _postpone(message: OutboxMessage, answer: Answer, now: datetime) -> None:
    """Try again later, as late as the receiver asks; in the end give up."""
    open_message = OutboxMessage.objects.filter(pk=message.pk, sent_at=None)
    if message.attempts > len(BACK_OFF):
        open_message.update(given_up_at=now)
        return
    later = timedelta(minutes=BACK_OFF[message.attempts - 1])
    open_message.update(next_at=now + (answer.wait or later))


def _note_failure(destination: Destination, answer: Answer, now: datetime) -> None:
    """Who asks us to wait has not failed. Whoever fails again and again is left alone for a while."""
    if answer.code == "too_many":
        destination.rests_until = now + (answer.wait or UNSAID_WAIT)
        return
    if answer.wait is not None:
        destination.rests_until = now + answer.wait
    destination.failures = min(destination.failures + 1, 1_000)
    if destination.failures >= BREAK_AFTER and answer.wait is None:
        minutes = PAUSES[min(destination.failures - BREAK_AFTER, len(PAUSES) - 1)]
        destination.rests_until = now + timedelta(minutes=minutes)
    if destination.failures == BREAK_AFTER:
        _tell_administrators(destination, "notices.destination_failing", now)


def switch_off(*, destination: Destination, reason: str, now: datetime) -> None:
    """Send nothing more because the receiver says so; what was waiting is given up. Administrators are told."""
    Destination.objects.filter(pk=destination.pk).update(is_active=False, off_reason=reason)
    give_up_waiting(destination=destination, now=now)
    _tell_administrators(destination, "notices.destination_off", now)


def give_up_waiting(*, destination: Destination, now: datetime) -> None:
    """Nobody wants to read tomorrow's flood of yesterday's news: messages do not wait for a destination that is off."""
    OutboxMessage.objects.filter(destination=destination, sent_at=None, given_up_at=None).update(given_up_at=now)


def _tell_administrators(destination: Destination, kind: str, now: datetime) -> None:
    tell(
        people=administrators(), kind=kind, key=f"{kind}:{destination.pk}:{now.isoformat()}", now=now,
        params={"name": destination.name}, url=reverse("notices:destination", args=[destination.pk]),
    )  # fmt: skip
