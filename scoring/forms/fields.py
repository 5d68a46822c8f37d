"""Fields that take what people type as it is: what it says in the rule language, and what is wrong with it, is for the
engine to say."""

from __future__ import annotations

from typing import Any

from django import forms


class ShortTextField(forms.CharField):
    """At most 40 characters: a number, a length of time. Not required unless said otherwise."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        super().__init__(max_length=40, required=required, **kwargs)


class NoteField(forms.CharField):
    """A few sentences."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2_000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)


class SelectField(forms.CharField):
    """One of a list. What was not sent is the first one offered, what was never offered is for the engine to refuse."""

    def __init__(self, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(widget=forms.Select(choices=choices), max_length=260, **kwargs)

    def validate(self, value: str) -> None:
        """Nothing is missing here: a select always shows something."""


def set_choices(form: forms.Form, name: str, choices: list[tuple[Any, Any]]) -> None:
    """What a choice field of the form offers."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} has no choices")
    field.choices = choices
