from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from handoff.enums import TodoKind
from handoff.models import Todo
from web.fields import BoundedDateTimeField

OWNERS = (Role.REP, Role.MANAGER, Role.MARKETER, Role.ADMIN)


class TodoForm(forms.Form):
    """What is to be done about a lead, by when and by whom."""

    kind = forms.ChoiceField(label=gettext_lazy("What to do"), choices=TodoKind.choices)
    due_at = BoundedDateTimeField(label=gettext_lazy("Due"))
    owner = forms.ModelChoiceField(label=gettext_lazy("Owner"), queryset=User.objects.none(), empty_label=None)
    text = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, by: User, now: datetime, todo: Todo | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        people = User.objects.filter(is_active=True, role__in=OWNERS)
        self.fields["owner"].queryset = people.order_by("name", "pk")  # type: ignore[attr-defined]
        if todo is None:
            tomorrow = (timezone.localtime(now) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
            self.initial = {"kind": TodoKind.CALL, "due_at": tomorrow, "owner": by.pk}
        else:
            self.initial = {name: getattr(todo, name) for name in ("kind", "due_at", "text")} | {"owner": todo.owner_id}
