"""The small pieces that lists draw by the hundred: badge, temperature, score, due time, button, menu.

Written in Python because a component of templates costs a millisecond where a piece of text costs microseconds. The
components of `templates/ui/` say the same through these functions, so that each piece is defined once.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from html import escape

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from web import drawing
from web.drawing import icon
from web.formats import points

HEAT_ICONS = {"hot": "flame", "warm": "sun"}
NOTHING = SafeString("")


def as_html(value: object) -> str:
    """A value as HTML text; what is HTML already stays as it is. A page of fifty rows asks two thousand times."""
    return value if isinstance(value, SafeString) else escape(str(value))


def attributes(values: Mapping[str, object]) -> SafeString:
    """HTML attributes with a space before each: True is the name alone, False and None are left out.

    Quotes are escaped whatever the value was marked as, for the JSON of hx-vals too.
    """
    shown = [(name, value) for name, value in values.items() if value is not False and value is not None]
    return SafeString(
        "".join(f" {name}" if value is True else f' {name}="{_attribute(value)}"' for name, value in shown)
    )


def _attribute(value: object) -> str:
    return as_html(value).replace('"', "&quot;")


def badge(words: str, *, kind: str = "plain", icon_name: str = "", extra: SafeString = NOTHING) -> SafeString:
    """A word in a coloured box; `kind` is plain, good, warning, bad, accent, hot, warm or cold."""
    picture = icon(icon_name, 12) if icon_name else ""
    return SafeString(f'<span class="lq-badge lq-badge-{as_html(kind)}"{extra}>{picture}{as_html(words)}</span>')


def heat(band: str, words: str = "") -> SafeString:
    """Hot, warm or cold by word and icon; `words` stand in the place of the band's own."""
    picture = icon(HEAT_ICONS.get(band, "snowflake"), 12)
    shown: str = {"hot": _("Hot"), "warm": _("Warm")}.get(band, _("Cold"))
    if words.strip():
        shown = f"<span>{as_html(words)}</span>"  # one thing beside the icon, also where a time stands in it
    return SafeString(f'<span class="lq-heat lq-heat-{as_html(band)}">{picture}{shown}</span>')


def interest(band: str) -> SafeString:
    """The interest level of a total by its word: high, medium or low. Nobody is hot by it, so it looks like no heat."""
    shown = {"hot": _("High interest"), "warm": _("Medium interest")}.get(band, _("Low interest"))
    return badge(shown)


def score_bar(fit: int, engagement: int, qualification: int) -> SafeString:
    """The stacked bar of a score, in hundredths, with its numbers for those who do not see it."""
    label = _("fit %(fit)s, engagement %(engagement)s, qualification %(qualification)s") % {
        "fit": points(fit),
        "engagement": points(engagement),
        "qualification": points(qualification),
    }
    parts = [("fit", (fit or 0) / 100), ("engagement", (engagement or 0) / 100)]
    return drawing.stacked_bar([*parts, ("qualification", (qualification or 0) / 100)], label)


def trend(change: int) -> str:
    """↑6 or ↓2 from a change in hundredths; → when it is less than a point."""
    words = points(abs(int(change)))
    return "→" if words == "0" else f"{'↑' if int(change) > 0 else '↓'}{words}"


def score(
    total: int = 0,
    fit: int = 0,
    engagement: int = 0,
    qualification: int = 0,
    *,
    change: int | str = "",
    grade: str = "",
    shape: str = "block",
) -> SafeString:
    """A score as number, trend, grade and bar, from hundredths. `shape` is block, line or wide."""
    beside = ""
    if shape != "line":
        base = as_html(_("Change in 7 days"))
        moved = f'<span title="{base}">{trend(int(change))}</span>' if change != "" else ""
        graded = f"<span>{as_html(grade)}</span>" if grade else ""
        beside = f'<span class="lq-score-trend">{moved}{graded}</span>'
    number = f'<span class="lq-score-number">{points(total)}</span>'
    bar = score_bar(fit, engagement, qualification)
    return SafeString(f'<span class="lq-score lq-score-{as_html(shape)}">{number}{beside}{bar}</span>')


def due(moment: str, left: str, *, state: str = "", rule: str = "") -> SafeString:
    """When something is due and what is left of the time; `state` is soon, late or nothing."""
    title = f' title="{_attribute(rule)}"' if rule else ""
    shape = f"lq-due-{as_html(state)}" if state else ""
    return SafeString(
        f'<div class="lq-due {shape}"{title}><b>{as_html(moment)}</b><small>{as_html(left)}</small></div>'
    )


def button(
    words: str,
    *,
    kind: str = "plain",
    icon_name: str = "",
    size: str = "",
    href: str = "",
    type: str = "button",  # the attribute's own name
    label: str = "",
    key: str = "",
    opens: str = "",
    extra: SafeString = NOTHING,
) -> SafeString:
    """A link with `href`, else a button; `kind` is main, plain, quiet or danger.

    `label` names a button that shows only an icon, `key` presses it, `opens` names the dialog that it opens.
    """
    small = " lq-btn-small" if size == "small" else ""
    name = "a" if href else "button"
    named: dict[str, object] = {"href": href} if href else {"type": type}
    named["class"] = f"btn lq-btn-{kind}{small}{' lq-btn-icon' if label else ''}"
    if label:
        named |= {"aria-label": label, "title": label}
    if key:
        named |= {"aria-keyshortcuts": key, "data-key": key}
    if opens:
        named |= {"data-opens": opens, "aria-haspopup": "dialog"}
    picture = icon(icon_name, 16) if icon_name else ""
    hint = f'<kbd aria-hidden="true">{as_html(key)}</kbd>' if key else ""
    return SafeString(f"<{name}{attributes(named)}{extra}>{picture}{as_html(words)}{hint}</{name}>")


def menu(
    content: str,
    *,
    name: str,
    label: str = "",
    icon_name: str = "ellipsis",
    kind: str = "quiet",
    size: str = "",
    trigger: str = "",
    face: str = "",
) -> SafeString:
    """A button that opens a list of links and buttons; `trigger` are words on it, `face` is what it shows instead."""
    is_bare = not trigger and not face
    small = " lq-btn-small" if size == "small" else ""
    picture = icon(icon_name, 18) if icon_name else ""
    opener = attributes(
        {
            "type": "button",
            "class": f"btn lq-btn-{kind}{small}{' lq-btn-icon' if is_bare else ''}",
            "popovertarget": name,
            "aria-label": label if is_bare else None,
            "title": label,
        }
    )
    shown = as_html(face) if face else f"{picture}{as_html(trigger)}"
    panel = attributes({"class": "lq-menu-panel", "id": name, "popover": True})
    return SafeString(f"<lq-menu><button{opener}>{shown}</button><div{panel}>{as_html(content)}</div></lq-menu>")


def filled_menu(entries: str, *, template: str, pk: int, label: str) -> SafeString:
    """A menu of a row that is filled in the browser: the names of its entries, the id of the template that has them
    with 0 in the place of the row's `pk`, and what the menu is called."""
    named = {"data-entries": entries, "data-from": template, "data-pk": pk}
    opener = attributes({"popovertarget": f"{template}-{pk}", "aria-label": label, "title": label})
    shown = f'<button type="button" class="btn lq-btn-quiet lq-btn-icon"{opener}>{icon("ellipsis", 18)}</button>'
    return SafeString(f"<lq-menu{attributes(named)}>{shown}</lq-menu>")


def cached_heat(band: str) -> SafeString:
    """`heat` with the band's own words, made once for each language."""
    return _cached_heat(band, get_language() or "")


@cache
def _cached_heat(band: str, language: str) -> SafeString:
    return heat(band)
