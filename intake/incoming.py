"""What comes through a door: which door it is, and an activity of somebody who may be unknown yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from accounts.models import ApiKey
from frame.api.problems import ApiProblem
from intake.enums import DoorKind
from leads.actions.activities import NewActivity
from leads.actions.identification import Identity


@dataclass(frozen=True, kw_only=True)
class DoorName:
    """Which door something comes through. `source` stays with each activity and never changes; `name` is shown."""

    kind: DoorKind
    source: str
    name: str

    @classmethod
    def of_api_key(cls, key: ApiKey) -> DoorName:
        return cls(kind=DoorKind.API, source=f"api:{key.pk}", name=key.name)


@dataclass(frozen=True, kw_only=True)
class IncomingActivity:
    """An activity of a lead that may not exist yet."""

    identity: Identity
    type_id: int
    occurred_at: datetime
    key: str
    type_code: str = ""
    object: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    set_aside: tuple[ApiProblem, ...] = ()
    """What is wrong with the properties that were left out of it; paths begin at the row."""

    def of(self, lead: int) -> NewActivity:
        """The activity of this lead, to be stored."""
        return NewActivity(
            lead_id=lead,
            type_id=self.type_id,
            occurred_at=self.occurred_at,
            object=self.object,
            properties=self.properties,
            key=self.key,
        )

    def says(self, first: NewActivity, leads: Mapping[Identity, int]) -> bool:
        """Whether it says what was stored first under its key; what was read out of that one's text is left aside."""
        mine = (leads.get(self.identity), self.type_id, self.occurred_at, self.object)
        theirs = (first.lead_id, first.type_id, first.occurred_at, first.object)
        return mine == theirs and self.properties.items() <= first.properties.items()


@dataclass(frozen=True, kw_only=True)
class RefusedRow:
    """A row that cannot be taken in as it is: what could be read of it, and everything that is wrong with it.

    The paths of `faults` begin at the row, those of `problems` at what was sent.
    """

    key: str
    identity: Identity | None
    occurred_at: datetime | None
    type_code: str
    faults: list[ApiProblem]
    problems: list[ApiProblem]


@dataclass(frozen=True, kw_only=True)
class CleanedBatch:
    """Rows as they were sent, with the activities among them and the refused ones by their places.

    `root` is the path of the list in what was sent.
    """

    root: str

    rows: list[Any]
    activities: dict[int, IncomingActivity]
    refused: dict[int, RefusedRow]
