"""The buttons of a hand-off as HTML: those of the steps that this person can take now, and a menu of the rarer ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.enums import HandoffState, Verdict
from handoff.queries.rows import Allowed, Row
from web import addresses, atoms
from web.drawing import icon

UNREACHABLE = "unreachable"  # the code of the shipped reason


def address_of(name: str, pk: int) -> str:
    """The address of a step."""
    return addresses.address_of(f"handoff:{name}", pk)


def step_buttons(row: Row, *, view: str, csrf_token: str, is_small: bool, is_first: bool = False) -> SafeString:
    """The buttons of `row`. `view` ("queue" or "panel") is what the answer redraws.

    In a row (`is_small`) the lead can be peeked at, and only the first row's claim is drawn as the main thing to do.
    """
    allowed, state, pk = row.allowed, row.handoff.state, row.handoff.pk
    post = _posting(pk, view, csrf_token)
    shown: list[str] = []
    if allowed.claim:
        words = _("Take over") if state == HandoffState.CONTACTED else _("Claim")
        kind = "plain" if is_small and not is_first else "main"
        shown.append(post("claim", atoms.button(words, kind=kind, type="submit", key="c")))
    if allowed.accept:
        shown.append(post("accept", atoms.button(_("Accept"), kind="main", type="submit", key="a")))
    if allowed.contact and state in (HandoffState.QUEUED, HandoffState.CLAIMED):
        shown.append(_link("contact", pk, view, _("Log contact"), "c"))
    if allowed.result and not allowed.accept:
        shown.append(_link("result", pk, view, _("Record result"), "e"))
    if allowed.deal and view == "panel":
        shown.append(_link("deal", pk, view, _("Change opportunity"), "", kind="plain"))
    if allowed.reject and row.tries is not None and row.tries.is_over:
        shown.append(_link("reject", pk, view, _("Return to nurture"), "", reason=UNREACHABLE))
    if is_small:
        href = address_of("peek", pk)
        extra = atoms.attributes({"data-peek": pk})
        shown.append(atoms.button("", icon_name="eye", label=_("Preview"), kind="quiet", href=href, extra=extra))
    shown.append(_menu(row, view, csrf_token, is_small=is_small))
    return SafeString("\n".join(shown))


RATING_KEYS = {Verdict.GOOD: ("thumbs-up", "+"), Verdict.SO_SO: ("meh", "0"), Verdict.WRONG: ("thumbs-down", "-")}


def rating_buttons(row: Row, *, view: str, csrf_token: str) -> SafeString:
    """The survey: three answers, a press or a key each; nothing where this person is not asked."""
    if not row.asks_for_rating:
        return atoms.NOTHING
    post = _posting(row.handoff.pk, view, csrf_token)
    pressed = []
    for answer, (picture, key) in RATING_KEYS.items():
        words = _("%(answer)s lead") % {"answer": answer.label}
        button = atoms.button("", icon_name=picture, label=words, kind="quiet", type="submit", key=key)
        pressed.append(post(f"rate/{answer}", button))
    return SafeString("".join(pressed))


@dataclass(frozen=True, kw_only=True)
class MenuEntry:
    """A rarer step: it opens its dialog, or, with `posts`, is taken at once."""

    step: str
    picture: str
    words: str | Promise
    key: str = ""
    posts: bool = False


MENU = (
    MenuEntry(step="contact", picture="phone", words=gettext_lazy("Log contact"), key="c"),
    MenuEntry(step="result", picture="flag", words=gettext_lazy("Record result"), key="e"),
    MenuEntry(step="deal", picture="pencil", words=gettext_lazy("Change opportunity")),
    MenuEntry(step="reject", picture="thumbs-down", words=gettext_lazy("Reject"), key="d"),
    MenuEntry(step="snooze", picture="alarm-clock", words=gettext_lazy("Snooze"), key="s"),
    MenuEntry(step="skip", picture="skip-forward", words=gettext_lazy("Skip"), key=","),
    MenuEntry(step="wake", picture="alarm-clock-off", words=gettext_lazy("End snooze"), posts=True),
    MenuEntry(step="pause", picture="pause", words=gettext_lazy("Wait for customer")),
    MenuEntry(step="resume", picture="play", words=gettext_lazy("Resume deadlines"), posts=True),
    MenuEntry(step="release", picture="undo-2", words=gettext_lazy("Return to team"), posts=True),
    MenuEntry(step="assign", picture="user-check", words=gettext_lazy("Assign")),
    MenuEntry(step="due", picture="calendar-clock", words=gettext_lazy("Change deadline")),
)
ROW_MENU = "row-menu"  # the id of the template from which the browser fills the menus of the rows


def menu_entries(csrf_token: str) -> SafeString:
    """Every entry of a row's menu, once for a page, with 0 in the place of the hand-off.

    A row only names its entries (`_menu`), and the browser copies them (static/js/menu.js): written out in each of the
    rows they were half of what a queue page weighs.
    """
    return SafeString("".join(_entry(entry, 0, "queue", csrf_token) for entry in MENU))


def _menu(row: Row, view: str, csrf_token: str, *, is_small: bool) -> str:
    """The menu of the rarer steps: their names in a row of a list, the entries themselves elsewhere."""
    offered, pk = _rarer(row, view), row.handoff.pk
    if not offered:
        return ""
    if is_small:
        names = " ".join(entry.step for entry in offered)
        return atoms.filled_menu(names, template=ROW_MENU, pk=pk, label=_("More"))
    content = SafeString("".join(_entry(entry, pk, view, csrf_token) for entry in offered))
    return atoms.menu(content, name=f"more-{view}-whole-{pk}", label=_("More"))


def _rarer(row: Row, view: str) -> list[MenuEntry]:
    """What stands in the menu: what may be done and has no button of its own."""
    allowed = row.allowed
    offered = {
        "contact": allowed.contact and row.handoff.state not in (HandoffState.QUEUED, HandoffState.CLAIMED),
        "result": allowed.accept and allowed.result,
        "deal": allowed.deal and view == "queue",
        "reject": allowed.reject,
        "snooze": allowed.snooze,
        "skip": allowed.skip and view == "queue",
        "wake": allowed.wake,
        "pause": allowed.pause,
        "resume": allowed.resume,
        "release": allowed.release,
        "assign": allowed.assign,
        "due": allowed.due,
    }
    return [entry for entry in MENU if offered[entry.step]]


CARD_MENU = (
    MenuEntry(step="assign", picture="user-check", words=gettext_lazy("Assign"), key="a"),
    MenuEntry(step="contact", picture="phone", words=gettext_lazy("Log contact"), key="c"),
    MenuEntry(step="accept", picture="check", words=gettext_lazy("Accept"), posts=True),
    MenuEntry(step="result", picture="flag", words=gettext_lazy("Record result"), key="e"),
    MenuEntry(step="reject", picture="thumbs-down", words=gettext_lazy("Reject"), key="d"),
)


def card_steps(pk: int, allowed: Allowed, *, place: str, csrf_token: str) -> SafeString:
    """The menu of a hand-off on the board at `place`; nothing where its reader can do nothing with it."""
    steps = [_entry(entry, pk, "queue", csrf_token) for entry in CARD_MENU if getattr(allowed, entry.step)]
    if not steps:
        return atoms.NOTHING
    return atoms.menu(SafeString("".join(steps)), name=f"more-{place}-{pk}", label=_("More"), size="small")


def _posting(pk: int, view: str, csrf_token: str) -> Callable[[str, str], str]:
    """A function that puts a button into the form that posts a step of a hand-off."""
    field = f'<input type="hidden" name="csrfmiddlewaretoken" value="{atoms.as_html(csrf_token)}">'

    values = atoms.as_html(json.dumps({"view": view}))

    def post(name: str, pressed: str) -> str:
        step, _slash, choice = name.partition("/")
        address = address_of(step, pk) + (f"{choice}/" if choice else "")
        opening = f'<form method="post" action="{address}" hx-post="{address}" hx-vals="{values}" hx-swap="none">'
        return f"{opening}{field}{pressed}</form>"

    return post


def _link(name: str, pk: int, view: str, words: str, key: str, kind: str = "", **asked: str) -> str:
    """The link to the dialog of a step; `asked` is what stands in it beforehand."""
    address = f"{address_of(name, pk)}?{urlencode({'view': view, **asked})}"
    extra = atoms.attributes({"hx-get": address, "hx-target": "#dialog"})
    return atoms.button(words, kind=kind or ("plain" if asked else "main"), key=key, href=address, extra=extra)


def _entry(entry: MenuEntry, pk: int, view: str, csrf_token: str) -> str:
    """One entry of the menu of hand-off `pk`."""
    named: dict[str, object] = {"type": "submit" if entry.posts else "button", "data-step": entry.step}
    if entry.key:
        named |= {"data-key": entry.key, "aria-keyshortcuts": entry.key}
    if not entry.posts:
        address = f"{address_of(entry.step, pk)}?{urlencode({'view': view})}"
        named |= {"hx-get": address, "hx-target": "#dialog"}
    hint = f'<kbd aria-hidden="true">{entry.key}</kbd>' if entry.key else ""
    shown = f"{icon(entry.picture, 16)}{atoms.as_html(entry.words)}{hint}"
    button = f"<button{atoms.attributes(named)}>{shown}</button>"
    return _posting(pk, view, csrf_token)(entry.step, button) if entry.posts else button
