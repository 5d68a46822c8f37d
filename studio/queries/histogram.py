"""The distribution of totals now and after, as a picture drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from scoring.lead_sets import set_address
from studio.queries.effect_summary import ScoreBin
from web.formats import number, span

STEP, BAR, HEIGHT = 10, 4, 60
BARS = '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>'
OPENING = (
    '<a href="{}" tabindex="-1"><title>{}</title>'
    '<rect class="lq-histogram-room" x="{}" y="0" width="{}" height="{}"/>{}</a>'
)


def histogram(bins: Sequence[ScoreBin], label: str, sets: str = "") -> SafeString:
    """Two bars a bin. Heights follow the square root: beside thousands of cold leads a dozen hot ones stay in sight.

    With `sets` (`studio.queries.lead_sets`) a bar opens its leads, wherever above it one presses. The links are left
    out of the tab order and of what is read out: the table below the picture has them again.
    """
    tallest = max((max(score_bin.now, score_bin.after) for score_bin in bins), default=0) or 1
    bars = []
    for place, score_bin in enumerate(bins):
        for shift, css, leads in ((1, "now", score_bin.now), (1 + BAR, "after", score_bin.after)):
            height = max(0.7, sqrt(leads / tallest) * HEIGHT) if leads else 0.0
            bar = format_html(BARS, css, place * STEP + shift, f"{HEIGHT - height:.1f}", BAR, f"{height:.1f}")
            if sets and leads:
                address = set_address(f"{sets}.bin-{css}.{place}")
                title = f"{span(str(score_bin.first), str(score_bin.first + 100 // len(bins)))}: {number(leads)}"
                bar = format_html(OPENING, address, title, place * STEP + shift, BAR, HEIGHT, bar)
            bars.append((bar,))
    width = len(bins) * STEP
    return format_html(
        '<svg class="lq-histogram" viewBox="0 0 {} {}" preserveAspectRatio="none" {}>{}'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/></svg>',
        width, HEIGHT + 1,
        format_html('{}="true"', "aria-hidden") if sets else format_html('role="img" aria-label="{}"', label),
        format_html_join("", "{}", bars),
        width, HEIGHT, HEIGHT,
    )  # fmt: skip
