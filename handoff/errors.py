"""What can go wrong with a hand-off."""

from django.utils.translation import gettext_lazy

AMOUNT_MISSING = gettext_lazy("Enter the deal amount, or select “Amount not known yet”.")


class HandoffError(Exception):
    """The base of every error of this app."""


class RefusedError(HandoffError):
    """The state of things does not allow a step. Its text is a translated sentence for the person who tried."""


class ClaimLostError(RefusedError):
    """Somebody else was faster."""


class NeverOpenError(HandoffError, ValueError):
    """The calendar holds no open time that could answer the question."""
