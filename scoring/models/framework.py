from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pghistory
import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from scoring.enums import Confidence
from web.constraints import bounded_instant


class Labelled(models.Model):
    label_en = models.CharField(_("name in English"), max_length=80)
    label_ja = models.CharField(_("name in Japanese"), max_length=80)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.label_ja if get_language() == "ja" else self.label_en


@pghistory.track()
class Framework(Labelled):
    """BANT, CHAMP, MEDDIC, ANUM or a company's own: questions that sales asks, with answers to choose from."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "scoring_framework"
        verbose_name = _("framework")
        ordering = ["code"]


@pghistory.track()
class Criterion(Labelled):
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="criteria")
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("active"), default=True)
    weight = models.DecimalField(
        _("weight"), max_digits=4, decimal_places=2, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    confirm_after_days = models.PositiveSmallIntegerField(
        _("ask again after days"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(3660)]
    )
    """How long an answer is taken for true; None for ever."""

    class Meta:
        db_table = "scoring_criterion"
        verbose_name = _("criterion")
        ordering = ["framework", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="criterion_code_once")]

    @property
    def field(self) -> str:
        """Its name in the rule language: `bant.authority`."""
        return f"{self.framework.code}.{self.code}"


@pghistory.track()
class Option(Labelled):
    criterion = models.ForeignKey(Criterion, on_delete=models.CASCADE, related_name="options")
    code = models.SlugField(_("code"), max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(_("active"), default=True)
    points = models.IntegerField(_("points"), default=0)
    """Hundredths, before the weight of its criterion: what rules made from the framework begin with."""

    class Meta:
        db_table = "scoring_option"
        verbose_name = _("answer option")
        ordering = ["criterion", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["criterion", "code"], name="option_code_once")]


@pghistory.track()
class Answer(models.Model):
    """What a lead answered, with evidence. Append-only: the newest one up to t is the answer at t."""

    lead = models.ForeignKey("leads.Lead", on_delete=models.CASCADE, related_name="answers")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(Option, on_delete=models.PROTECT, related_name="+")
    evidence = models.TextField(_("evidence"), blank=True)
    confidence = models.CharField(_("confidence"), max_length=6, choices=Confidence.choices, default=Confidence.MEDIUM)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(default=timezone.now)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "scoring_answer"
        verbose_name = _("answer")
        ordering = ["-answered_at", "-pk"]
        constraints = [bounded_instant("answered_at", name="answer_in_bounds")]
        indexes = [models.Index(fields=["lead", "criterion", "-answered_at", "-id"], name="answer_newest")]
        triggers = [
            pgtrigger.Trigger(
                name="answer_marks_lead_dirty",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="INSERT INTO leads_dirtymark (lead_id, marked_at) VALUES (NEW.lead_id, clock_timestamp());"
                " RETURN NEW;",
            )
        ]

    def is_due(self, now: datetime) -> bool:
        """It has become so old that somebody should ask again."""
        days = self.criterion.confirm_after_days
        return days is not None and now - self.answered_at > timedelta(days=days)
