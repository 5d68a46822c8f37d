"""What the doors for other tools' messages share: a message at its corrected time, and who it names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intake.tracking.events import Clock, WebEvent, filled


@dataclass(frozen=True, kw_only=True)
class Told:
    """A message with the clock of whoever sent it, and the instant that it says."""

    message: Mapping[str, Any]
    clock: Clock
    said_at: Any

    def activity(
        self,
        key: str,
        *,
        code: str,
        about: str,
        properties: Mapping[str, Any],
        touch: Mapping[str, str] | None = None,
        anonymous: str,
        user: str,
        traits: Mapping[str, Any],
    ) -> WebEvent:
        """The message as an activity in the shape of the API."""
        at, kept = self.clock.correct(self.said_at)
        lead = identity_of(anonymous=anonymous, user=user, traits=traits)
        row = {
            "key": key,
            "lead": lead,
            "type": code,
            "occurred_at": at.isoformat(),
            "object": about[:500],
            "properties": {**filled(**properties), **(touch or {}), **kept},
        }
        return WebEvent(key=key, identity=lead, row=row, touch=touch or {})


def identity_of(*, anonymous: str, user: str, traits: Mapping[str, Any]) -> dict[str, str]:
    """The lead that is meant, in the shape of the API. A user's id that is an address is one."""
    email = traits.get("email")
    names = {
        "anonymous_id": anonymous[:80],
        "external_id": user[:120],
        "email": email if isinstance(email, str) and email else user if "@" in user else "",
    }
    return {name: value for name, value in names.items() if value}


def joined(key: str, *, anonymous: str, user: str, traits: Mapping[str, Any]) -> Iterator[WebEvent]:
    """What a message says of a person, where it says something; None of it is an activity."""
    identity = identity_of(anonymous=anonymous, user=user, traits=traits)
    if identity.keys() - {"anonymous_id"} and (traits or anonymous):
        yield WebEvent(key=key, identity=identity, traits=traits)


def inner(values: Mapping[str, Any], name: str) -> dict[str, Any]:
    """An object within another; empty for anything else."""
    value = values.get(name)
    return value if isinstance(value, dict) else {}


def digest(message: Mapping[str, Any]) -> str:
    """What stands for the id of a message that has none: the same content is the same message."""
    content = json.dumps(message, sort_keys=True, default=str).encode()
    return f"content:{hashlib.sha256(content).hexdigest()[:40]}"
