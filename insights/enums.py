from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FeedbackTab(models.TextChoices):
    """What marketing made of a verdict; what came too late is no matter of the rules and stands apart."""

    OPEN = "open", pgettext_lazy("feedback", "Open")
    CHANGED = "changed", pgettext_lazy("feedback", "Changed")
    DECLINED = "declined", pgettext_lazy("feedback", "Declined")
    ALL = "all", pgettext_lazy("feedback", "All about rules")
    LATE = "late", _("Too late")


class WrongVerdict(models.TextChoices):
    """The two ways in which a verdict of the rules turns out wrong: a false positive, a false negative."""

    REJECTED = "rejected", _("Hot, but rejected")
    MISSED = "missed", _("Won, never hot")
