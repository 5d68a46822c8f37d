"""Who is who in a batch of rows: by our number, address, external id, or by name, company and telephone together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from intake.imports.company_batch import CompanyBatch
from intake.imports.lead_tables import StoredRow
from intake.imports.mapping import MAILBOX, PERSON, FileMapping
from intake.imports.names import are_alike
from intake.imports.rows import FileRow
from web.cleaning import folded, is_shared_mailbox

OTHER = {"email": "external_id", "external_id": "email"}

PersonKey = tuple[str, int | None, str]
"""Name, company and telephone number: who has the same in all three is the same person."""


class PeopleIndex:
    """The leads that a batch may mean, by everything that tells them apart."""

    def __init__(self, *, mapping: FileMapping, companies: CompanyBatch) -> None:
        self.identity = mapping.identity if mapping.identity in OTHER else "email"
        self.addresses = mapping.addresses or MAILBOX
        self.companies = companies
        self.leads: dict[str, dict[str, StoredRow]] = {"email": {}, "external_id": {}}
        self.numbers: dict[int, StoredRow] = {}
        self.people: dict[PersonKey, StoredRow] = {}

    def unnamed(self, rows: Iterable[FileRow]) -> tuple[set[str], set[str]]:
        """Names, and telephone numbers of rows without one, by which leads must be looked for: those of rows that have
        no address and no id, and of those whose address may be another's."""
        names: set[str] = set()
        phones: set[str] = set()
        for row in rows:
            values = row.values
            email = values.get("lead.email", "")
            if values.get("lead.external_id") or (email and not self._may_be_shared(email)):
                continue
            if name := values.get("lead.name"):
                names.add(name)
            elif phone := values.get("lead.phone"):
                phones.add(phone)
        return names, phones

    def remember(self, lead: StoredRow) -> None:
        self.numbers[lead["id"]] = lead
        for column, known in self.leads.items():
            if lead[column]:
                known[lead[column]] = lead
        if lead["phone"] or (lead["name"] and lead["company_id"]):
            self.people.setdefault((folded(lead["name"]), lead["company_id"], digits_of(lead["phone"])), lead)

    def remember_former(self, former: Mapping[str, Mapping[str, int]], leads: Mapping[int, StoredRow]) -> None:
        """What merged leads were called means the lead that lives on, unless another is called so today."""
        for column, names in former.items():
            for name, pk in names.items():
                if pk in leads:
                    self.leads[column].setdefault(name, leads[pk])

    def forget(self, lead: StoredRow, column: str) -> None:
        """The lead is about to be called otherwise."""
        if column in self.leads and lead[column]:
            self.leads[column].pop(lead[column], None)

    def match(self, row: FileRow) -> StoredRow | None:
        """The lead of a row, None for one that is new. Rejects the row where it means two leads, or nobody.

        By our own number, else by the identity of the mapping, else by the other one, else by name, company and
        telephone.
        """
        values = row.values
        number = values.get("lead.id")
        if number in self.numbers:
            return self.numbers[number]
        names = {column: values[f"lead.{column}"] for column in OTHER if values.get(f"lead.{column}")}
        if not names:
            return self._match_person(row, is_numbered=number is not None)
        found = {column: lead for column, name in names.items() if (lead := self.leads[column].get(name))}
        main = self.identity if self.identity in names else OTHER[self.identity]
        lead, holder = found.get(main), found.get(OTHER[main])
        row.found_by = main if lead is not None else OTHER[main]
        if lead is None and holder is not None and not holder[main]:
            lead = holder
        if holder is not None and holder is not lead:
            row.reject(f"{OTHER[main]}_taken")
            return None
        if lead is not None and "lead.external_id" not in values and self._is_another(row, lead):
            row.note("shared_address", other=lead["name"])
            row.shares_address = True
            return self.people.get(self._key(row))
        return lead

    def _match_person(self, row: FileRow, *, is_numbered: bool) -> StoredRow | None:
        name, phone = row.values.get("lead.name"), row.values.get("lead.phone")
        if not phone and not (name and row.values.get("company.name")):
            row.reject("unknown_lead" if is_numbered else "no_identity")
            return None
        return self.people.get(self._key(row))

    def _key(self, row: FileRow) -> PersonKey:
        company = self.companies.known(row.values.get("company.name"))
        number = company["id"] if company else None
        return folded(row.values.get("lead.name", "")), number, digits_of(row.values.get("lead.phone", ""))

    def _may_be_shared(self, email: str) -> bool:
        return self.addresses != PERSON and (self.addresses != MAILBOX or is_shared_mailbox(email))

    def _is_another(self, row: FileRow, lead: StoredRow) -> bool:
        """Whether a row with this lead's address is about somebody else."""
        email = row.values.get("lead.email", "")
        return bool(email) and self._may_be_shared(email) and not self.has_same_name(row, lead)

    def has_same_name(self, row: FileRow, lead: StoredRow) -> bool:
        return are_alike(row.values.get("lead.name", ""), lead["name"])

    def is_former_name(self, row: FileRow, lead: StoredRow, column: str) -> bool:
        """Whether the row means this lead by an address or id that it has from one that was merged into it."""
        value = row.values.get(f"lead.{column}", "")
        return (
            column == row.found_by
            and bool(lead[column])
            and lead[column] != value
            and self.leads[column].get(value) is lead
        )


def digits_of(phone: str) -> str:
    """The digits of a telephone number as they are dialled at home, for comparing."""
    digits = re.sub(r"\D", "", phone.replace("+81", "0", 1).replace("(0)", ""))
    return re.sub(r"^00+", "0", digits)
