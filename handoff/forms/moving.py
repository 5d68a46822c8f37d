from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from handoff.forms.over_limit import AsksOverLimit
from handoff.forms.steps import OwnerField, explained
from handoff.queries.belongings import Belongings
from handoff.queries.board import workers_of
from web import formats

TO_PERSON, TO_TEAM, BY_RULES = "person", "team", "rules"


class MoveForm(AsksOverLimit):
    """Where everything of a person goes. Each choice says by name what it does."""

    way = forms.ChoiceField(label=gettext_lazy("Where to"), widget=forms.RadioSelect, initial=TO_PERSON)
    to = OwnerField(label=gettext_lazy("Owner"), queryset=User.objects.none(), required=False)

    def __init__(
        self, *args: Any, by: User, person: User, what: Belongings, shares: Sequence[tuple[User | None, int]],
        **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **options)
        self.what = what
        teams = formats.listed(sorted({str(handoff.team) for handoff in what.handoffs}))
        self.fields["way"].choices = [  # type: ignore[attr-defined]
            (TO_PERSON, explained(_("To one person"), _("With all to-dos and leads."))),
            (TO_TEAM, explained(_("Back to the team"), teams)),
            (BY_RULES, explained(_("By the routing rules again"), said(shares))),
        ]
        self.fields["to"].queryset = workers_of(by).exclude(pk=person.pk)  # type: ignore[attr-defined]
        self.fields["to"].widget.attrs["data-only-for"] = TO_PERSON

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") != TO_PERSON:
            cleaned["to"] = None
        elif not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose who gets the leads."))
        else:
            self.check_limit(cleaned.get("to"), len(self.what.handoffs))
        return cleaned


def said(shares: Sequence[tuple[User | None, int]]) -> str:
    """ "Ueda 7, Kondo 5, no one in particular 2" """
    return formats.listed(
        _("%(name)s %(n)s") % {"name": person or _("no one in particular"), "n": formats.number(number)}
        for person, number in shares
    )
