"""Codes that the database keeps, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.enums import DisqualifyReason, EnquirySign, NurtureReason, ReactivateReason

# Codes of stage changes that nobody chose from a list. Higher apps register theirs.
_reasons: dict[str, str | Promise] = {
    **dict(DisqualifyReason.choices),
    **dict(NurtureReason.choices),
    **dict(ReactivateReason.choices),
    "created": gettext_lazy("Entered manually"),
    "quoted_enquiry": gettext_lazy("Sales logged an enquiry"),
    "imported": gettext_lazy("Imported"),
    "became_hot": gettext_lazy("Became hot"),
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

_signs: dict[str, str | Promise] = {
    EnquirySign.QUOTE: gettext_lazy("Asks for a quote"),
    EnquirySign.COMPARISON: gettext_lazy("Comparing suppliers"),
    EnquirySign.INTEREST: gettext_lazy("Considering a purchase"),
    EnquirySign.WISH: gettext_lazy("Feature requests"),
    EnquirySign.VAGUE: gettext_lazy("Vague wording"),
    EnquirySign.REFUSAL: gettext_lazy("No plans"),
    EnquirySign.HEADCOUNT: gettext_lazy("Number of people"),
    EnquirySign.TIMING: gettext_lazy("Timing"),
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


def source(code: str) -> str:
    """Who told us of an activity: api:KEY, import:ID, form, person:ID."""
    kind, _colon, rest = code.partition(":")
    words = {
        "api": _("API key “%(name)s”") % {"name": rest},
        "import": _("Import %(number)s") % {"number": rest},
        "form": _("Form"),
        "person": _("Entered manually"),
    }
    return words.get(kind, code)
