"""Going away with one press."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from handoff.actions.absences import save_absence
from handoff.actions.handing_over import hand_over
from handoff.models import Absence
from handoff.queries.belongings import Belongings, belongings_of


@transaction.atomic
def go_away(*, person: User, until: datetime, now: datetime, returns: bool, stand_in: User | None) -> int:
    """Be away from now on. Returns how many open leads went to the stand-in, or back to the team.

    Who is away already has that absence changed: there is one at a time.
    """
    running = Absence.objects.at(now).filter(person=person).order_by("pk").first()
    absence = running or Absence(person=person, starts_at=now)
    changes = {"ends_at": until, "returns_leads": returns, "returned_at": None}
    returned = save_absence(absence=absence, changes=changes, now=now)
    if stand_in is None:
        return returned
    what = Belongings(handoffs=belongings_of(person).handoffs, todos=(), leads=())
    return len(hand_over(person=person, what=what, to=stand_in, by=person, now=now).handoffs)
