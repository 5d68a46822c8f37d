"""Codes that the database keeps, in the reader's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from leads.enquiry import Span
from leads.enums import DisqualifyReason, EnquiryKind, EnquirySign, Industry, NurtureReason, ReactivateReason
from leads.properties import PropertyType
from web import cldr
from web.formats import number, written

# Codes of stage changes that nobody chose from a list. Higher apps register theirs.
_reasons: dict[str, str | Promise] = {
    **dict(DisqualifyReason.choices),
    **dict(NurtureReason.choices),
    **dict(ReactivateReason.choices),
    "created": gettext_lazy("Entered manually"),
    "quoted_enquiry": gettext_lazy("Sales logged an enquiry"),
    "sent_by_api": gettext_lazy("Sent by another system"),
    "imported": gettext_lazy("Imported"),
    "became_hot": gettext_lazy("Became hot"),
    "given_to_sales": gettext_lazy("Handed off to sales manually"),
    "accepted": gettext_lazy("Accepted by sales"),
    "rejected": gettext_lazy("Rejected by sales"),
    "recycled": gettext_lazy("Returned to nurture"),
    "result_opportunity": gettext_lazy("Became an opportunity"),
    "result_won": gettext_lazy("Won"),
    "result_lost": gettext_lazy("Lost"),
    "result_recycled": gettext_lazy("Returned to nurture"),
    "undone": gettext_lazy("Undone"),
    "merged": gettext_lazy("Merged with a lead at a later stage"),
    "merge_undone": gettext_lazy("Merge undone"),
}

PROPERTY_TYPES: dict[PropertyType, str | Promise] = {
    PropertyType.TEXT: pgettext_lazy("type of a property", "text"),
    PropertyType.NUMBER: pgettext_lazy("type of a property", "number"),
    PropertyType.BOOLEAN: pgettext_lazy("type of a property", "yes/no"),
    PropertyType.DATE: pgettext_lazy("type of a property", "date"),
}
_signs: dict[str, str | Promise] = {
    EnquirySign.QUOTE: gettext_lazy("Asks for a quote"),
    EnquirySign.DEMO: gettext_lazy("Asks for a demo"),
    EnquirySign.TRIAL: gettext_lazy("Asks for a trial or sample"),
    EnquirySign.DOCUMENTS: gettext_lazy("Asks for documents"),
    EnquirySign.CONTACT: gettext_lazy("Asks to be contacted"),
    EnquirySign.NO_QUOTE: gettext_lazy("Doesn’t want a quote"),
    EnquirySign.NO_DEMO: gettext_lazy("Doesn’t want a demo"),
    EnquirySign.NO_TRIAL: gettext_lazy("Doesn’t want a trial or sample"),
    EnquirySign.NO_DOCUMENTS: gettext_lazy("Doesn’t want documents"),
    EnquirySign.NO_CONTACT: gettext_lazy("Doesn’t want to be contacted"),
    EnquirySign.CONTACT_BAN: gettext_lazy("Asks never to be contacted"),
    EnquirySign.COMPARISON: gettext_lazy("Comparing suppliers"),
    EnquirySign.INTEREST: gettext_lazy("Considering a purchase"),
    EnquirySign.WISH: gettext_lazy("Wants to use it"),
    EnquirySign.QUESTION: gettext_lazy("Asks about the product"),
    EnquirySign.VAGUE: gettext_lazy("Vague wording"),
    EnquirySign.REFUSAL: gettext_lazy("No plans"),
    EnquirySign.HEADCOUNT: gettext_lazy("Number of people"),
    EnquirySign.TIMING: gettext_lazy("Timing"),
    EnquirySign.PITCH: gettext_lazy("Offers something"),
    EnquirySign.JOB: gettext_lazy("Looks for work"),
    EnquirySign.SUPPORT: gettext_lazy("Needs help"),
    EnquirySign.OTHER: gettext_lazy("Writes about something else"),
}


def register_stage_reasons(reasons: Mapping[str, str | Promise]) -> None:
    """Let a higher app name the reasons it gives for a stage change."""
    _reasons.update(reasons)


def reason(code: str) -> str:
    """The words of a stage change's reason; an unknown code is shown as it is, without underscores."""
    return str(_reasons.get(code) or code.replace("_", " "))


def sign(kind: str) -> str:
    """What marked words of an enquiry tell."""
    return str(_signs.get(kind, kind))


def said(text: str, clauses: Iterable[Span]) -> list[tuple[str, str]]:
    """Each clause of an enquiry that tells something, and what it tells in words."""
    tells: dict[tuple[int, int], list[str]] = {}
    for begin, end, kind in clauses:
        if 0 <= begin < end <= len(text):
            tells.setdefault((begin, end), []).append(sign(kind))
    return [(text[begin:end].strip(), " · ".join(words)) for (begin, end), words in sorted(tells.items())]


def speaker(kind: str) -> str:
    """Who wrote an enquiry, where it is nobody who may buy."""
    return str(EnquiryKind(kind).label) if kind and kind != EnquiryKind.ENQUIRY else ""


def source(code: str) -> str:
    """Who told us of an activity: api:KEY, import:ID, form, person:ID."""
    kind, _colon, rest = code.partition(":")
    words = {
        "api": _("API key “%(name)s”") % {"name": rest},
        "import": _("Import %(number)s") % {"number": rest},
        "form": _("Form"),
        "demo": _("Demo data"),
        "person": _("Entered manually"),
    }
    return words.get(kind, code)


def industry(text: str) -> str:
    """`real_estate`, `Real Estate` and `real-estate` are 不動産 in Japanese; other texts stand as written."""
    code = text.strip().casefold().replace("-", "_").replace(" ", "_")
    return str(Industry(code).label) if code in Industry.values else text


# Columns of leads and companies that hold text which may be a code, and what says it in words.
_said: Mapping[str, Callable[[str], str]] = {
    "industry": industry,
    "country": cldr.country_name,
    "language": cldr.language_name,
    "currency": cldr.currency_name,
}


def value_words(column: str, value: Any) -> str:
    """The value of a column as a person reads it: `language`, "ja" is Japanese; of other columns by its kind."""
    return _said[column](str(value)) if column in _said and value is not None else written(value)


def value_choices(column: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """Stored values with their words, in the order of the words."""
    return sorted(((value, value_words(column, value)) for value in values), key=lambda pair: pair[1])


def value_behind(column: str, typed: str, values: Iterable[str]) -> str:
    """The stored one of `values` whose words somebody typed or left as they stood; else what was typed."""
    return next((value for value in values if value_words(column, value) == typed), typed)


def employees(count: int | None) -> str:
    """How many people a company has; nothing where that is not known."""
    return ngettext("%(number)s employee", "%(number)s employees", count) % {"number": number(count)} if count else ""
