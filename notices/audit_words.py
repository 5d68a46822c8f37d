"""What the audit log calls the changes of destinations."""

from __future__ import annotations

from typing import Any

from accounts.audit_kinds import AuditKind, Words
from notices.kinds import topic_words
from notices.models import Destination
from notices.outgoing.errors import words_for
from web import formats


def topics_in_words(codes: list[str], row: Any) -> Words:
    return formats.listed(topic_words(code) for code in codes)


def reason_in_words(code: str, row: Any) -> Words:
    return words_for(code)


AUDIT_KINDS = (
    AuditKind(
        model=Destination,
        hidden=frozenset({"created_at"}),
        values={"topics": topics_in_words, "off_reason": reason_in_words},
    ),
)
