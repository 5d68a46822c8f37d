"""The commonest form controls written out in Python: what Django's templates say, without rendering one.

Django includes a template for each option of a select, and one for its attributes; the rule editor has thousands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

Context = Mapping[str, Any]
SELECT = gettext_lazy("Select…")
"""What a select says while nothing is chosen, in place of Django's dashes."""
DASHES = BLANK_CHOICE_DASH[0][1]


class Renderer(DjangoTemplates):
    """Django's own, but for the controls of `WRITTEN`."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        if (written := WRITTEN.get(template_name)) is not None:
            return SafeString(written(context["widget"]))
        return SafeString(super().render(template_name, context, request))


def _attributes(attributes: Mapping[str, Any]) -> str:
    shown = [(name, value) for name, value in attributes.items() if value is not False]
    return "".join(f" {name}" if value is True else f' {name}="{_text(value)}"' for name, value in shown)


def _text(value: Any) -> str:
    """A value as an attribute or a text holds it; lazy translations are said here."""
    return conditional_escape(value if hasattr(value, "__html__") else str(value))


def _input(widget: Context) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    start = f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"'
    return f"{start}{value}{_attributes(widget['attrs'])}>"


def _textarea(widget: Context) -> str:
    value = _text(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget: Context) -> str:
    groups = []
    for name, options, _index in widget["optgroups"]:
        markup = "".join(
            f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>'
            f"{_text(SELECT if option['label'] == DASHES else option['label'])}</option>"
            for option in options
        )
        groups.append(f'<optgroup label="{_text(name)}">{markup}</optgroup>' if name else markup)
    return f'<select name="{_text(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(groups)}</select>'


WRITTEN: Mapping[str, Callable[[Context], str]] = {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
    **{
        f"django/forms/widgets/{kind}.html": _input
        for kind in ("text", "number", "email", "hidden", "checkbox", "date", "password", "input", "url")
    },
}
