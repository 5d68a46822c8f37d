from __future__ import annotations

from typing import Any

from django import forms

MOST_VALUES = 50


class SeveralField(forms.Field):
    """Several alternatives of one field, each cleaned by `inner`; the choices to offer are set by whoever shows it."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, inner: forms.Field, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.inner = inner
        self.choices = getattr(inner, "choices", [])
        self.widget.choices = self.choices

    def offer(self, choices: list[tuple[Any, Any]]) -> None:
        self.choices = self.widget.choices = choices

    def clean(self, value: Any) -> list[Any]:
        given = value if isinstance(value, list | tuple) else [value]
        cleaned = [self.inner.clean(one) for one in given[:MOST_VALUES] if one not in (None, "")]
        return list(dict.fromkeys(cleaned))
