from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from notices.access import visible_notices
from notices.enums import Way
from notices.kinds import codes_of_topic
from notices.mail_times import MailChoice
from notices.models import Delivery, Destination, MailPreference, Notice, OutboxMessage, TopicPreference
from web.filters import midnight
from web.paging import FIRST_PAGE, Cursor, Order, Page, page_of

PAGE = 30
MANY = 99
NEWEST = Order.by("-created_at")
LATEST = Order.by("-at")
TEST = "test"


def notices_of(user: User, *, unread: bool, cursor: Cursor = FIRST_PAGE) -> Page[Notice]:
    """A page of the notices, the newest first."""
    notices = visible_notices(user)
    return page_of(notices.filter(read_at=None) if unread else notices, NEWEST, cursor, PAGE)


def unread_count(user: User) -> int:
    """How many wait, up to one more than `MANY`: beyond that nobody counts."""
    return visible_notices(user).filter(read_at=None)[: MANY + 1].count()


def wants_mails(user: User) -> bool:
    """Mails come unless somebody turned them off."""
    return not MailPreference.objects.filter(user=user, mails=False).exists()


def mail_choices(people: Iterable[User], topic: str) -> dict[int, MailChoice]:
    """What each of these people chose about mails on a topic, by their keys: one question however many they are.

    Whoever chose anything for a topic has a row of preferences as well (`keep_preferences`).
    """
    people = list(people)
    chosen = TopicPreference.objects.filter(user=OuterRef("user"), topic=topic).values("way")
    rows = MailPreference.objects.filter(user__in=people).annotate(way=Coalesce(Subquery(chosen), Value(Way.MAIL)))
    kept = {
        row.user_id: {
            "way": row.way, "mails": row.mails, "quiet_from": row.quiet_from, "quiet_until": row.quiet_until,
            "digest_at": row.digest_at,
        }
        for row in rows
    }  # fmt: skip
    return {person.pk: MailChoice(zone=ZoneInfo(person.timezone), **kept.get(person.pk, {})) for person in people}


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries to destinations are wanted. Days are days of the reader's zone."""

    destination: int | None = None
    topic: str = ""
    result: str = ""
    since: date | None = None
    until: date | None = None


def deliveries(wanted: DeliveryFilter, cursor: Cursor = FIRST_PAGE) -> Page[Delivery]:
    """A page of the attempts to send to destinations, the latest first."""
    rows = Delivery.objects.filter(destination__isnull=False)
    if wanted.destination is not None:
        rows = rows.filter(destination=wanted.destination)
    if wanted.topic:
        codes = ["notices.test"] if wanted.topic == TEST else codes_of_topic(wanted.topic)
        rows = rows.filter(message__kind__in=codes)
    if wanted.result:
        rows = rows.filter(ok=wanted.result == "ok")
    if wanted.since is not None:
        rows = rows.filter(at__gte=midnight(wanted.since))
    if wanted.until is not None:
        rows = rows.filter(at__lt=midnight(wanted.until, 1))
    return page_of(rows.select_related("message", "destination"), LATEST, cursor, PAGE)


def waiting_messages(destination: Destination) -> QuerySet[OutboxMessage]:
    """What has not been sent to a destination and still will be."""
    return OutboxMessage.objects.filter(destination=destination, sent_at=None, given_up_at=None)
