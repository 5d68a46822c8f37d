"""A first mapping for a file nobody has mapped before: by the words of its header, and by what its cells look like."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from intake.imports.fields import ENQUIRY, may_answer_no
from intake.imports.headers import KNOWN, fields_of_headers
from intake.imports.kinds import FileKind
from intake.imports.layout import Layout
from intake.imports.mapping import GIVEN_FIRST, IDENTITIES
from intake.imports.vocabulary import LANGUAGES
from web.cleaning import ORDERS, PAST, folded, is_no_or_nothing, is_placeholder, lacks_year, possible_orders

AT_SIGN = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LIKE_A_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}/\d{1,2}(?!\d)")
DATE_FIELDS = ("lead.created_at", "lead.planned_on", "activity.occurred_at", "outcome.decided_at",
               "outcome.closes_on")  # fmt: skip
PLANNED = "lead.planned_on"
# Columns that our own export of leads has, and no other system together.
OWN_EXPORT = frozenset({"id", "external_id", "email", "stage", "temperature", "engagement"})


def guess_mapping(layout: Layout, kind: FileKind, *, timezone: str) -> dict[str, Any]:
    """A mapping as a document. It may be incomplete: a person looks at it next."""
    fields, columns = kind.fields(), layout.columns
    own = own_columns(columns)
    names = [name for name in KNOWN if name in fields]
    mapped = own | fields_of_headers([column for column in columns if column not in own], names)
    attributes = {folded(str(field.label)): name for name, field in fields.items() if "custom." in name}
    mapped |= {column: attributes[folded(column)] for column in columns if folded(column) in attributes}
    mapped = {column: name for column, name in mapped.items() if name}
    if "lead.email" not in mapped.values():
        free = (place for place, column in enumerate(columns) if column not in mapped)
        place = next((place for place in free if has_addresses(layout, place)), None)
        if place is not None:
            mapped[columns[place]] = "lead.email"
    found = [name for name in IDENTITIES if f"lead.{name}" in mapped.values()]
    guess: dict[str, Any] = {"identity": found[0] if found else "email", "columns": mapped, "timezone": timezone}
    if "lead.family_name" in mapped.values():
        guess["names"] = GIVEN_FIRST
    if order := date_order(layout, [column for column, name in mapped.items() if name in DATE_FIELDS]):
        guess["dates"] = order
    happened = [column for column, name in mapped.items() if name in DATE_FIELDS and name != PLANNED]
    if day_without_year(layout, happened):
        guess["year"] = PAST
    if empty := sorted(placeholders(layout, mapped)):
        guess["empty"] = empty
    return guess


def own_columns(columns: Sequence[str]) -> dict[str, str]:
    """The columns of our own export or report that other files call otherwise; "" for those that are ours to say."""
    if columns and set(columns) >= OWN_EXPORT:
        computed = ("score", "fit", "engagement", "qualification", "temperature", "last_active", "team")
        return {"id": "lead.id", **{column: "" for column in computed if column in columns}}
    for language in LANGUAGES:
        with translation.override(language):
            export = {
                pgettext("lead", "Number"): "lead.id",
                _("Owner"): "lead.owner",
                _("Creation date"): "lead.created_at",
                **dict.fromkeys((_("Total score"), _("Fit"), _("Engagement"), _("Qualification")), ""),
                **dict.fromkeys((_("Temperature"), _("Last activity"), _("Team")), ""),
            }
            if export.keys() <= set(columns):
                return export
            row, lead, reason = _("Row"), _("Lead"), _("Reason")
        if len(columns) > 4 and (columns[0], columns[2], columns[3]) == (row, lead, reason):
            return {row: "", columns[1]: "", lead: "lead.id", reason: ""}
    return {}


def has_addresses(layout: Layout, place: int) -> bool:
    """Whether most cells of a column that are not empty are e-mail addresses."""
    cells = [cell for row in layout.sample if place < len(row) and (cell := row[place].strip())]
    return bool(cells) and sum(bool(AT_SIGN.fullmatch(cell)) for cell in cells) > len(cells) / 2


def texts_of(layout: Layout, column: str) -> list[str]:
    """The different texts of a column: all of them where they are few, else those of the first rows."""
    place = layout.columns.index(column)
    counted = layout.values[place]
    if counted is not None:
        return [text for text, _times in counted]
    return list(dict.fromkeys(row[place].strip() for row in layout.sample if place < len(row) and row[place].strip()))


def date_order(layout: Layout, columns: Sequence[str]) -> str:
    """The one order in which all dates of these columns exist; "" where several are possible, or none is needed."""
    possible = set(ORDERS)
    texts = [text for column in columns for text in texts_of(layout, column) if LIKE_A_DATE.match(text)]
    for text in texts:
        possible &= possible_orders(text)
    return possible.pop() if len(possible) == 1 else ""


def is_order_unclear(layout: Layout, columns: Sequence[str]) -> bool:
    """Whether a person must say in which order these columns write their dates."""
    texts = [text for column in columns for text in texts_of(layout, column) if LIKE_A_DATE.match(text)]
    unclear = [text for text in texts if len(possible_orders(text)) == 2]
    return bool(unclear) and not date_order(layout, columns)


def day_without_year(layout: Layout, columns: Sequence[str]) -> str:
    """One of the dates in these columns that have no year; "" where all have one."""
    return next((text for column in columns for text in texts_of(layout, column) if lacks_year(text)), "")


def placeholders(layout: Layout, mapped: dict[str, str]) -> set[str]:
    """The texts of mapped columns that stand for nothing; somebody's own words are left alone."""
    return {
        text
        for column, name in mapped.items()
        if name != ENQUIRY
        for text in texts_of(layout, column)
        if is_placeholder(text) or (is_no_or_nothing(text) and not may_answer_no(name))
    }
