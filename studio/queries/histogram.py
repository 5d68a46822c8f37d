"""The distribution of totals now and after, as a picture drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from studio.queries.effect_summary import ScoreBin

STEP, BAR, HEIGHT = 10, 4, 60


def histogram(bins: Sequence[ScoreBin], label: str) -> SafeString:
    """Two bars a bin. Heights follow the square root: beside thousands of cold leads a dozen hot ones stay in sight."""
    tallest = max((max(score_bin.now, score_bin.after) for score_bin in bins), default=0) or 1
    bars = []
    for place, score_bin in enumerate(bins):
        for shift, css, leads in ((1, "now", score_bin.now), (1 + BAR, "after", score_bin.after)):
            height = max(0.7, sqrt(leads / tallest) * HEIGHT) if leads else 0.0
            bars.append((css, place * STEP + shift, f"{HEIGHT - height:.1f}", BAR, f"{height:.1f}"))
    width = len(bins) * STEP
    return format_html(
        '<svg class="lq-histogram" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}'
        '<line x1="0" x2="{}" y1="{}" y2="{}"/></svg>',
        width, HEIGHT + 1, label,
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}"/>', bars),
        width, HEIGHT, HEIGHT,
    )  # fmt: skip
