"""Programs that open every link of a mail before its reader sees it: found among fresh activities, and not counted.

Security gateways fetch the links of a message within moments of its delivery, many at once; people read first and click
one after the other. What is taken for a scanner stays visible, with its reason, and can be counted after all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from leads.enums import ExclusionReason

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

# Batches that tell of clicks at the same time must see each other: leads share this many locks.
LEAD_LOCKS = 256
LOCK = """
SELECT pg_advisory_xact_lock(hashtext('leads_scanner'), slot)
FROM (SELECT DISTINCT (lead_id %% %(locks)s)::integer AS slot FROM unnest(%(leads)s::bigint[]) AS lead_id
      ORDER BY slot) AS slots
"""

# Only the seconds around fresh rows are read. A link counts where it was not clicked within the burst before, so that
# counting rows counts links (never too many). Times on the whole minute are left alone: files often know no seconds.
# What a person counted after all is not taken again.
FIND = """
WITH touched AS (
    SELECT DISTINCT lead_id, date_bin(%(bin)s, at, 'epoch') AS begun
    FROM unnest(%(leads)s::bigint[], %(times)s::timestamptz[]) AS fresh(lead_id, at)
), near AS (
    SELECT DISTINCT activity.id, activity.lead_id, activity.occurred_at, activity.is_excluded, activity.object,
           type.code = %(click)s AS is_click, coalesce(properties ->> %(mail)s, '') AS mail,
           CASE WHEN pg_input_is_valid(properties ->> %(sent)s, 'timestamptz')
                THEN (properties ->> %(sent)s)::timestamptz END AS sent_at
    FROM touched
    JOIN leads_activity AS activity ON activity.lead_id = touched.lead_id
         AND activity.occurred_at BETWEEN begun - 2 * %(burst)s::interval AND begun + %(bin)s + 2 * %(burst)s::interval
    JOIN leads_activitytype AS type ON type.id = activity.type_id
    WHERE type.code IN (%(click)s, %(open)s) AND activity.occurred_at BETWEEN %(first)s AND %(last)s
          AND date_trunc('minute', activity.occurred_at) <> activity.occurred_at
), linked AS (
    SELECT *, is_click AND coalesce(occurred_at - lag(occurred_at) OVER link > %(burst)s, true) AS is_link
    FROM near WINDOW link AS (PARTITION BY lead_id, mail, is_click, object ORDER BY occurred_at, id)
), counted AS (
    SELECT *, count(*) FILTER (WHERE is_link) OVER burst AS links,
           is_click AND coalesce(sent_at BETWEEN occurred_at - %(soon)s::interval AND occurred_at + %(soon)s, false)
               AS is_soon
    FROM linked
    WINDOW burst AS (PARTITION BY lead_id, mail ORDER BY occurred_at
                     RANGE BETWEEN CURRENT ROW AND %(burst)s::interval FOLLOWING)
), judged AS (
    SELECT *, bool_or(links >= %(links)s OR (is_soon AND links >= %(links_soon)s)) OVER before AS is_scanner
    FROM counted
    WINDOW before AS (PARTITION BY lead_id, mail ORDER BY occurred_at
                      RANGE BETWEEN %(burst)s::interval PRECEDING AND CURRENT ROW)
), scanned AS MATERIALIZED (
    SELECT id, lead_id, occurred_at FROM judged
    WHERE is_scanner AND NOT is_excluded AND NOT EXISTS (
        SELECT FROM leads_exclusion WHERE activity_id = judged.id AND lead_id = judged.lead_id
               AND occurred_at = judged.occurred_at)
), changed AS (
    UPDATE leads_activity AS activity SET is_excluded = true FROM scanned
    WHERE activity.id = scanned.id AND activity.occurred_at = scanned.occurred_at
          AND activity.occurred_at BETWEEN %(first)s AND %(last)s
)
INSERT INTO leads_exclusion (lead_id, activity_id, occurred_at, reason, at)
SELECT lead_id, id, occurred_at, %(reason)s, %(now)s FROM scanned
ON CONFLICT (activity_id) WHERE reverted_at IS NULL DO NOTHING
"""


@dataclass(frozen=True, kw_only=True)
class FreshMail:
    """A click or an opening that has just been stored."""

    lead_id: int
    occurred_at: datetime


def exclude_scanners(fresh: Sequence[FreshMail], *, now: datetime) -> int:
    """Exclude what belongs to a burst around these rows, also what came in earlier batches; returns how many.

    Runs in the transaction that stored them, which has marked their leads dirty: nobody is scored in between.
    """
    if not fresh:
        return 0
    times = [one.occurred_at for one in fresh]
    leads = [one.lead_id for one in fresh]
    with connection.cursor() as cursor:
        cursor.execute(LOCK, {"leads": leads, "locks": LEAD_LOCKS})
        cursor.execute(FIND, _parameters(leads, times, now))
        return int(cursor.rowcount)


def _parameters(leads: list[int], times: Collection[datetime], now: datetime) -> dict[str, Any]:
    around = 2 * BURST + SOON
    return {
        "leads": leads,
        "times": list(times),
        "first": min(times) - around,
        "last": max(times) + around,
        "bin": SOON,
        "burst": BURST,
        "soon": SOON,
        "links": LINKS,
        "links_soon": LINKS_SOON,
        "click": CLICK,
        "open": OPEN,
        "mail": MAIL,
        "sent": SENT_AT,
        "reason": ExclusionReason.SCANNER.value,
        "now": now,
    }
