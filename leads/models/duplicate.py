from __future__ import annotations

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.enums import CommonKind, DuplicateState, Finding, Likeness, Sureness


class DuplicateMark(models.Model):
    """A lead that is new, or whose name, number, address or company changed: whether it is known is asked anew.

    Appended by triggers, removed by the search for duplicates.
    """

    lead_id = models.BigIntegerField()

    class Meta:
        db_table = "leads_duplicatemark"


class IdentityKey(models.Model):
    """By which values leads are looked up who may be one person: a digest of each, so that a row holds no value.

    Written by the search for duplicates, `leads.identity.people.keys_of` says of what.
    """

    pk = models.CompositePrimaryKey("key", "lead_id")
    key = models.BigIntegerField()
    lead_id = models.BigIntegerField()

    class Meta:
        db_table = "leads_identitykey"
        indexes = [models.Index(fields=["lead_id"], name="identity_key_by_lead")]


@pghistory.track(
    pghistory.UpdateEvent(condition=pghistory.AnyChange("counts")),
    fields=["kind", "value", "counts"],
    model_name="CommonValueEvent",
)
class CommonValue(models.Model):
    """A value that too many leads have to tell two of them apart, such as a switchboard. Admins may overrule that."""

    key = models.BigIntegerField(unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=CommonKind.choices)
    value = models.TextField(_("value"))
    counts = models.BooleanField(
        _("counts all the same"), default=False, db_default=False, help_text=_("Two leads with this value may be one.")
    )
    found_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "leads_commonvalue"
        ordering = ["kind", "value"]
        verbose_name = _("value of many leads")
        verbose_name_plural = _("values of many leads")

    def __str__(self) -> str:
        return self.value


@pghistory.track(
    pghistory.InsertEvent(),
    pghistory.UpdateEvent(condition=pghistory.AnyChange("merges_from")),
    fields=["merges_from"],
    model_name="DuplicateRulesEvent",
)
class DuplicateRules(models.Model):
    """What admins allow to happen by itself with duplicates: one row, none before they first say so."""

    merges_from = models.FloatField(
        _("merge automatically from"),
        null=True,
        blank=True,
        help_text=_("Empty: never. 0.98 merges only what is certain."),
    )
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        db_table = "leads_duplicaterules"
        verbose_name = _("rules for duplicates")
        verbose_name_plural = _("rules for duplicates")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="duplicate_rules_are_one_row"),
            models.CheckConstraint(
                condition=models.Q(merges_from=None) | models.Q(merges_from__gte=0.88, merges_from__lte=1),
                name="duplicates_merge_only_when_certain",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @classmethod
    def current(cls) -> DuplicateRules:
        """The stored rules, or new ones under which nothing happens by itself."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


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
    finding = models.CharField(max_length=9, choices=Finding.choices)
    probability = models.FloatField(help_text="that the two are one person")
    reasons = ArrayField(models.CharField(max_length=8, choices=Likeness.choices), help_text="what speaks for it")
    grounds = models.JSONField(help_text="all reasons, signed: kind, level, bits, the value of each lead")
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
