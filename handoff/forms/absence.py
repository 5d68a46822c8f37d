from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from handoff.models import Absence
from handoff.models.absence import LONGEST
from web.fields import BoundedDateTimeField


class AbsenceForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker only
    """Days, half-days or hours. `people` are those whose absences the reader may enter."""

    starts_at = BoundedDateTimeField(label=pgettext_lazy("absence", "From"))
    ends_at = BoundedDateTimeField(label=pgettext_lazy("absence", "Until"))

    class Meta:
        model = Absence
        fields = ["person", "starts_at", "ends_at", "note", "returns_leads"]

    def __init__(self, *args: Any, people: QuerySet[User], now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        if self.instance.pk is None:
            start = timezone.localtime(now).replace(second=0, microsecond=0)
            tomorrow = (start + timedelta(days=1)).replace(hour=9, minute=0)
            self.initial = {**self.initial, "starts_at": start, "ends_at": tomorrow}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("starts_at"), cleaned.get("ends_at")
        if start and end and end <= start:
            self.add_error("ends_at", _("The end lies before the start. Choose a later time."))
        elif start and end and end - start > LONGEST:
            self.add_error("ends_at", _("An absence can last up to 400 days. Deactivate users who leave for longer."))
        elif end and end <= self.now:
            self.add_error("ends_at", _("This absence is already over. Choose a time in the future."))
        return cleaned
