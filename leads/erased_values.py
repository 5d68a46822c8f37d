"""What somebody was called and how they could be reached, to find it where no foreign key leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from web.cleaning import folded, phone_key

SHORTEST_PART = 4  # characters of a name from which on a text that contains it is taken to mean the person
FEWEST_DIGITS = 8  # of a telephone number, likewise


def spaceless(text: str) -> str:
    """For comparing names: as `folded`, in one piece."""
    return "".join(folded(text).split())


def numbers_in(phone: str) -> list[str]:
    """The numbers of a telephone field, as one dials them in Japan."""
    return [number for number in phone_key(phone).split("/") if number]


@dataclass(frozen=True, kw_only=True)
class PersonalValues:
    """Names and readings without space, addresses in small letters, the digits of telephone numbers, external ids."""

    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    external_ids: frozenset[str] = frozenset()
    spelled_names: frozenset[str] = frozenset()  # names, readings and numbers as they were written
    spelled_numbers: frozenset[str] = frozenset()

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, Any]]) -> PersonalValues:
        """Of rows of leads or of their history, with the columns as they are called there."""
        rows = list(rows)
        return cls(
            emails=frozenset(one for row in rows for one in (row["email"], *(row["other_emails"] or ())) if one),
            names=frozenset(text for row in rows for one in (row["name"], row["kana"]) if (text := spaceless(one))),
            numbers=frozenset(number for row in rows for number in numbers_in(row["phone"])),
            external_ids=frozenset(row["external_id"] for row in rows if row["external_id"]),
            spelled_names=frozenset(one for row in rows for one in (row["name"], row["kana"]) if one),
            spelled_numbers=frozenset(row["phone"] for row in rows if row["phone"]),
        )

    @property
    def parts(self) -> list[str]:
        """What is looked for inside of texts without space."""
        return sorted(self.emails | {name for name in self.names if len(name) >= SHORTEST_PART})

    @property
    def digits(self) -> list[str]:
        """What is looked for among the digits of texts."""
        return sorted(number for number in self.numbers if len(number) >= FEWEST_DIGITS)

    def are_in(self, text: str) -> bool:
        """Whether a text is one of the values, or contains one that is long enough to mean nobody else."""
        whole = spaceless(text)
        if whole in self.names or text.strip() in self.external_ids or any(part in whole for part in self.parts):
            return True
        digits = re.sub(r"\D", "", whole)
        return not self.numbers.isdisjoint(numbers_in(text)) or any(number in digits for number in self.digits)

    def taken_out(self, value: Any) -> Any:
        """JSON without the texts that have one of the values in them: they become empty."""
        if isinstance(value, str):
            return "" if self.are_in(value) else value
        if isinstance(value, list):
            return [self.taken_out(one) for one in value]
        if isinstance(value, dict):
            return {name: self.taken_out(one) for name, one in value.items()}
        if isinstance(value, int | float) and not isinstance(value, bool):
            return None if self.are_in(str(value)) else value
        return value
