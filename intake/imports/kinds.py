"""What a file may be about: leads or activities here; higher apps add their own (outcomes)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from intake.imports import fields
from intake.imports.fields import ImportField


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """The fields that files of this kind may fill, and those that they must."""

    code: str
    load_fields: Callable[[], Sequence[ImportField]]
    required: tuple[str, ...] = ()
    has_properties: bool = False
    may_have_activity: bool = False  # one beside the lead, as the mapping's own section

    def fields(self) -> dict[str, ImportField]:
        return {field.name: field for field in self.load_fields()}


LEADS = FileKind(
    code="leads",
    load_fields=lambda: [*fields.LEAD_FIELDS, *fields.COMPANY_FIELDS, *fields.custom_fields()],
    may_have_activity=True,
)
ACTIVITIES = FileKind(
    code="activities",
    load_fields=lambda: [*fields.IDENTITY_FIELDS, *fields.ACTIVITY_FIELDS],
    required=("activity.type", "activity.occurred_at"),
    has_properties=True,
)
