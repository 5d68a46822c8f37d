"""What a file may be about: leads, companies or activities here; higher apps add their own (outcomes)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from intake.imports import fields
from intake.imports.fields import ImportField
from intake.imports.problems import Words


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """The fields that files of this kind may fill, and those that they must."""

    code: str
    label: Words
    load_fields: Callable[[], Sequence[ImportField]]
    required: tuple[str, ...] = ()
    strict: tuple[str, ...] = ()  # without which the rest of the row would be wrong
    has_properties: bool = False
    may_have_activity: bool = False  # one beside the lead, as the mapping's own section
    makes_leads: bool = False  # also of people without an address, and companies without people
    can_be_undone: bool = True

    def fields(self) -> dict[str, ImportField]:
        return {field.name: field for field in self.load_fields()}


LEADS = FileKind(
    code="leads",
    label=_("Leads and companies"),
    load_fields=lambda: [*fields.LEAD_FIELDS, *fields.COMPANY_FIELDS, *fields.custom_fields()],
    may_have_activity=True,
    makes_leads=True,
)
ACTIVITIES = FileKind(
    code="activities",
    label=_("Activities of existing leads"),
    load_fields=lambda: [*fields.IDENTITY_FIELDS, *fields.ACTIVITY_FIELDS],
    required=("activity.type", "activity.occurred_at"),
    has_properties=True,
)
