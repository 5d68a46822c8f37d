"""The kinds of notices: each app registers the words of what it announces when it is ready; nobody stores prose."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPEN = _("Open")


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """The words of one kind, with %(name)s for params.

    `subject` is a mail's, in some 30 characters with the name of what it is about; without one the line is cut.
    A param `..._at` is an ISO time, shown in the reader's zone; `..._ja` and `..._en` are one text in two languages.
    """

    code: str
    line: str | Promise
    body: str | Promise = ""
    subject: str | Promise = ""
    action: str | Promise = OPEN
    icon: str = "bell"
    urgent: bool = False


UNKNOWN = NoticeKind(code="", line=_("Something has changed."))
_kinds: dict[str, NoticeKind] = {}


def register_notice_kinds(*kinds: NoticeKind) -> None:
    """Make kinds known; called once by each app when it is ready."""
    for kind in kinds:
        if kind.code in _kinds:
            raise ValueError(f"{kind.code} is registered twice")
        _kinds[kind.code] = kind


def kind_of(code: str) -> NoticeKind:
    """The kind with this code. A notice of a kind that no longer exists stays readable."""
    return _kinds.get(code, UNKNOWN)
