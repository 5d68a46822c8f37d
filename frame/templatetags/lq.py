"""What all templates know: components, form controls, small pictures, the frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField, widgets
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from frame import navigation
from web import atoms, drawing, formats
from web.atoms import trend
from web.drawing import icon

register = template.Library()


@register.filter
def percent_of(part: float, whole: float) -> float:
    """The share as 0 to 100; 0 of nothing is 0."""
    return 100 * part / whole if whole else 0


@register.filter
def next_second(at: datetime) -> str:
    """An instant as a form field asks for it, in the zone of the reader: the whole second after it."""
    return timezone.localtime(at + timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%S")


@register.filter
def is_past(at: datetime | None) -> bool:
    return at is not None and at < timezone.now()


# ---- components ----


@register.simple_tag
def passthrough(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes a component did not name itself, escaped (cotton's own `{{ attrs }}` trusts them)."""
    return atoms.attributes(attrs.attrs_dict() if hasattr(attrs, "attrs_dict") else attrs)


@register.simple_tag
def ui_badge(words: str, kind: str, icon_name: str, attrs: Mapping[str, Any]) -> SafeString:
    return atoms.badge(words, kind=kind, icon_name=icon_name, extra=passthrough(attrs))


@register.simple_tag
def ui_button(words: str, attrs: Mapping[str, Any], **options: Any) -> SafeString:
    return atoms.button(words, extra=passthrough(attrs), **options)


register.simple_tag(atoms.menu, name="ui_menu")
register.simple_tag(atoms.heat, name="ui_heat")
register.simple_tag(atoms.interest, name="ui_interest")
register.simple_tag(atoms.score, name="ui_score")


@register.simple_tag
def ui_due(at: datetime, left: str, state: str, rule: str) -> SafeString:
    """An instant and what is left. Without `left` the elapsed time; without `state` late once it has passed."""
    now = timezone.now()
    shown = left or formats.remaining(at, now)
    return atoms.due(formats.moment_tag(at, now), shown, state=state or ("late" if at < now else ""), rule=rule)


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


register.simple_tag(atoms.score_bar)


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


register.filter(trend)


@register.simple_tag(takes_context=True)
def may_open(context: Context, url: str, *args: Any) -> str:
    """The address of a page or of a panel if this person may open it, else ""; for what other apps serve."""
    request = context.get("request")
    if request is None or not navigation.may_open(request.user, url, *args):
        return ""
    return navigation.address_of(url, *args)
