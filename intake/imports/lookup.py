"""Which lead a row means, for files about leads that exist already."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from accounts.models import User
from intake.actions import intake
from intake.imports.rows import FileRow
from leads.access import SEES_ALL, visible_leads
from leads.actions.identification import Identity


def known_leads(identity: str, values: Collection[str]) -> dict[str, int]:
    """Identity -> id of the leads that are known, by former names too; `identity` is email or external_id."""
    names = {Identity(**{identity: value}): value for value in values}
    return {names[lead]: pk for lead, pk in intake.find_leads(names).items()}


def hidden_from(by: User | None, ids: Iterable[int]) -> set[int]:
    """Those of `ids` that whoever imports may not see: other teams' leads, for a manager. None is the command line."""
    asked = set(ids)
    if by is None or by.role in SEES_ALL or not asked:
        return set()
    return asked - set(visible_leads(by).filter(pk__in=asked).values_list("pk", flat=True))


def find_leads(rows: Sequence[FileRow], *, identity: str, by: User | None) -> list[FileRow]:
    """Give each row its lead; returns the rows that have one, the others are rejected with the reason."""
    field = f"lead.{identity}"
    known = known_leads(identity, {row.values[field] for row in rows})
    hidden = hidden_from(by, known.values())
    for row in rows:
        pk = known.get(row.values[field])
        if pk is None:
            row.reject("unknown_lead")
        elif pk in hidden:
            row.reject("not_yours")
        else:
            row.lead_id = pk
    return [row for row in rows if row.lead_id]
