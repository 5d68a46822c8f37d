"""What is demanded of a password, in our own words: Django's are checked, and say it like the rest of the product."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import password_validation
from django.utils.translation import gettext as _

SAME_PERSON = ("name", "email")


class LongEnough(password_validation.MinimumLengthValidator):
    def get_error_message(self) -> str:
        """What to do about a password that is too short."""
        return _("Too short. Use at least %(number)s characters.") % {"number": self.min_length}

    def get_help_text(self) -> str:
        """The rule, for those who choose a password."""
        return _("Use at least %(number)s characters.") % {"number": self.min_length}


class UnlikeItsOwner(password_validation.UserAttributeSimilarityValidator):
    def __init__(self, user_attributes: Any = SAME_PERSON, max_similarity: float = 0.7) -> None:
        super().__init__(user_attributes, max_similarity)

    def get_error_message(self) -> str:
        """What to do about a password that others could guess."""
        return _("Too similar to your name or email address. Use a different password.")

    def get_help_text(self) -> str:
        """The rule, for those who choose a password."""
        return _("Don’t use your name or email address.")


class NotCommon(password_validation.CommonPasswordValidator):
    def get_error_message(self) -> str:
        """What to do about a password that everyone tries first."""
        return _("Too common. Use a different password.")

    def get_help_text(self) -> str:
        """The rule, for those who choose a password."""
        return _("Don’t use a common password.")
