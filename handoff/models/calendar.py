from __future__ import annotations

import pghistory
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.user import check_timezone
from web.constraints import bounded_day

OFFICE_DAY = [["09:00", "18:00"]]


def office_week() -> list[list[list[str]]]:
    """Monday to Friday, 9 to 18: seven lists of [opens, closes], Monday first; a break is a gap between two."""
    return [OFFICE_DAY] * 5 + [[], []]


@pghistory.track()
class Calendar(models.Model):
    """When a team works. Public holidays come from the `holidays` library; `Closing` rows are the company's own."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    timezone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo", validators=[check_timezone])
    week = models.JSONField(_("working week"), default=office_week)
    holidays_country = models.CharField(
        _("public holidays"),
        max_length=2,
        blank=True,
        default="JP",
        help_text=_("Two-letter country code. Leave empty for none."),
    )
    holidays_region = models.CharField(_("holidays of the region"), max_length=40, blank=True, default="")
    is_default = models.BooleanField(_("for teams without their own"), default=False)

    class Meta:
        db_table = "handoff_calendar"
        ordering = ["name"]
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_calendar"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """A calendar as it once was, so that every due time ever can be counted again. It never changes."""

    calendar = models.ForeignKey(Calendar, null=True, on_delete=models.SET_NULL, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField(help_text="zone, week, country, subdivision and exceptions (handoff/calendars.py)")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "handoff_calendarversion"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_once")]


@pghistory.track()
class Closing(models.Model):
    """A day on which the company is closed, or (with `intervals`) works other hours."""

    calendar = models.ForeignKey(Calendar, on_delete=models.CASCADE, related_name="closings")
    day = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)
    intervals = models.JSONField(_("working hours"), default=list, blank=True)

    class Meta:
        db_table = "handoff_closing"
        verbose_name = _("day off")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "day"], name="one_closing_per_day"),
            bounded_day("day", name="closing_in_bounds"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


@pghistory.track()
class TeamCalendar(models.Model):
    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="team_calendar")
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="teams")

    class Meta:
        db_table = "handoff_teamcalendar"
        verbose_name = _("team’s calendar")
