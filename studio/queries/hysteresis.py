"""How long a lead stays hot, as a picture with the numbers of one definition."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from engine.measures import number
from engine.nodes import HotDefinition, default_exit
from scoring.queries.words import reader

WIDTH, HEIGHT = 320, 116
TOP = 8  # of 100 points
FIRST, PEAK, SINK, LAST = 20, 110, 180, 300  # where the line turns
LOW, TOPMOST = 20, 96  # points it starts and ends with at most, points of its peak at least
GRACE = 45  # width of the grace time


@dataclass(frozen=True, kw_only=True)
class Hysteresis:
    """A picture, and the same in sentences. `enter` is None where conditions alone decide."""

    picture: SafeString
    steps: tuple[str, ...]


def hysteresis_of(definition: HotDefinition) -> Hysteresis | None:
    """None for a definition that ends as soon as it is not met."""
    below = default_exit(definition.when)
    if below is None or definition.exit_total is None:
        return None
    enter, words = below + 10, reader()  # the total that makes hot by itself
    steps = [
        _("Hot from %(enter)s points.") % {"enter": number(enter)},
        _("Between %(exit)s and %(enter)s it stays hot, so it doesn’t switch back and forth or notify twice.")
        % {"exit": number(definition.exit_total), "enter": number(enter)},
    ]
    if definition.grace:
        time = words.duration(definition.grace)
        steps.append(_("At %(exit)s or less it stays hot for another %(time)s.") % {
            "exit": number(definition.exit_total), "time": time,
        })  # fmt: skip
    else:
        steps.append(_("At %(exit)s or less it stops being hot immediately.") % {"exit": number(definition.exit_total)})
    return Hysteresis(picture=hysteresis_picture(definition, enter, definition.exit_total), steps=tuple(steps))


def _y(points: float | Decimal) -> float:
    """The height of so many points in the picture."""
    return round(TOP + 100 - min(100.0, max(0.0, float(points))), 1)


def hysteresis_picture(definition: HotDefinition, enter: Decimal, exit_total: Decimal) -> SafeString:
    """A total that rises over `enter`, sinks under `exit_total`, and the time for which the lead is hot."""
    low, peak = min(LOW, max(0.0, float(exit_total) - 15)), max(TOPMOST, float(enter))
    began = FIRST + (PEAK - FIRST) * (float(enter) - low) / (peak - low)
    sunk = (float(enter) - max(0.0, float(exit_total))) / max(1.0, float(enter) - low)
    cooled = min(LAST, SINK + (LAST - SINK) * max(0.0, sunk))
    ended = min(WIDTH, cooled + (GRACE if definition.grace else 0))
    path = f"M{FIRST} {_y(low)} L{PEAK} {_y(peak)} L{SINK} {_y(enter)} L{LAST} {_y(low)}"
    label = _("Hot from %(enter)s, until %(exit)s.") % {"enter": number(enter), "exit": number(exit_total)}
    return format_html(
        '<svg class="lq-hysteresis" viewBox="0 0 {w} {h}" role="img" aria-label="{label}">'
        '<rect class="hot" x="{began:s}" y="{top}" width="{lasts:s}" height="100"/>'
        '<rect class="grace" x="{cooled:s}" y="{top}" width="{grace:s}" height="100"/>'
        '<line class="enter" x1="0" x2="{w}" y1="{enter:s}" y2="{enter:s}"/>'
        '<line class="exit" x1="0" x2="{w}" y1="{exit:s}" y2="{exit:s}"/><path d="{path}"/>'
        '<text x="{w}" y="{enter_text:s}">{enter_words}</text>'
        '<text x="{w}" y="{exit_text:s}">{exit_words}</text></svg>',
        w=WIDTH, h=HEIGHT, top=TOP, label=label, path=path,
        began=f"{began:.1f}", lasts=f"{cooled - began:.1f}", cooled=f"{cooled:.1f}", grace=f"{ended - cooled:.1f}",
        enter=str(_y(enter)), exit=str(_y(exit_total)),
        enter_text=str(_y(enter) - 3), exit_text=str(min(HEIGHT - 2, _y(exit_total) + 11)),
        enter_words=number(enter), exit_words=number(exit_total),
    )  # fmt: skip
