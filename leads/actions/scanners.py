"""Programs that open every link of a mail before its reader sees it: found among fresh activities, and not counted.

Security gateways fetch the links of a message within moments of its delivery, many at once; people read first and click
one after the other. What is taken for a scanner stays visible, with its reason, and can be counted after all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from leads.enums import ExclusionReason
from leads.statements import EXCLUDE_SCANNERS, LOCK_SCANNED_LEADS

CLICK, OPEN = "email_click", "email_open"
# The property that names the mail, and the one that says when it was sent. Without a name all clicks of a lead are one
# mail's; without a time only the many links tell.
MAIL, SENT_AT = "mail", "sent_at"

# Twelve links within 1.5 s, 3 s after the mail was sent, are a scanner. Nobody opens ten different
# links in two seconds by hand.
BURST = timedelta(seconds=2)
LINKS = 10
# A person needs longer than ten seconds to receive, open and read a mail: three links at once by then are no person's.
SOON = timedelta(seconds=10)
LINKS_SOON = 3

# One click within five seconds of sending is a program's too: the mail has hardly arrived.
AT_ONCE = timedelta(seconds=5)
# Four links within 0.6 s are a program's at any time, also where nobody says when the mail was sent.
FLASH = timedelta(seconds=0.6)
LINKS_FLASH = 4
# Nor does anybody read a mail and open LINKS of its links, one after the other, in the minute after it was sent.
EARLY = timedelta(minutes=1)

# What the statement judges by.
JUDGED_BY: dict[str, Any] = {
    "bin": SOON,
    "burst": BURST,
    "soon": SOON,
    "at_once": AT_ONCE,
    "flash": FLASH,
    "early": EARLY,
    "links": LINKS,
    "links_flash": LINKS_FLASH,
    "links_soon": LINKS_SOON,
    "click": CLICK,
    "open": OPEN,
    "mail": MAIL,
    "sent": SENT_AT,
    "reason": ExclusionReason.SCANNER.value,
}

# Batches that tell of clicks at the same time must see each other: leads share this many locks.
LEAD_LOCKS = 256


@dataclass(frozen=True, kw_only=True)
class FreshMail:
    """A click or an opening that has just been stored."""

    lead_id: int
    occurred_at: datetime


def exclude_scanners(fresh: Sequence[FreshMail], *, now: datetime) -> int:
    """Exclude what a program clicked around these rows, also what came in earlier batches; returns how many.

    Runs in the transaction that stored them, which has marked their leads dirty: nobody is scored in between.
    """
    if not fresh:
        return 0
    leads, times = [row.lead_id for row in fresh], [row.occurred_at for row in fresh]
    around = EARLY + SOON
    found = {"leads": leads, "times": times, "first": min(times) - around, "last": max(times) + around, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SCANNED_LEADS, {"leads": leads, "locks": LEAD_LOCKS})
        cursor.execute(EXCLUDE_SCANNERS, JUDGED_BY | found)
        return int(cursor.rowcount)
