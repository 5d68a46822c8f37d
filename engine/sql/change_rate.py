"""How fast a number changes by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import LiteralString

from psycopg.sql import Composable

from engine.sql.fragments import compose, total, trusted
from engine.sql.select_chain import Columns


@dataclass(frozen=True, kw_only=True)
class ChangeRate:
    """How a number moves by itself: hundredths a second at most, down and up; and at least, for what meets the other.

    None where no lead's can move: nothing is computed of that. What is sure eases: see `met`. It never exceeds what it
    meets.
    """

    down: Composable | None = None
    up: Composable | None = None
    sure_down: Composable | None = None
    sure_up: Composable | None = None

    def columns(self, suffix: object) -> Columns:
        """A column for each part that is not None: `down_3`, `sure_up_fit`."""
        return [(f"{name}_{suffix}", value) for name, value in self._moving()]

    def named(self, suffix: object) -> ChangeRate:
        """The same, as an earlier step has computed it in these columns."""
        return ChangeRate(**{name: trusted(f"{name}_{suffix}") for name, _ in self._moving()})

    @classmethod
    def together(cls, rates: Sequence[ChangeRate]) -> ChangeRate:
        """The rate of a sum."""
        sums = {name: [value for rate in rates if (value := getattr(rate, name)) is not None] for name in RATES}
        return cls(**{name: compose("({})", total(values)) for name, values in sums.items() if values})

    def when(self, test: Composable | None) -> ChangeRate:
        """Still unless the test holds."""
        if test is None:
            return self
        template: LiteralString = "CASE WHEN {} THEN {} ELSE 0 END"
        return ChangeRate(**{name: compose(template, test, value) for name, value in self._moving()})

    def met(self) -> ChangeRate:
        """The same, where what is sure counts as far as there is something for it to meet."""
        return replace(self, sure_down=_less(self.sure_down, self.up), sure_up=_less(self.sure_up, self.down))

    def _moving(self) -> list[tuple[str, Composable]]:
        return [(name, value) for name, value in vars(self).items() if value is not None]


RATES = tuple(each.name for each in fields(ChangeRate))


def _less(sure: Composable | None, met: Composable | None) -> Composable | None:
    return None if sure is None or met is None else compose("least({}, {})", sure, met)
