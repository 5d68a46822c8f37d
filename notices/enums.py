from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In leadqual only")
    EMAIL = "email", pgettext_lazy("channel", "Email")
    OUTGOING = "outgoing", _("Destination")


class Way(models.TextChoices):
    """How a person is told of a topic; under the bell always."""

    BELL = "bell_only", _("In leadqual only")
    MAIL = "by_mail", _("Also by email")
    DIGEST = "in_digest", _("In the daily email")


class DestinationKind(models.TextChoices):
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    CHATWORK = "chatwork", "Chatwork"
    JSON = "json", _("JSON of your own")
    WEBHOOK = "webhook", _("Signed webhook")
