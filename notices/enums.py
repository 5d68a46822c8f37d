from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    IN_APP = "in_app", _("In leadqual only")
    EMAIL = "email", pgettext_lazy("channel", "Email")
