"""The words templates use: points, times, form controls, small pictures, the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.template.context import Context
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from frame import navigation
from web import drawing, moments
from web.drawing import icon
from web.figures import points, signed_points

register = template.Library()


# ---- points: stored as whole hundredths ----


register.filter(points)
register.filter(signed_points)


@register.filter
def percent_of(part: float, whole: float) -> float:
    """The share as 0 to 100; 0 of nothing is 0."""
    return 100 * part / whole if whole else 0


# ---- times, in the reader's zone ----


def _time_tag(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), moments.stamp(at), words)


@register.filter
def moment(at: datetime | None) -> str:
    """today 17:00, with the whole date in the title."""
    return "–" if at is None else _time_tag(at, moments.moment(at, timezone.now()))


@register.filter
def ago(at: datetime | None) -> str:
    return "–" if at is None else _time_tag(at, moments.ago(at, timezone.now()))


@register.filter
def remaining(at: datetime | None) -> str:
    return "" if at is None else moments.remaining(at, timezone.now())


@register.filter
def stamp(at: datetime | None) -> str:
    return "–" if at is None else moments.stamp(at)


@register.filter
def clock(at: datetime | None) -> str:
    return "" if at is None else moments.clock(at)


@register.filter
def next_second(at: datetime) -> str:
    """An instant as a form field asks for it, in the zone of the reader: the whole second after it."""
    return timezone.localtime(at + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")


@register.filter
def day(on: date | datetime | None) -> str:
    """A date, or the reader's date of an instant: today, Thu 26 Nov, 14 Nov 2025."""
    if on is None:
        return "–"
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return moments.day(on, timezone.localdate())


@register.filter
def duration(length: timedelta | float | None) -> str:
    return "–" if length is None else moments.duration(length)


@register.filter
def is_past(at: datetime | None) -> bool:
    return at is not None and at < timezone.now()


# ---- components ----


@register.simple_tag
def passthrough(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes a component did not name itself, escaped (cotton's own `{{ attrs }}` trusts them)."""
    rest = attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs
    shown = [(key, value) for key, value in rest.items() if value is not False and value is not None]
    return format_html_join("", "{}{}", ((f" {key}", "" if value is True else _quoted(value)) for key, value in shown))


def _quoted(value: object) -> SafeString:
    # Escaping must reach the quotes of JSON in hx-vals too, whatever the value was marked as.
    safe = str(conditional_escape(value)).replace('"', "&quot;")
    return SafeString(f'="{safe}"')


CONTROL_CLASSES: tuple[tuple[type[widgets.Widget] | tuple[type[widgets.Widget], ...], str], ...] = (
    ((widgets.RadioSelect, widgets.CheckboxSelectMultiple), ""),  # Django would put it on the box around them too
    (widgets.CheckboxInput, "form-check-input"),
    (widgets.Select, "form-select"),
    (widgets.Widget, "form-control"),
)


def _control_class(widget: widgets.Widget) -> str:
    return next(name for kind, name in CONTROL_CLASSES if isinstance(widget, kind))


@register.simple_tag
def control(field: BoundField, **attrs: Any) -> SafeString:
    """The widget of a form field, tied to its help and its errors for screen readers."""
    described = [f"{field.auto_id}_helptext"] if field.help_text else []
    described += [f"{field.auto_id}_error"] if field.errors else []
    extra = {key.replace("_", "-"): value for key, value in attrs.items() if value not in ("", None, False)}
    if classes := f"{_control_class(field.field.widget)} {field.field.widget.attrs.get('class', '')}".strip():
        extra["class"] = classes
    if described and not field.field.widget.use_fieldset:
        extra["aria-describedby"] = " ".join(described)
    return SafeString(field.as_widget(attrs=extra))


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, widgets.CheckboxInput)


# ---- pictures ----


@register.simple_tag
def score_bar(fit: int, engagement: int, qualification: int) -> SafeString:
    """The stacked bar of a score, in hundredths, with its numbers for those who do not see it."""
    label = _("fit %(fit)s, engagement %(engagement)s, qualification %(qualification)s") % {
        "fit": points(fit),
        "engagement": points(engagement),
        "qualification": points(qualification),
    }
    parts = [("fit", (fit or 0) / 100), ("engagement", (engagement or 0) / 100)]
    return drawing.stacked_bar([*parts, ("qualification", (qualification or 0) / 100)], label)


@register.simple_tag
def bar(share: float, colour: str = "accent", label: str = "") -> SafeString:
    """One bar from 0 to 100."""
    return drawing.stacked_bar([(colour or "accent", float(share or 0))], label)


@register.simple_tag
def curve(
    values: Sequence[Any],
    label: str,
    threshold: float | None = None,
    css: str = "lq-curve",
    marks: Sequence[float] = (),
) -> SafeString:
    """A line through numbers, or through (x, y) pairs."""
    pairs = [value if isinstance(value, tuple | list) else (index, value) for index, value in enumerate(values)]
    points = [(float(x), float(y)) for x, y in pairs]
    return drawing.curve(points, label, threshold=threshold, marks=marks or (), css=css)


# ---- the frame ----


register.simple_tag(icon)


@register.filter
def trend(change: int) -> str:
    """↑6 or ↓2 from a change in hundredths; → when it is less than a point."""
    words = points(abs(int(change)))
    return "→" if words == "0" else f"{'↑' if int(change) > 0 else '↓'}{words}"


@register.simple_tag(takes_context=True)
def may_open(context: Context, url: str, *args: Any) -> str:
    """The address of a page or of a panel if this person may open it, else ""; for what other apps serve."""
    request = context.get("request")
    if request is None or not navigation.may_open(request.user, url, *args):
        return ""
    return navigation.address_of(url, *args)
