"""Controls that offer choices and leave it to the engine to refuse what was not among them."""

from __future__ import annotations

from typing import Any

from django import forms


class SelectField(forms.CharField):
    """One of a list. What was not sent is the first one offered, what was never offered is for the engine to refuse."""

    def __init__(self, *, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(widget=forms.Select(choices=choices), max_length=260, **kwargs)

    def validate(self, value: str) -> None:
        """Nothing is missing here: a select always shows something."""
