"""What the tests of the pages share."""

from __future__ import annotations

from django.urls import reverse

from handoff.enums import Promise
from handoff.queries.policy import policy_of

PART = {"HTTP_HX_REQUEST": "true"}


def names(response):
    return [row.handoff.lead.name for row in response.context["rows"]]


def post(client, name, handoff, **data):
    return client.post(reverse(f"handoff:{name}", args=[handoff.pk]), data, **PART)


def sla_form(name: str = "", *, is_conditional: bool = False) -> dict[str, str]:
    """A policy as its page sends it: the two shipped promises; for Kansai only, where it has a condition."""
    typed = {"seen": policy_of("sla").token, "name": name, "joined": "all"}
    rows = ["when"] if is_conditional else []
    for prefix in (*rows, *(f"{promise}-ladder" for promise in Promise.values)):
        typed |= {f"{prefix}-TOTAL_FORMS": "1" if prefix == "when" else "0", f"{prefix}-INITIAL_FORMS": "0"}
    if is_conditional:
        typed |= {"when-0-subject": "field:region", "when-0-op": "=", "when-0-value": "Kansai", "when-0-level": "0"}
    return typed | {
        "first_contact-is_on": "on", "first_contact-amount": "3", "first_contact-mode": "business_days",
        "first_contact-counts": "conversation", "result-is_on": "on", "result-amount": "48",
        "result-mode": "elapsed_hours",
    }  # fmt: skip
