from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Temperature(models.TextChoices):
    """The one word for a lead: hot while an episode is open, else warm or cold by the total."""

    HOT = "hot", _("hot")
    WARM = "warm", _("warm")
    COLD = "cold", _("cold")


class Band(models.TextChoices):
    """The interest level by the total alone. Its codes are those of the rule language; nobody is hot by it."""

    HOT = "hot", _("high interest")
    WARM = "warm", _("medium interest")
    COLD = "cold", _("low interest")


class OwnedBy(models.TextChoices):
    """Which department a lead belongs to by its total."""

    MARKETING = "marketing", pgettext_lazy("who owns the lead", "Marketing")
    SHARED = "shared", pgettext_lazy("who owns the lead", "Marketing and sales")
    SALES = "sales", pgettext_lazy("who owns the lead", "Sales")


class DimensionChoices(models.TextChoices):
    FIT = "fit", _("Fit")
    ENGAGEMENT = "engagement", _("Engagement")
    QUALIFICATION = "qualification", _("Qualification")


class Confidence(models.TextChoices):
    """How sure somebody is of an answer."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class Fate(models.TextChoices):
    """What publishing would do to a lead's being hot."""

    ENTERING = "entering", _("would become hot")
    LEAVING = "leaving", _("would stop being hot")


class OpenedBy(models.TextChoices):
    """What made a lead hot."""

    CROSSING = "crossing", _("met a hot definition")
    AGAIN = "again", _("asked again")
    WAKE = "wake", _("time to follow up")
    BY_HAND = "by_hand", _("handed off to sales manually")


class EndCause(models.TextChoices):
    """What ended the time in which a lead was hot."""

    COOLED = "cooled", _("no hot definition is met")
    HANDOFF = "handoff", _("its hand-off ended")
    FORBIDDEN = "forbidden", _("must not be contacted")
    MERGED = "merged", _("merged into another lead")


class Side(models.TextChoices):
    """The two departments that agree on what a good lead is."""

    MARKETING = "marketing", _("Marketing")
    SALES = "sales", _("Sales")


class ProposalState(models.TextChoices):
    WAITING = "waiting", _("waiting for approval")
    APPROVED = "approved", _("approved")
    SENT_BACK = "sent_back", _("changes requested")
    REPLACED = "replaced", _("replaced by a newer request")


class ExportFormat(models.TextChoices):
    """What a file of leads is written as."""

    CSV = "csv", "CSV"
    JSON_LINES = "jsonl", "JSON Lines"
