from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In leadqual only")
    EMAIL = "email", pgettext_lazy("channel", "Email")
    OUTGOING = "outgoing", _("Destination")


class DestinationKind(models.TextChoices):
    SLACK = "slack", "Slack"
    TEAMS = "teams", "Microsoft Teams"
    CHATWORK = "chatwork", "Chatwork"
    JSON = "json", _("JSON of your own")
    WEBHOOK = "webhook", _("Signed webhook")
