"""Why an action on leads was not done."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from frame.errors import ExplainedRefusalError


class LeadsError(Exception):
    """The base of this app's errors."""


class LeadExistsError(LeadsError):
    """Another lead has this e-mail or external id already."""


class PersonErasedError(LeadsError):
    """The person's data was erased: an address or a name with a number that must not come back."""


class LeadErasedError(LeadsError, ExplainedRefusalError):
    """The lead's data was erased: nobody enters anything there any more."""

    def __init__(self) -> None:
        super().__init__(_("The personal data of this lead was erased. Nothing can be changed or added any more."))


class FieldChangedError(LeadsError):
    """Somebody else changed the field after it was read; `value` is its present value."""

    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


class MergeRefusedError(LeadsError):
    """The state of two leads does not allow it. Its text is a translated sentence for the person who tried."""


class AddressRefusedError(LeadsError):
    """An address cannot be added or made the first one; the message says why, and what to do."""
