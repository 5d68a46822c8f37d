from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DoorKind(models.TextChoices):
    """What kind of a way in a door is."""

    API = "api", _("API key")
    SITE = "site", _("Website")
    FORM = "form", _("Form")
    FILE = "file", _("File")
    EMAIL = "email_tool", _("Email tool")
    HOOK = "hook", _("Incoming webhook")


class KeptState(models.TextChoices):
    """What became of something that was kept back."""

    OPEN = "open", pgettext_lazy("kept event", "Waiting")
    TAKEN = "taken", pgettext_lazy("kept event", "Taken in")
    TWICE = "twice", pgettext_lazy("kept event", "Came again")
    DROPPED = "dropped", pgettext_lazy("kept event", "Left out")


class GroupDecision(models.TextChoices):
    """What somebody decided about a group of what is kept back."""

    NONE = "", pgettext_lazy("kept group", "New")
    KNOWN = "known", pgettext_lazy("kept group", "Known")
    IGNORED = "ignored", pgettext_lazy("kept group", "Ignored")
    FIXED = "fixed", pgettext_lazy("kept group", "Fixed")


class FilterReason(models.TextChoices):
    """Why what came from a website is set aside before it becomes an activity."""

    BOT = "bot", _("Bot or crawler")
    PREVIEW = "preview", _("Link preview")
    SCANNER = "scanner", _("Scanner, monitor or program")
    INTERNAL = "internal", _("Own network")
    FLOOD = "flood", _("Too many at once")


class SubmissionState(models.TextChoices):
    """What became of what somebody sent by a form."""

    TAKEN = "taken", pgettext_lazy("submission", "Taken in")
    WAITING = "waiting", pgettext_lazy("submission", "Waiting for confirmation")
    CAUGHT = "caught", pgettext_lazy("submission", "Caught as spam")
    KEPT = "kept", pgettext_lazy("submission", "Kept back")
    TEST = "test", pgettext_lazy("submission", "Test")


class CaughtReason(models.TextChoices):
    """What made a submission look like that of a program."""

    HONEYPOT = "honeypot", _("A field that people can’t see was filled in")
    FAST = "fast", _("Sent sooner than a person can type")
    RATE = "rate", _("Too many from one address")
    PROGRAM = "program", _("Sent by a program")
