"""What is kept back, in words: why, since which decision, and how it looks to somebody who may not see contact data."""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from intake.enums import GroupDecision
from intake.models import KeptEvent, KeptGroup
from leads.access import SEES_ALL
from leads.queries.contact_data import mask
from notices.actions.telling import EMAIL, PHONE
from web.formats import number

EXPECTED: dict[str, str | Promise] = {
    "property_text": gettext_lazy("“%(property)s” of %(type)s: text expected"),
    "property_number": gettext_lazy("“%(property)s” of %(type)s: number expected"),
    "property_boolean": gettext_lazy("“%(property)s” of %(type)s: yes or no expected"),
    "property_date": gettext_lazy("“%(property)s” of %(type)s: date expected"),
}
WORDS: dict[str, str | Promise] = {
    "unknown_type": gettext_lazy("Unknown activity type “%(field)s”"),
    "unknown_field": gettext_lazy("Unknown field “%(field)s”"),
    "time": gettext_lazy("“%(field)s” isn’t a time with a time zone"),
    "out_of_bounds": gettext_lazy("“%(field)s” is before 2000 or after 2099"),
    "in_future": gettext_lazy("“%(field)s” is in the future"),
    "required": gettext_lazy("“%(field)s” is missing"),
    "email": gettext_lazy("“%(field)s” isn’t an email address"),
    "text": gettext_lazy("“%(field)s” isn’t text"),
    "too_long": gettext_lazy("“%(field)s” is too long"),
    "too_many": gettext_lazy("“%(field)s” has too many entries"),
    "too_deep": gettext_lazy("“%(field)s” is nested too deeply"),
    "too_large": gettext_lazy("“%(field)s” is too large"),
}
SHOWN = 2_000  # characters of an event


def fault_words(kind: str, field: str) -> str:
    """Why events are kept back, as a sentence without its end. What reaches somebody is dots in it for all readers: a
    sender may have put anything into a name."""
    field = re.sub(PHONE, "•••", re.sub(EMAIL, "•••@•••", field))
    if kind in EXPECTED:
        code, _dot, name = field.partition(".")
        return str(EXPECTED[kind]) % {"type": code, "property": name}
    if kind in WORDS:
        return str(WORDS[kind]) % {"field": field}
    return _("Not in the shape of an activity")


def decision_words(group: KeptGroup) -> str:
    """Who decided what about a group; "" where nobody did."""
    params = {"person": str(group.decided_by or _("former user")), "number": number(group.ignored_above or 0)}
    if group.decision == GroupDecision.FIXED:
        return _("Repaired by %(person)s") % params
    if group.decision == GroupDecision.IGNORED:
        return _("Ignored by %(person)s until more than %(number)s a day") % params
    if group.decision == GroupDecision.KNOWN:
        return _("Marked as known by %(person)s") % params
    return ""


def raw_words(event: KeptEvent, reader: User) -> str:
    """The event as it was sent; without what reaches somebody for those who do not see all leads."""
    raw = event.raw if reader.role in SEES_ALL else masked(event.raw)
    text = raw if isinstance(raw, str) and not event.is_whole else json.dumps(raw, ensure_ascii=False, indent=1)
    return text[:SHOWN] + ("…" if len(text) > SHOWN or not event.is_whole else "")


def key_words(event: KeptEvent, reader: User) -> str:
    """The key of an event, which may be made of an address: dots for those who do not see all leads."""
    return event.key if reader.role in SEES_ALL else mask(event.key)


def masked(value: Any, name: str = "") -> Any:
    """A value without addresses and numbers; ids of a lead and the key are dots, too."""
    if isinstance(value, dict):
        return {masked(key): masked(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [masked(inner, name) for inner in value]
    if not isinstance(value, str):
        return "•••" if isinstance(value, int) and len(str(value)) > 8 else value
    if name in ("external_id", "anonymous_id", "email", "key"):
        return mask(value)
    return re.sub(PHONE, "•••", re.sub(EMAIL, "•••@•••", value))
