"""Telling: outbox rows in the transaction of whoever has something to tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from notices.enums import Channel
from notices.kinds import kind_of
from notices.mail_times import MailTime, mail_time
from notices.models import Destination, OutboxMessage
from notices.queries import mail_choices

BOTH = (Channel.IN_APP, Channel.EMAIL)
NAMED = 3  # of the people who were told
EMAIL = re.compile(r"[^\s@＠<>()\[\],;:、。，；：「」（）]+[@＠][^\s@＠<>()\[\],;:、。，；：「」（）]+")
PHONE = re.compile(r"(?<![\w-])[+＋(（]?\d(?:[\s()（）.‐−–ー-]{0,2}\d){8,14}(?![\w-])")


def tell(
    *,
    people: Iterable[User],
    kind: str,
    key: str,
    now: datetime,
    params: Mapping[str, Any] | None = None,
    url: str = "",
    channels: Iterable[Channel] = BOTH,
    open_params: Mapping[str, Any] | None = None,
    masked_params: Mapping[str, Any] | None = None,
) -> None:
    """Write outbox rows in the caller's transaction. A `key` reaches a person once per channel.

    Destinations that want this kind are told as well, each once for a key: with `open_params` over `params` where it
    may show contact details, else with `masked_params` over them and without what looks like a way to reach somebody.
    """
    people, told = list(people), dict(params or {})
    _tell_people(people, kind, key, now, told, url, list(channels))
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=Channel.OUTGOING, destination=destination, kind=kind, url=url,
                params=params_for(destination, people, told, open_params or {}, masked_params or {}),
                dedupe_key=f"{key}:d{destination.pk}", created_at=now, next_at=now,
            )
            for destination in destinations_for(kind, people)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _tell_people(
    people: Sequence[User], kind: str, key: str, now: datetime, params: dict[str, Any], url: str,
    channels: Sequence[Channel],
) -> None:  # fmt: skip
    OutboxMessage.objects.bulk_create(
        [
            OutboxMessage(
                channel=channel, user=person, kind=kind, params=params, url=url,
                dedupe_key=f"{key}:{person.pk}", created_at=now, next_at=when.at, slot=when.slot,
            )
            for channel, person, when in _times(people, channels, kind, now)
        ],
        ignore_conflicts=True,
    )  # fmt: skip


def _times(
    people: Sequence[User], channels: Sequence[Channel], kind: str, now: datetime
) -> Iterator[tuple[Channel, User, MailTime]]:
    """By which channel each of these people is told when; nothing for mails that somebody does not want."""
    mails = mail_times(people, kind, now) if Channel.EMAIL in channels else {}
    for person in people:
        for channel in channels:
            when = mails[person.pk] if channel == Channel.EMAIL else MailTime(at=now)
            if when is not None:
                yield channel, person, when


def mail_times(people: Sequence[User], kind: str, now: datetime) -> dict[int, MailTime | None]:
    """When each of these people gets the mail, by their keys; None for those who want none."""
    topic = kind_of(kind).topic
    choices = mail_choices(people, topic.code)
    return {pk: mail_time(choice, now, is_escalation=topic.is_escalation) for pk, choice in choices.items()}


def destinations_for(kind: str, people: Sequence[User]) -> list[Destination]:
    """Those in use that want this kind; one of a team wants what somebody of the team is told."""
    topic = kind_of(kind).topic
    if topic.is_personal or not people:
        return []
    teams = {person.team_id for person in people} - {None}
    wanted = Q(team=None) | Q(team__in=teams)
    return list(Destination.objects.filter(wanted, is_active=True, topics__contains=[topic.code]))


def params_for(
    destination: Destination,
    people: Sequence[User],
    params: Mapping[str, Any],
    open_params: Mapping[str, Any],
    masked_params: Mapping[str, Any],
) -> dict[str, Any]:
    """What a destination is told, with the names of who else was."""
    names = [str(person) for person in people[:NAMED]]
    told = {**params, "people": ", ".join(names) + (" …" if len(people) > NAMED else "")}
    if destination.shows_contact_data:
        return {**told, **open_params}
    return {name: masked(name, value) for name, value in {**told, **masked_params}.items()}


def masked(name: str, value: Any) -> Any:
    """A value without addresses and telephone numbers in it."""
    if not isinstance(value, str) or name.endswith("_at"):
        return value
    return PHONE.sub("•••", EMAIL.sub("•••", value))
