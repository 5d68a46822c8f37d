"""Gates that many companies begin with; whoever adds one changes it before it is published."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

GATE_STARTS: tuple[tuple[str, str | Promise, dict[str, Any]], ...] = (
    ("need", gettext_lazy("Need is known"), {
        "when": {"answer": "bant.need", "op": "known"}, "missing": gettext_lazy("Ask what they need."),
    }),
    ("data", gettext_lazy("Minimum data"), {
        "when": {
            "all": [
                {"field": "company.name", "op": "known"},
                {"any": [{"field": "phone", "op": "known"}, {"field": "email", "op": "known"}]},
            ]
        },
        "missing": gettext_lazy("Find the company, and a phone number or email address."),
    }),
    ("consent", gettext_lazy("Consent to contact"), {
        "when": {"field": "consent", "op": "=", "value": True},
        "missing": gettext_lazy("Get the lead’s consent to contact."),
    }),
)  # fmt: skip


def gate_start(code: str) -> dict[str, Any] | None:
    """What a new gate begins with, in the reader's language; None for a code that is none."""
    found = next(((label, gate) for known, label, gate in GATE_STARTS if known == code), None)
    if found is None:
        return None
    label, gate = found
    return {"name": str(label), "when": gate["when"], "missing": str(gate["missing"])}
