from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongVerdict(models.TextChoices):
    """The two ways in which a verdict of the rules turns out wrong: a false positive, a false negative."""

    REJECTED = "rejected", _("Hot, but rejected")
    MISSED = "missed", _("Won, never hot")


class Period(models.TextChoices):
    """How far back to look, in days."""

    MONTH = "30", _("30 days")
    QUARTER = "90", _("90 days")
    YEAR = "365", _("1 year")
    ALL = "all", _("All time")
