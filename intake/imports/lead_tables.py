"""Leads and companies as an import reads and writes them: a batch at a time, by COPY and one statement.

`LeadTables` is the database. `RehearsalTables` looks the same but keeps what would be written in temporary tables of
its own, so that a dry run takes the very same decisions, also about rows that meet again later in the file.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from typing import Any

from intake.database import copy_rows, fetch, run
from intake.errors import IntakeError
from intake.statements import CLOSE_REHEARSAL, LEAD_IDS_BY_NAME, LEAD_IDS_OF_PEOPLE, OPEN_REHEARSAL
from leads.models.company import name_key

StoredRow = dict[str, Any]
"""The columns of one lead or company."""


@dataclass(frozen=True, kw_only=True)
class ImportTable:
    """A table that imports write: its columns with their types, and what new rows have in columns besides."""

    name: str
    columns: dict[str, str]
    fixed: StoredRow

    def cells(self, state: StoredRow) -> list[Any]:
        """For COPY, in the order of the columns."""
        cells = state | {"custom": as_json(state["custom"]) if state["custom"] else "{}"}
        return [cells[name] for name in self.columns]


LEADS = ImportTable(
    name="leads_lead",
    columns={
        "id": "bigint", "email": "text", "other_emails": "varchar[]", "external_id": "text", "name": "text",
        "kana": "text", "title": "text",
        "title_level": "smallint", "title_level_derived": "boolean", "department": "text", "phone": "text",
        "language": "text", "country": "text", "region": "text", "source_id": "bigint", "campaign": "text",
        "origin": "text", "stage": "text", "created_at": "timestamptz", "planned_on": "date", "consent": "boolean",
        "custom": "jsonb",
        "company_id": "bigint", "owner_id": "bigint", "team_id": "bigint",
    },
    fixed={"is_anonymous": False},
)  # fmt: skip
COMPANIES = ImportTable(
    name="leads_company",
    columns={
        "id": "bigint", "name": "text", "domain": "text", "industry": "text", "employees": "integer",
        "revenue": "bigint", "country": "text", "region": "text", "custom": "jsonb", "created_at": "timestamptz",
    },
    fixed={"currency": "JPY"},
)  # fmt: skip
# One encoder for all: json.dumps makes a new one each time.
as_json = json.JSONEncoder(ensure_ascii=False, default=lambda value: value.isoformat()).encode
FROM_JSON = {"created_at": datetime.fromisoformat, "planned_on": date.fromisoformat}


class OvertakenError(IntakeError):
    """Somebody else added one of the leads meanwhile: read again and decide again."""


class LeadTables:
    """The database itself. Call inside a transaction: what is found is locked until its end, in the order of ids."""

    lock = "FOR NO KEY UPDATE"

    def find_leads(
        self, emails: Collection[str], external_ids: Collection[str], also: Iterable[int] = ()
    ) -> list[StoredRow]:
        """The leads that have these addresses or external ids today, and those of the ids `also`."""
        ids = [pk for (pk,) in fetch(LEAD_IDS_BY_NAME, [list(emails), list(external_ids)])]
        return self.leads({*ids, *also})

    def find_people(self, names: Collection[str], phones: Collection[str]) -> list[StoredRow]:
        """The leads of these names, and those without a name who have one of the telephone numbers."""
        ids = [pk for (pk,) in fetch(LEAD_IDS_OF_PEOPLE, [list(names), list(phones)])]
        return self.leads(ids)

    def leads(self, ids: Collection[int]) -> list[StoredRow]:
        return self._states(LEADS, ids)

    def companies(self, ids: Collection[int]) -> list[StoredRow]:
        return self._states(COMPANIES, ids)

    def find_companies(self, names: Collection[str]) -> tuple[dict[str, str], list[StoredRow]]:
        """What makes each name the same name, and the companies that have one of them (the oldest of several first)."""
        if not names:
            return {}, []
        former = (
            f"SELECT {name_key('kept.name')} FROM leads_company AS one JOIN leads_company AS kept"
            f" ON kept.id = one.merged_into_id WHERE {name_key('one.name')} = {name_key('given.name')} LIMIT 1"
        )
        own = name_key("given.name")
        given = f"SELECT given.name, coalesce(({former}), {own}) FROM unnest(%s::text[]) AS given(name)"
        keys = dict(fetch(given, [list(names)]))
        sql = f"SELECT id FROM leads_company WHERE {name_key('name')} = ANY(%s) AND merged_into_id IS NULL"
        return keys, self.companies([pk for (pk,) in fetch(sql, [list(keys.values())])])

    def keys_of(self, companies: Sequence[StoredRow]) -> dict[int, str]:
        """What makes the name of each company the same name, by its id."""
        names = [company["name"] for company in companies]
        sql = f"SELECT {name_key('name')} FROM unnest(%s::text[]) WITH ORDINALITY AS given(name, place) ORDER BY place"
        keys = [key for (key,) in fetch(sql, [names])]
        return dict(zip((company["id"] for company in companies), keys, strict=True))

    def lock_new_companies(self) -> None:
        """Companies have no unique name: whoever adds some goes alone."""
        run("SELECT pg_advisory_xact_lock(hashtext('leads_company'))", [])

    def new_ids(self, table: ImportTable, number: int) -> list[int]:
        sql = f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, %s)"
        return [pk for (pk,) in fetch(sql, [number])]

    def write_leads(self, *, new: Sequence[StoredRow], changed: Sequence[StoredRow], now: datetime) -> None:
        """Raises OvertakenError when a new lead is there already."""
        _write(LEADS, new, changed, now)

    def write_companies(self, *, new: Sequence[StoredRow], changed: Sequence[StoredRow], now: datetime) -> None:
        _write(COMPANIES, new, changed, now)

    def known_keys(self, keys: Collection[str], source: str) -> set[str]:
        """Those of an activity's unique keys that are taken."""
        sql = "SELECT key FROM leads_activitykey WHERE source = %s AND key = ANY(%s)"
        return {key for (key,) in fetch(sql, [source, list(keys)])}

    def _states(self, table: ImportTable, ids: Collection[int]) -> list[StoredRow]:
        if not ids:
            return []
        sql = f"SELECT {', '.join(table.columns)} FROM {table.name} WHERE id = ANY(%s) ORDER BY id {self.lock}"
        states = [dict(zip(table.columns, row, strict=True)) for row in fetch(sql, [list(ids)])]
        for state in states:
            state["custom"] = json.loads(state["custom"])
        return states


class RehearsalTables(LeadTables):
    """Nothing is locked and nothing written but temporary tables of this session."""

    lock = ""

    def __init__(self) -> None:
        self._numbers = count(-1, -1)
        self.close()
        run(OPEN_REHEARSAL)

    def close(self) -> None:
        run(CLOSE_REHEARSAL)

    def find_leads(
        self, emails: Collection[str], external_ids: Collection[str], also: Iterable[int] = ()
    ) -> list[StoredRow]:
        stored = super().find_leads(emails, external_ids, also)
        ids = [state["id"] for state in stored]
        sql = "SELECT state FROM rehearsed_lead WHERE email = ANY(%s) OR external_id = ANY(%s) OR id = ANY(%s)"
        return _overlaid(stored, sql, [list(emails), list(external_ids), ids])

    def find_people(self, names: Collection[str], phones: Collection[str]) -> list[StoredRow]:
        stored = super().find_people(names, phones)
        ids = [state["id"] for state in stored]
        sql = (
            "SELECT state FROM rehearsed_lead WHERE id = ANY(%s) OR (name <> '' AND name = ANY(%s))"
            " OR (name = '' AND phone = ANY(%s))"
        )
        return _overlaid(stored, sql, [ids, list(names), list(phones)])

    def find_companies(self, names: Collection[str]) -> tuple[dict[str, str], list[StoredRow]]:
        keys, stored = super().find_companies(names)
        sql = "SELECT state FROM rehearsed_company WHERE key = ANY(%s)"
        return keys, _overlaid(stored, sql, [list(keys.values())])

    def companies(self, ids: Collection[int]) -> list[StoredRow]:
        sql = "SELECT state FROM rehearsed_company WHERE id = ANY(%s)"
        return _overlaid(super().companies(ids), sql, [list(ids)])

    def lock_new_companies(self) -> None:
        """Nobody waits for a rehearsal."""

    def new_ids(self, table: ImportTable, number: int) -> list[int]:
        return [next(self._numbers) for _number in range(number)]

    def write_leads(self, *, new: Sequence[StoredRow], changed: Sequence[StoredRow], now: datetime) -> None:
        names = ("id", "email", "external_id", "name", "phone")
        rows = [[*(lead[name] for name in names), as_json(lead)] for lead in (*new, *changed)]
        self._replace("rehearsed_lead", (*names, "state"), rows)

    def write_companies(self, *, new: Sequence[StoredRow], changed: Sequence[StoredRow], now: datetime) -> None:
        both = (*new, *changed)
        keys = self.keys_of(both)
        rows = [[company["id"], keys[company["id"]], as_json(company)] for company in both]
        self._replace("rehearsed_company", ("id", "key", "state"), rows)

    def known_keys(self, keys: Collection[str], source: str) -> set[str]:
        sql = "SELECT key FROM rehearsed_key WHERE key = ANY(%s)"
        known = super().known_keys(keys, source) | {key for (key,) in fetch(sql, [list(keys)])}
        copy_rows("rehearsed_key (key)", ([key] for key in sorted(set(keys) - known)))
        return known

    def _replace(self, table: str, columns: tuple[str, ...], rows: list[list[Any]]) -> None:
        if rows:
            run(f"DELETE FROM {table} WHERE id = ANY(%s)", [[row[0] for row in rows]])
            copy_rows(f"{table} ({', '.join(columns)})", rows)


def from_json(column: str, value: Any) -> Any:
    """A value that went through JSON, as its column has it."""
    return FROM_JSON[column](value) if isinstance(value, str) and column in FROM_JSON else value


def _overlaid(stored: Iterable[StoredRow], sql: str, params: Sequence[Any]) -> list[StoredRow]:
    """The stored states, with what the rehearsal made of them and the new ones that `sql` finds."""
    states = {state["id"]: state for state in stored}
    for (text,) in fetch(sql, params):
        state = {column: from_json(column, value) for column, value in json.loads(text).items()}
        states[state["id"]] = state
    return list(states.values())


def _write(table: ImportTable, new: Sequence[StoredRow], changed: Sequence[StoredRow], now: datetime) -> None:
    """New rows and changed ones through a staging table. Raises OvertakenError when a new one is there already."""
    if not new and not changed:
        return
    staged, names, fixed = f"staged_{table.name}", ", ".join(table.columns), table.fixed
    listed = ", ".join(f"{name} {kind}" for name, kind in table.columns.items())
    run(f"CREATE TEMP TABLE IF NOT EXISTS {staged} ({listed}, is_new boolean) ON COMMIT DELETE ROWS")
    run(f"TRUNCATE {staged}")
    states = [(state, True) for state in new] + [(state, False) for state in changed]
    copy_rows(f"{staged} ({names}, is_new)", ([*table.cells(state), is_new] for state, is_new in states))
    if new:
        inserted = run(
            f"INSERT INTO {table.name} ({names}, updated_at, {', '.join(fixed)})"
            f" SELECT {names}, %s, {', '.join(['%s'] * len(fixed))} FROM {staged} WHERE is_new ORDER BY id"
            " ON CONFLICT DO NOTHING",
            [now, *fixed.values()],
        )
        if inserted != len(new):
            raise OvertakenError
    if changed:
        settings = ", ".join(f"{name} = staged.{name}" for name in table.columns if name != "id")
        run(
            f"UPDATE {table.name} SET {settings}, updated_at = %s FROM {staged} AS staged"
            f" WHERE {table.name}.id = staged.id AND NOT staged.is_new",
            [now],
        )
