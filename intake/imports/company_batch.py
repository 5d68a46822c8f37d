"""The companies that a batch of rows names: found, made and changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from intake.imports.lead_tables import COMPANIES, LeadTables, StoredRow
from intake.imports.rows import FileRow

NEW_COMPANY: StoredRow = {"domain": "", "industry": "", "employees": None, "revenue": None, "country": "", "region": ""}


class CompanyBatch:
    """The companies as they are and as they become, by what makes their names the same name."""

    def __init__(self, tables: LeadTables, now: datetime) -> None:
        self.tables, self.now = tables, now
        self.companies: dict[str, StoredRow] = {}
        self.keys: dict[str, str] = {}
        self.new: list[StoredRow] = []
        self.changed: dict[int, StoredRow] = {}
        self.made: Counter[str] = Counter()

    def read(self, names: Collection[str]) -> None:
        """Lock and load the companies of these names, and reserve ids for new ones."""
        self.keys, companies = self.tables.find_companies(names)
        keys = self.tables.keys_of(companies) if companies else {}
        for company in sorted(companies, key=lambda company: -company["id"]):  # the oldest comes last and wins
            self.companies[keys[company["id"]]] = company
        missing = len({*self.keys.values()} - self.companies.keys())
        if missing:
            self.tables.lock_new_companies()
            again = self.tables.find_companies(self.keys)[1]
            keys = self.tables.keys_of(again)
            for company in again:
                self.companies.setdefault(keys[company["id"]], company)
        self.new_ids = iter(self.tables.new_ids(COMPANIES, missing) if missing else [])

    def known(self, name: str | None) -> StoredRow | None:
        """The company of this name, if there is one already."""
        return self.companies.get(self.keys[name]) if name in self.keys else None

    def fill(self, row: FileRow, lead: StoredRow | None, lead_changes: dict[str, list[Any]]) -> dict[str, Any]:
        """Put the row's values into the company that it names, which becomes the lead's; an unknown one is made.
        `lead` is None where the row is about the company alone.

        Returns what the row must remember so that it can be taken back.
        """
        name = row.values.get("company.name")
        if not name:
            return {}
        key = self.keys[name]
        company = self.companies.get(key)
        is_new = company is None
        if company is None:
            company = NEW_COMPANY | {"id": next(self.new_ids), "name": name, "custom": {}, "created_at": self.now}
            self.companies[key] = company
            self.new.append(company)
            self.made["companies"] += 1
        if lead is not None and lead["company_id"] != company["id"]:
            lead_changes["company_id"] = [lead["company_id"], company["id"]]
            lead["company_id"] = company["id"]
        changes = replace_values(company, row.values)
        if is_new:
            return {"id": company["id"], "created": True}
        if not changes:
            return {}
        self.changed[company["id"]] = company
        return {"id": company["id"], "values": changes}

    def write(self) -> None:
        """Store what was made and changed."""
        new = {company["id"] for company in self.new}
        changed = [company for pk, company in sorted(self.changed.items()) if pk not in new]
        self.tables.write_companies(new=self.new, changed=changed, now=self.now)


def replace_values(company: StoredRow, values: dict[str, Any]) -> dict[str, list[Any]]:
    """Put a row's company values into `company`, whose name stays as it was first written; returns what they replaced,
    each with its successor."""
    changes: dict[str, list[Any]] = {}
    for name, value in values.items():
        if name.startswith("company.custom."):
            replace_custom(company, name.removeprefix("company.custom."), value, changes)
        elif name.startswith("company.") and name != "company.name":
            column = name.removeprefix("company.")
            if company[column] != value:
                changes[column] = [company[column], value]
                company[column] = value
    return changes


def replace_custom(state: StoredRow, name: str, value: Any, changes: dict[str, list[Any]]) -> None:
    """Set an attribute of a lead or a company, and note in `changes` what it replaced."""
    if state["custom"].get(name) != value:
        changes[f"custom.{name}"] = [state["custom"].get(name), value]
        state["custom"] = state["custom"] | {name: value}
