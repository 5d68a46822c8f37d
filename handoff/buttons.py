"""The buttons of a hand-off as HTML: those of the steps that this person can take now, and a menu of the rarer ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
    rarer = _rarer(row, view, post)
    if rarer:
        content = SafeString("".join(rarer))
        shown.append(atoms.menu(content, name=f"more-{view}-{'row' if is_small else 'whole'}-{pk}", label=_("More")))
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


def _rarer(row: Row, view: str, post: Callable[[str, str], str]) -> list[str]:
    """What stands in the menu."""
    allowed, pk = row.allowed, row.handoff.pk
    is_contacted = row.handoff.state not in (HandoffState.QUEUED, HandoffState.CLAIMED)
    dialog = partial(_dialog, pk=pk, view=view)
    offered: tuple[tuple[bool, Callable[[], str]], ...] = (
        (allowed.contact and is_contacted, lambda: dialog("contact", picture="phone", words=_("Log contact"), key="c")),
        (allowed.accept and allowed.result,
         lambda: dialog("result", picture="flag", words=_("Record result"), key="e")),
        (allowed.deal and view == "queue",
         lambda: dialog("deal", picture="pencil", words=_("Change opportunity"))),
        (allowed.reject, lambda: dialog("reject", picture="thumbs-down", words=_("Reject"), key="d")),
        (allowed.snooze, lambda: dialog("snooze", picture="alarm-clock", words=_("Snooze"), key="s")),
        (allowed.skip and view == "queue", lambda: dialog("skip", picture="skip-forward", words=_("Skip"), key=",")),
        (allowed.wake, lambda: post("wake", _entry("alarm-clock-off", _("End snooze")))),
        (allowed.pause, lambda: dialog("pause", picture="pause", words=_("Wait for customer"))),
        (allowed.resume, lambda: post("resume", _entry("play", _("Resume deadlines")))),
        (allowed.release, lambda: post("release", _entry("undo-2", _("Return to team")))),
        (allowed.assign, lambda: dialog("assign", picture="user-check", words=_("Assign"))),
        (allowed.due, lambda: dialog("due", picture="calendar-clock", words=_("Change deadline"))),
    )  # fmt: skip
    return [draw() for is_offered, draw in offered if is_offered]


def card_steps(pk: int, allowed: Allowed, *, place: str, csrf_token: str) -> SafeString:
    """The menu of a hand-off on the board at `place`; nothing where its reader can do nothing with it."""
    post = _posting(pk, "queue", csrf_token)
    dialog = partial(_dialog, pk=pk, view="queue")
    steps = []
    if allowed.assign:
        steps.append(dialog("assign", picture="user-check", words=_("Assign"), key="a"))
    if allowed.contact:
        steps.append(dialog("contact", picture="phone", words=_("Log contact"), key="c"))
    if allowed.accept:
        steps.append(post("accept", _entry("check", _("Accept"), step="accept")))
    if allowed.result:
        steps.append(dialog("result", picture="flag", words=_("Record result"), key="e"))
    if allowed.reject:
        steps.append(dialog("reject", picture="thumbs-down", words=_("Reject"), key="d"))
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


def _dialog(name: str, *, pk: int, view: str, picture: str, words: str, key: str = "") -> str:
    pressed = f' data-key="{key}" aria-keyshortcuts="{key}"' if key else ""
    hint = f'<kbd aria-hidden="true">{key}</kbd>' if key else ""
    address = atoms.as_html(f"{address_of(name, pk)}?{urlencode({'view': view})}")
    opener = f'<button type="button" data-step="{name}"{pressed} hx-get="{address}" hx-target="#dialog">'
    return f"{opener}{icon(picture, 16)}{atoms.as_html(words)}{hint}</button>"


def _entry(picture: str, words: str, step: str = "") -> str:
    named = f' data-step="{step}"' if step else ""
    return f'<button type="submit"{named}>{icon(picture, 16)}{atoms.as_html(words)}</button>'
