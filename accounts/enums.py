from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is here for. One role a person; `policies.py` of each app says what it may do."""

    OUTSOURCED = "outsourced", _("External staff")
    REP = "rep", _("Sales rep")
    MANAGER = "manager", _("Sales manager")
    MARKETER = "marketer", _("Marketer")
    ADMIN = "admin", _("Administrator")


class Theme(models.TextChoices):
    AUTO = "auto", _("Match system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class RowHeight(models.TextChoices):
    """How much a row of the queue shows: a line or two, or all there is."""

    COMPACT = "compact", _("Compact rows")
    ROOMY = "roomy", _("Detailed rows")


class Scope(models.TextChoices):
    """What an API key opens."""

    ACTIVITIES_WRITE = "activities:write", _("Send activities")
    LEADS_READ = "leads:read", _("Read leads and companies")
    LEADS_WRITE = "leads:write", _("Create and update leads")
    LEADS_EXPORT = "leads:export", _("Export leads as a file")
    LEADS_ERASE = "leads:erase", _("Erase personal data")
    SCORES_READ = "scores:read", _("Read scores")
    MODELS_READ = "models:read", _("Read scoring models")
    HANDOFFS_READ = "handoffs:read", _("Read hand-offs and to-dos")
    HANDOFFS_WRITE = "handoffs:write", _("Work on hand-offs and to-dos")
    WEBHOOKS_MANAGE = "webhooks:manage", _("Manage webhooks")
