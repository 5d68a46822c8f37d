"""Telling people and other systems: written with the fact, delivered later, at least once with a key that makes it
once."""

from notices.actions.delivery import BACK_OFF, LEASE, claim_due, deliver, deliver_due
from notices.actions.reading import keep_mail_choice, keep_preferences, mark_all_read, mark_read, mark_unread
from notices.actions.rewriting import rewrite_notices
from notices.actions.telling import BOTH, tell

__all__ = [
    "BACK_OFF",
    "BOTH",
    "LEASE",
    "claim_due",
    "deliver",
    "deliver_due",
    "keep_mail_choice",
    "keep_preferences",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "rewrite_notices",
    "tell",
]
