from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import DuplicateState, Likeness, Sureness


class DuplicateMark(models.Model):
    """A lead that is new, or whose name, number, address or company changed: whether it is known is asked anew.

    Appended by triggers, removed by the search for duplicates.
    """

    lead_id = models.BigIntegerField()

    class Meta:
        db_table = "leads_duplicatemark"


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("state")),
    fields=["first", "second", "state"],
    model_name="DuplicateEvent",
)
class Duplicate(models.Model):
    """Two leads that may be one person, and what people decided about them. "Not the same" is kept for good."""

    first = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", verbose_name=_("lead"))
    second = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="+", verbose_name=_("other lead"))
    sureness = models.PositiveSmallIntegerField(choices=Sureness.choices)
    reasons = ArrayField(models.CharField(max_length=8, choices=Likeness.choices))
    evidence = ArrayField(models.TextField(), help_text="the values in common; a new one asks again after a no")
    # All that hang together, named by the lowest id among them, with the best sureness that one of their pairs has.
    group = models.BigIntegerField()
    group_sureness = models.PositiveSmallIntegerField(choices=Sureness.choices)
    state = models.CharField(
        _("decision"), max_length=9, choices=DuplicateState.choices, default=DuplicateState.OPEN, db_default="open"
    )
    found_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "leads_duplicate"
        ordering = ["group_sureness", "group", "pk"]
        verbose_name = _("duplicate")
        verbose_name_plural = _("duplicates")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="duplicate_names_the_lower_lead_first"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "group_sureness", "group"], name="duplicate_by_group"),
        ]
