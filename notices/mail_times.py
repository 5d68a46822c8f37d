"""When a mail goes out: at once, at the end of quiet hours or with the day's digest, by the clock of its reader."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from notices.enums import Way


@dataclass(frozen=True, kw_only=True)
class MailChoice:
    """What a person chose about mails on one topic. Quiet hours are from a time of the day until another."""

    zone: ZoneInfo
    way: str = Way.MAIL
    mails: bool = True
    quiet_from: time | None = None
    quiet_until: time | None = None
    digest_at: time = time(8)


@dataclass(frozen=True, kw_only=True)
class MailTime:
    """When a mail goes out. Those of one person with the same `slot` go out as one."""

    at: datetime
    slot: datetime | None = None


def mail_time(choice: MailChoice, now: datetime, *, is_escalation: bool = False) -> MailTime | None:
    """None where no mail is wanted. An escalation passes quiet hours, but waits for a digest that was chosen for it."""
    if not choice.mails or choice.way == Way.BELL:
        return None
    if choice.way == Way.DIGEST:
        slot = next_at(choice.digest_at, choice.zone, now)
        return MailTime(at=slot, slot=slot)
    end = end_of_quiet(choice, now)
    if end is None or is_escalation:
        return MailTime(at=now)
    return MailTime(at=end, slot=end)


def end_of_quiet(choice: MailChoice, now: datetime) -> datetime | None:
    """When the quiet hours end that `now` lies in; None outside of them."""
    if choice.quiet_from is None or choice.quiet_until is None:
        return None
    is_quiet = lies_between(now.astimezone(choice.zone).time(), choice.quiet_from, choice.quiet_until)
    return next_at(choice.quiet_until, choice.zone, now) if is_quiet else None


def lies_between(clock: time, start: time, end: time) -> bool:
    """Whether a time of the day lies in hours that may go over midnight."""
    return start <= clock < end if start < end else clock >= start or clock < end


def next_at(clock: time, zone: ZoneInfo, after: datetime) -> datetime:
    """The next instant at which it is `clock` in `zone`; what summer time leaves out comes an hour later."""
    day = after.astimezone(zone).date()
    for later in range(3):
        at = datetime.combine(day + timedelta(days=later), clock, tzinfo=zone).astimezone(UTC)
        if at > after:
            return at
    raise AssertionError("a day is no longer than two")
