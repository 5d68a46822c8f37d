from django.db import models
from django.utils.translation import gettext_lazy as _


class WrongVerdict(models.TextChoices):
    """The two ways in which a verdict of the rules turns out wrong: a false positive, a false negative."""

    REJECTED = "rejected", _("Hot, but rejected")
    MISSED = "missed", _("Won, never hot")
