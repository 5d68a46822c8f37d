"""Small pictures as SVG text: no script, no style attribute, colours by class."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from lucide.templatetags.lucide import lucide

Part = tuple[str, float]


def _number(value: float) -> str:
    """An SVG number: at most two decimals, a point whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def stacked_bar(parts: Iterable[Part], label: str) -> SafeString:
    """One bar of 100 units from (class, width) pairs; negative widths draw nothing, what is past 100 is cut.

    Without a label it only repeats to the eye what stands beside it.
    """
    drawn, x = [], 0.0
    for name, width in parts:
        width = max(0.0, min(float(width), 100 - x))
        if width:
            drawn.append((name, _number(x), _number(width)))
            x += width
    rects = format_html_join("", '<rect class="{}" x="{}" width="{}" height="6"/>', drawn)
    said = format_html('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return format_html(
        '<svg class="lq-bars" viewBox="0 0 100 6" preserveAspectRatio="none" {}>'
        '<rect class="track" width="100" height="6"/>{}</svg>',
        said,
        rects,
    )


def _path(points: Sequence[tuple[float, float]], low: float, high: float) -> str:
    left, right = points[0][0], points[-1][0]
    across, up = (right - left) or 1, (high - low) or 1
    steps = (f"{_number((x - left) / across * 100)} {_number(40 - (y - low) / up * 40)}" for x, y in points)
    return "M" + " L".join(steps)


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
    low, high = min([*values, 0]), max(values)
    lines = []
    if threshold is not None:
        y = _number(40 - (threshold - low) / ((high - low) or 1) * 40)
        lines.append(("threshold", "0", "100", y, y))
    left, across = points[0][0], (points[-1][0] - points[0][0]) or 1
    for mark in marks:
        x = _number((mark - left) / across * 100)
        lines.append(("mark", x, x, "0", "40"))
    return format_html(
        '<svg class="{}" viewBox="0 0 100 40" preserveAspectRatio="none" role="img" aria-label="{}">{}'
        '<path d="{}"/></svg>',
        css,
        label,
        format_html_join("", '<line class="{}" x1="{}" x2="{}" y1="{}" y2="{}"/>', lines),
        _path(points, low, high),
    )


@cache
def icon(name: str, size: int = 18) -> SafeString:
    """A Lucide icon; it says nothing to screen readers, the words beside it do."""
    return SafeString(lucide(name, size=size, aria_hidden="true"))
