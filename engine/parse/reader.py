"""Reads plain values and notes what is wrong, with the path; a bad value becomes None and reading goes on."""

# A refusal ends its reader: `return reader.refuse(...)` notes the problem and gives None in one line.
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from engine import limits
from engine.nodes import Duration, Scalar
from engine.problems import Problem

Member = TypeVar("Member", bound=StrEnum)
DURATION = re.compile(r"([0-9]{1,9})([hd])", re.ASCII)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class DocumentReader:
    """A cursor into the document and the list of problems found so far."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.path = ""

    def refuse(self, code: str, **params: Any) -> None:
        """Note a problem at the current place; always None, so that a reader can end with it."""
        if len(self.problems) < limits.MAX_PROBLEMS:
            self.problems.append(Problem(path=self.path, code=code, params=params))

    @contextmanager
    def at(self, key: str | int) -> Iterator[None]:
        """Step down to a key or an index, and back."""
        outer = self.path
        self.path = f"{outer}[{key}]" if isinstance(key, int) else f"{outer}.{key}" if outer else key
        try:
            yield
        finally:
            self.path = outer

    # --- shapes

    def mapping(
        self, value: Any, *, allowed: frozenset[str], required: tuple[str, ...] = ()
    ) -> Mapping[str, Any] | None:
        """A mapping with no key but the allowed ones and all the required ones."""
        if not isinstance(value, Mapping):
            self.refuse("not_a_mapping")
            return None
        for key in value:
            if not isinstance(key, str) or key not in allowed:
                with self.at(str(key)[: limits.MAX_NAME]):
                    self.refuse("unknown_key", allowed=sorted(allowed))
        for key in required:
            if key not in value:
                with self.at(key):
                    self.refuse("missing")
        return value

    def items(self, value: Any, *, at_most: int) -> Iterator[Any]:
        """The members of a list, each read at its own index."""
        if not isinstance(value, list | tuple):
            self.refuse("not_a_list")
            return
        if len(value) > at_most:
            self.refuse("too_many", limit=at_most, count=len(value))
            return
        for index, member in enumerate(value):
            with self.at(index):
                yield member

    # --- values

    def text(self, value: Any, *, at_most: int = limits.MAX_NAME, empty: bool = False) -> str | None:
        if not isinstance(value, str):
            return self.refuse("not_text")
        if UNSTORABLE.search(value):
            return self.refuse("unstorable_text")
        if len(value) > at_most:
            return self.refuse("too_long", limit=at_most)
        if not empty and not value.strip():
            return self.refuse("empty")
        return value

    def number(self, value: Any, *, low: Decimal, high: Decimal) -> Decimal | None:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return self.refuse("not_a_number")
        if not isinstance(value, int) and not Decimal(value).is_finite():
            return self.refuse("not_finite")
        if not low <= value <= high:
            return self.refuse("out_of_range", low=int(low), high=int(high))
        return Decimal(str(value))

    def whole(self, value: Any, *, low: int, high: int) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return self.refuse("not_a_whole_number")
        if not low <= value <= high:
            return self.refuse("out_of_range", low=int(low), high=int(high))
        return value

    def flag(self, value: Any) -> bool | None:
        return value if isinstance(value, bool) else self.refuse("not_a_boolean")

    def choice(self, value: Any, of: type[Member]) -> Member | None:
        if isinstance(value, str) and value in set(of):
            return of(value)
        return self.refuse("not_a_choice", choices=[str(member) for member in of])

    def duration(self, value: Any) -> Duration | None:
        """`14d` or `36h`: more than nothing, at most ten years."""
        if not isinstance(value, str) or not (match := DURATION.fullmatch(value)):
            return self.refuse("not_a_duration")
        amount, unit = int(match[1]), match[2]
        longest = limits.MAX_DAYS * (24 if unit == "h" else 1)
        if not 1 <= amount <= longest:
            return self.refuse("duration_out_of_range", limit=limits.MAX_DAYS)
        return Duration(amount=amount, unit="h" if unit == "h" else "d")

    def day(self, value: Any) -> date | None:
        if isinstance(value, datetime):
            return self.refuse("not_a_date")
        if isinstance(value, date):
            return value
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                return self.refuse("no_such_date")
        return self.refuse("not_a_date")

    def scalar(self, value: Any) -> Scalar | None:
        """One comparable value, kept as written; what its field makes of it is for `check`."""
        if isinstance(value, bool):
            return value
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, int | float | Decimal):
            number = self.number(value, low=-limits.MAX_NUMBER, high=limits.MAX_NUMBER)
            return value if isinstance(value, int) and number is not None else number
        if isinstance(value, str):
            return self.text(value, at_most=limits.MAX_VALUE)
        return self.refuse("not_a_value")
