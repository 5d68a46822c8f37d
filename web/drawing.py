"""Small pictures as SVG text: no script, no style attribute, colours by class."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

BarPart = tuple[str, float]


def _number(value: float) -> str:
    """An SVG number: at most two decimals, a point whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def stacked_bar(parts: Iterable[BarPart], label: str) -> SafeString:
    """One bar of 100 units from (class, width) pairs; negative widths draw nothing, what is past 100 is cut.

    Without a label it only repeats to the eye what stands beside it.
    """
    rects, x = "", 0.0
    for name, width in parts:
        width = max(0.0, min(float(width), 100 - x))
        if width:
            rects += f'<rect class="{conditional_escape(name)}" x="{_number(x)}" width="{_number(width)}" height="6"/>'
            x += width
    label_markup = f'role="img" aria-label="{conditional_escape(label)}"' if label else 'aria-hidden="true"'
    return SafeString(
        f'<svg class="lq-bars" viewBox="0 0 100 6" preserveAspectRatio="none" {label_markup}>'
        f'<rect class="track" width="100" height="6"/>{rects}</svg>'
    )


def curve(
    points: Sequence[tuple[float, float]],
    label: str,
    *,
    threshold: float | None = None,
    marks: Sequence[float] = (),
    css: str,
) -> SafeString:
    """A line through (x, y) points in a box of 100 x 40, with an optional dashed threshold and upright marks at x."""
    values = [y for _x, y in points] + ([] if threshold is None else [threshold])
    if not values or not points:
        return SafeString()
    low, left = min([*values, 0]), points[0][0]
    up, across = (max(values) - low) or 1, (points[-1][0] - left) or 1
    steps = (f"{_number((x - left) / across * 100)} {_number(40 - (y - low) / up * 40)}" for x, y in points)
    lines = []
    if threshold is not None:
        y = _number(40 - (threshold - low) / up * 40)
        lines.append(("threshold", "0", "100", y, y))
    for mark in marks:
        x = _number((mark - left) / across * 100)
        lines.append(("mark", x, x, "0", "40"))
    return format_html(
        '<svg class="{}" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="{}">{}'
        '<path d="{}"/></svg>',
        css,
        label,
        format_html_join("", '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', lines),
        "M" + " L".join(steps),
    )


# What every icon repeats is label_markup once, by `.lq-icon` in app.css.
_REPEATED = re.compile(r' (?:xmlns|fill|stroke|stroke-width|stroke-linecap|stroke-linejoin)="[^"]*"')


@cache
def icon(name: str, size: int = 18) -> SafeString:
    """A Lucide icon; it says nothing to screen readers, the words beside it do."""
    head, _close, shapes = lucide(name, size=size, aria_hidden="true").partition(">")
    drawn = "".join(line.strip() for line in shapes.splitlines())
    return SafeString(f'{_REPEATED.sub("", head)} class="lq-icon">{drawn}')
