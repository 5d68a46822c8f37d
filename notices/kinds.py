"""The kinds of notices: each app registers the words of what it announces when it is ready; nobody stores prose."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.policies import EVERYONE

OPEN = _("Open")


@dataclass(frozen=True, kw_only=True)
class NoticeTopic:
    """Kinds that people choose together: what comes by mail, what goes to which destination.

    `is_personal`: only the person who is told has any use for it, a chat of many has none. An escalation is told
    whatever time it is. `roles` are those who are ever told.
    """

    code: str
    label: str | Promise
    is_personal: bool = False
    is_escalation: bool = False
    roles: tuple[Role, ...] = EVERYONE


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """The words of one kind, with %(name)s for params.

    `subject` is a mail's, in some 30 characters with the name of what it is about; without one the line is cut.
    `shared_line` and `shared_body` stand for line and body where many read them and nobody is "you"; the names of
    those who were told are `people`. A param `..._at` is an ISO time, shown in the reader's zone; `..._ja` and
    `..._en` are one text in two languages.
    """

    code: str
    topic: NoticeTopic
    line: str | Promise
    body: str | Promise = ""
    subject: str | Promise = ""
    shared_line: str | Promise = ""
    shared_body: str | Promise | None = None
    action: str | Promise = OPEN
    icon: str = "bell"
    urgent: bool = False


OTHER = NoticeTopic(code="other", label=_("Other notifications"), is_personal=True)
UNKNOWN = NoticeKind(code="", topic=OTHER, line=_("Something has changed."))
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


def topics() -> list[NoticeTopic]:
    """What people choose from, in the order in which the apps registered it."""
    return list(dict.fromkeys(kind.topic for kind in _kinds.values()))


def topics_for(role: str) -> list[NoticeTopic]:
    """What somebody of this role may be told of."""
    return [topic for topic in topics() if role in topic.roles]


def shared_topics() -> list[NoticeTopic]:
    """What destinations may be sent."""
    return [topic for topic in topics() if not topic.is_personal]


def topic_words(code: str) -> str:
    """What a topic is called; the code of one that no longer exists."""
    return next((str(topic.label) for topic in topics() if topic.code == code), code)


def codes_of_topic(topic: str) -> list[str]:
    """The kinds of a topic; none for a topic that does not exist."""
    return [kind.code for kind in _kinds.values() if kind.topic.code == topic]
