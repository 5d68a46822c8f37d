"""Going away at once: until when, and what becomes of the open leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from handoff.calendars import calendar_of_team, clock_of
from handoff.errors import NeverOpenError
from handoff.forms.over_limit import AsksOverLimit
from handoff.forms.steps import OwnerField, explained
from handoff.models.absence import LONGEST
from handoff.queries.availability import availability
from handoff.routing import WORKERS
from web import formats
from web.fields import BoundedDateTimeField

STAY, STAND_IN, TEAM = "stay", "stand_in", "team"
AFTERNOON = time(14)


@dataclass(frozen=True, kw_only=True)
class AwayEnd:
    """An end that is chosen with one press."""

    code: str
    label: str
    until: datetime


def away_ends(person: User, now: datetime) -> list[AwayEnd]:
    """14:00 while it lies ahead, and when the office opens on the next day."""
    clock = clock_of(calendar_of_team(person.team))
    today = timezone.localtime(now)
    afternoon = datetime.combine(today.date(), AFTERNOON, tzinfo=today.tzinfo)
    ends = [AwayEnd(code="afternoon", label=_until(afternoon, now), until=afternoon)] if now < afternoon else []
    midnight = datetime.combine(today.date() + timedelta(days=1), time.min, tzinfo=today.tzinfo)
    try:
        opens = clock.next_open(midnight)
    except NeverOpenError:
        return ends
    return [*ends, AwayEnd(code="tomorrow", label=_until(opens, now), until=opens)]


def _until(at: datetime, now: datetime) -> str:
    return _("Until %(time)s") % {"time": formats.moment(at, now)}


class AwayForm(AsksOverLimit):
    """`end` is the button that was pressed: one of the presets, or "" for the date that was typed."""

    leads = forms.ChoiceField(label=gettext_lazy("Open leads"), widget=forms.RadioSelect, initial=STAY)
    to = OwnerField(label=gettext_lazy("Stand-in"), queryset=User.objects.none(), required=False)
    until = BoundedDateTimeField(label=gettext_lazy("Or until"), required=False)

    def __init__(
        self, *args: Any, person: User, now: datetime, open_leads: int, untouched: int, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.now, self.open_leads, self.ends = now, open_leads, away_ends(person, now)
        words = {"n": formats.number(open_leads), "untouched": formats.number(untouched)}
        self.fields["leads"].choices = [  # type: ignore[attr-defined]
            (STAY, explained(_("Stay with you"), _("%(n)s open leads; their deadlines run on.") % words)),
            (STAND_IN, explained(_("Go to a stand-in"), _("%(n)s open leads, for good.") % words)),
            (TEAM, explained(
                _("Back to the team"), _("%(untouched)s leads no one has contacted yet; the others stay.") % words
            )),
        ]  # fmt: skip
        field = self.fields["to"]
        assert isinstance(field, OwnerField)
        colleagues = User.objects.filter(is_active=True, role__in=WORKERS, team_id=person.team_id or 0)
        field.queryset = colleagues.exclude(pk=person.pk)
        field.here = availability((), field.queryset, now)
        field.widget.attrs["data-only-for"] = STAND_IN

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        presets = {end.code: end.until for end in self.ends}
        until = presets.get(self.data.get("end", ""), cleaned.get("until"))
        if until is None and "until" not in self.errors:
            self.add_error("until", _("Choose until when you’re away."))
        elif until and not self.now < until <= self.now + LONGEST:
            self.add_error("until", _("Choose a time in the future, at most 400 days away."))
        cleaned["until"] = until
        if cleaned.get("leads") != STAND_IN:
            cleaned["to"] = None
        elif not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose who gets the leads."))
        else:
            self.check_limit(cleaned.get("to"), self.open_leads)
        return cleaned
