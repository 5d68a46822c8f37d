from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from web.constraints import bounded_instant

LONGEST = timedelta(days=400)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def at(self, now: datetime) -> AbsenceQuerySet:
        return self.filter(starts_at__lte=now, ends_at__gt=now)


@pghistory.track()
class Absence(models.Model):
    """A time in which a person gets no new leads: days, half-days or hours. It ends by itself."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences", verbose_name=_("user")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=120, blank=True)
    returns_leads = models.BooleanField(
        _("return leads that no one has contacted yet to the team"),
        default=False,
        help_text=_("When the absence starts. Leads already contacted stay."),
    )
    returned_at = models.DateTimeField(null=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        db_table = "handoff_absence"
        ordering = ["starts_at", "pk"]
        verbose_name = _("absence")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_ends_after_it_starts"),
            bounded_instant("starts_at", name="absence_starts_in_bounds"),
            bounded_instant("ends_at", name="absence_ends_in_bounds"),
        ]
        indexes = [models.Index(fields=["person", "ends_at"], name="absence_by_person")]
