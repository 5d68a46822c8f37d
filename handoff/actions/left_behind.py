"""Leads that could be forgotten: the managers of their team are told of each once, and again if it comes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import translation

from handoff.audience import managers_or_admins
from handoff.enums import LeftBehind
from handoff.models import LeftBehindLead
from handoff.queries.left_behind import leads_left
from leads.actions.telling import tell_of_lead
from leads.models import Lead
from notices.actions import tell
from web import formats

PATIENCE = {
    LeftBehind.HOT: timedelta(hours=1),
    LeftBehind.NO_OWNER: timedelta(hours=1),
    LeftBehind.NO_NEXT: timedelta(days=1),
    LeftBehind.UNSEEN: timedelta(0),  # it is in the list from its third day on
}
SINGLE_NOTICES = 5  # more leads of a team at once are told in one sentence
BATCH = 2_000


@transaction.atomic
def alarm_left_behind(*, now: datetime) -> int:
    """Follow who is in which list, and tell the managers of each team who has been in one for too long.

    A lead in several lists is told of once, with all of them. Returns how many leads were told of.
    """
    for kind in LeftBehind:
        _follow(kind, now)
    due = Q(pk=None)
    for kind, patience in PATIENCE.items():
        due |= Q(kind=kind, since__lte=now - patience)
    rows = LeftBehindLead.objects.filter(due, told_at=None).select_for_update(of=("self",), skip_locked=True)
    by_lead: dict[Lead, list[LeftBehindLead]] = defaultdict(list)
    for row in rows.select_related("lead__team").order_by("lead", "pk"):
        by_lead[row.lead].append(row)
    by_team: dict[int, list[Lead]] = defaultdict(list)
    for lead in by_lead:
        by_team[lead.team_id or 0].append(lead)
    for team, leads in by_team.items():
        _tell_team(team, leads, by_lead, now)
    LeftBehindLead.objects.filter(pk__in=[row.pk for rows in by_lead.values() for row in rows]).update(told_at=now)
    return len(by_lead)


def _follow(kind: LeftBehind, now: datetime) -> None:
    """Keep the rows of a kind as its list is now."""
    left, known = leads_left(kind, now), LeftBehindLead.objects.filter(kind=kind)
    known.exclude(lead__in=left).delete()
    new = set(left) - set(known.values_list("lead", flat=True))
    rows = [LeftBehindLead(lead_id=lead, kind=kind, since=now) for lead in sorted(new)]
    LeftBehindLead.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def _tell_team(team: int, leads: Sequence[Lead], by_lead: dict[Lead, list[LeftBehindLead]], now: datetime) -> None:
    """One notice a lead, or a single one for more than SINGLE_NOTICES."""
    people = managers_or_admins(team)
    if len(leads) > SINGLE_NOTICES:
        rows = [row for lead in leads for row in by_lead[lead]]
        tell(
            people=people, kind="handoff.left_behind_many", key=f"left:{rows[0].pk}-{rows[-1].pk}", now=now,
            params={"count": len(leads), "team": str(leads[0].team or "–"), **_why(rows, counted=True)},
            url=f"{reverse('handoff:unattended')}?kind={rows[0].kind}",
        )  # fmt: skip
        return
    for lead in leads:
        rows = by_lead[lead]
        tell_of_lead(
            lead=lead, people=people, kind="handoff.left_behind", key=f"left:{rows[0].pk}:{now.isoformat()}", now=now,
            params={"team": str(lead.team or "–"), **_why(rows)}, url=lead.get_absolute_url(),
        )  # fmt: skip


def _why(rows: Sequence[LeftBehindLead], *, counted: bool = False) -> dict[str, str]:
    """In which lists they are, in both languages, with how many in each where they are many."""
    numbers = {kind: sum(row.kind == kind for row in rows) for kind in LeftBehind}
    words = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said = [
                f"{kind.label} ({formats.number(number)})" if counted else str(kind.label)
                for kind, number in numbers.items()
                if number
            ]
            words[f"why_{language}"] = formats.listed(said)
    return words
