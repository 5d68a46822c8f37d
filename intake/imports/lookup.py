"""Which lead a row means, for files about leads that exist already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from accounts.models import User
from intake.actions import intake
from intake.imports.rows import FileRow
from leads.access import SEES_ALL, visible_leads
from leads.actions.identification import Identity
from leads.models import Lead


def known_leads(identity: str, values: Collection[str]) -> dict[str, int]:
    """Identity -> id of the leads that are known, by former names too; `identity` is email or external_id."""
    names = {Identity(**{identity: value}): value for value in values if value}
    return {names[lead]: pk for lead, pk in intake.find_leads(names).items()}


def hidden_from(by: User | None, ids: Iterable[int]) -> set[int]:
    """Those of `ids` that whoever imports may not see: other teams' leads, for a manager. None is the command line."""
    asked = set(ids)
    if by is None or by.role in SEES_ALL or not asked:
        return set()
    return asked - set(visible_leads(by).filter(pk__in=asked).values_list("pk", flat=True))


def find_leads(rows: Sequence[FileRow], *, identity: str, by: User | None) -> list[FileRow]:
    """Give each row its lead; returns the rows that have one, the others are rejected with the reason.

    By our own number, else by the identity of the file, else by the other one.
    """
    numbers = {row.values["lead.id"] for row in rows if "lead.id" in row.values}
    present = set(Lead.objects.present().filter(pk__in=numbers).values_list("pk", flat=True)) if numbers else set()
    names = sorted(("email", "external_id"), key=lambda name: name != identity)
    known = {name: known_leads(name, {row.values.get(f"lead.{name}", "") for row in rows}) for name in names}
    for row in rows:
        number = row.values.get("lead.id")
        found = (known[name].get(row.values.get(f"lead.{name}", "")) for name in names)
        row.lead_id = number if number in present else next((pk for pk in found if pk is not None), None)
    hidden = hidden_from(by, {row.lead_id for row in rows if row.lead_id})
    for row in rows:
        if row.lead_id is None:
            row.reject("unknown_lead")
        elif row.lead_id in hidden:
            row.lead_id = None
            row.reject("not_yours")
    return [row for row in rows if row.lead_id]
