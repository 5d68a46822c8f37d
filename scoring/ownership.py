"""Which department a lead belongs to by its total: a higher room says from which totals it is shared, and sales'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scoring.enums import OwnedBy


@dataclass(frozen=True, kw_only=True)
class Ownership:
    """From which total, in whole points, a lead is shared and sales'; below both it is marketing's."""

    shared: int
    sales: int

    def owned_by(self, total: int) -> OwnedBy:
        """Whose a lead with this total in hundredths is."""
        if total >= self.sales * 100:
            return OwnedBy.SALES
        return OwnedBy.SHARED if total >= self.shared * 100 else OwnedBy.MARKETING

    def totals(self, owned_by: str) -> tuple[int, int]:
        """The totals in hundredths of what a department owns: the first, and the one behind the last."""
        limits = {
            OwnedBy.MARKETING: (0, self.shared),
            OwnedBy.SHARED: (self.shared, self.sales),
            OwnedBy.SALES: (self.sales, 101),
        }
        first, last = limits[OwnedBy(owned_by)]
        return first * 100, last * 100


_says: list[Callable[[], Ownership | None]] = []


def register_ownership(says: Callable[[], Ownership | None]) -> None:
    """Let a higher app say the limits; None while there are none."""
    _says[:] = [says]


def ownership() -> Ownership | None:
    """The limits in force."""
    return _says[0]() if _says else None
