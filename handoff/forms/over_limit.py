"""Assigning by hand to whoever is at the limit: the form asks once, and what was agreed to is recorded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from accounts.models import User
from handoff.queries.availability import open_leads_of
from web import formats


class AsksOverLimit(forms.Form):
    """A form with an owner in `to`: one more press is needed where the leads would be more than the person's limit."""

    over_limit = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**31)
    """For whom it was asked: somebody else is asked for anew."""

    def check_limit(self, to: User | None, number: int) -> None:
        """Ask whether `to` is to get `number` more leads although that is too many; nothing where it was asked."""
        if to is None or self.cleaned_data.get("over_limit") == to.pk:
            return
        has = open_leads_of(to)
        if has + number <= to.capacity:
            return
        words = {"name": to, "open": formats.number(has), "limit": formats.number(to.capacity)}
        self.add_error("to", _("%(name)s has %(open)s of %(limit)s open leads. Press again to assign anyway.") % words)
        typed: Any = self.data
        self.data = typed.copy()
        self.data["over_limit"] = str(to.pk)  # type: ignore[index]  # a copy can be changed
