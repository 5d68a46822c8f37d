"""What is to be done about a group of what is kept back."""

from __future__ import annotations

import re
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from intake.actions.repairing import Plan
from intake.models import KeptGroup
from intake.payloads import ACTIVITY_FIELDS
from intake.repairs import PROPERTY, TIME, UNKNOWN_FIELD, UNKNOWN_TYPE, Act, Repair
from leads.models import ActivityType

MAKE, TEXT = "make", "text"
LABELS: dict[str, str | Promise] = {
    MAKE: gettext_lazy("Make it an activity type"),
    TEXT: gettext_lazy("Make the property text"),
    Act.DROP: gettext_lazy("Leave the value out"),
    Act.ZONE: gettext_lazy("Read it in a time zone"),
    Act.RECEIVED: gettext_lazy("Use the time at which it came"),
}
MAP_LABELS: dict[str, str | Promise] = {
    UNKNOWN_TYPE: gettext_lazy("Map it to an activity type"),
    UNKNOWN_FIELD: gettext_lazy("Map it to a field"),
    PROPERTY: gettext_lazy("Map it to another property"),
}
OFFERED: dict[str, tuple[str, ...]] = {
    UNKNOWN_TYPE: (Act.MAP, MAKE),
    UNKNOWN_FIELD: (Act.MAP, Act.DROP),
    PROPERTY: (TEXT, Act.MAP, Act.DROP),
    TIME: (Act.ZONE, Act.RECEIVED),
}


def kind_of(group: KeptGroup) -> str:
    """Which repairs there are: by the kind of the fault, of properties together."""
    return PROPERTY if group.kind.startswith(PROPERTY) else group.kind


def acts_for(group: KeptGroup) -> tuple[str, ...]:
    """What can be done about the faults of a group; nothing for some."""
    if kind_of(group) in OFFERED:
        return OFFERED[kind_of(group)]
    if group.field == "occurred_at":
        return (Act.RECEIVED,)
    return (Act.DROP,) if group.field == "key" or group.field.startswith(("lead.", "properties.")) else ()


class RepairForm(forms.Form):
    """One of the repairs of a group, with what it needs."""

    act = forms.ChoiceField(label=gettext_lazy("Repair"), widget=forms.RadioSelect)
    to = forms.CharField(label=gettext_lazy("New name"), max_length=80, required=False)
    code = forms.CharField(
        label=gettext_lazy("Code of the new type"), max_length=40, required=False,
        help_text=gettext_lazy("Lowercase letters, digits and _ only, starting with a letter."),
    )  # fmt: skip
    label_ja = forms.CharField(label=gettext_lazy("Name in Japanese"), max_length=80, required=False)
    label_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, group: KeptGroup) -> None:
        self.group, kind = group, kind_of(group)
        acts = acts_for(group)
        super().__init__(data, initial={"act": acts[0] if acts else ""} | initial_of(group))
        labels = LABELS | {Act.MAP: MAP_LABELS.get(kind, "")}
        self.fields["act"].choices = [(act, labels[act]) for act in acts]  # type: ignore[attr-defined]
        if MAKE not in acts:
            for name in ("code", "label_ja", "label_en"):
                del self.fields[name]
        if kind == UNKNOWN_TYPE:
            types = [(one.code, str(one)) for one in ActivityType.objects.filter(is_active=True)]
            self.fields["to"] = forms.ChoiceField(
                label=gettext_lazy("Activity type"), choices=[("", "—"), *types], required=False
            )
        elif kind == UNKNOWN_FIELD:
            names = [(name, name) for name in sorted(ACTIVITY_FIELDS)]
            self.fields["to"] = forms.ChoiceField(
                label=pgettext_lazy("of an activity", "Field"), choices=[("", "—"), *names], required=False
            )
        elif kind == TIME:
            self.fields["to"].label = gettext_lazy("Time zone")
        elif Act.MAP not in acts:
            del self.fields["to"]

    def clean(self) -> dict[str, Any]:
        """Each repair has what it needs."""
        given = super().clean() or {}
        act, to = given.get("act"), given.get("to", "")
        if act == Act.MAP and not to:
            self.add_error("to", _("Choose what it’s called from now on."))
        if act == Act.ZONE and to not in zoneinfo.available_timezones():
            self.add_error("to", _("There’s no such time zone. Write it like Asia/Tokyo."))
        if act == MAKE and not re.fullmatch(r"[a-z][a-z0-9_]*", given.get("code", "")):
            self.add_error("code", _("Use lowercase letters, digits and _ only, starting with a letter."))
        for name in ("label_ja", "label_en") if act == MAKE else ():
            if not given.get(name):
                self.add_error(name, _("Enter a name."))
        return given

    def plan(self) -> Plan:
        """The repair as it was chosen."""
        given = self.cleaned_data
        if given["act"] == TEXT:
            return Plan(repair=Repair(act=Act.CHANGED), as_text=True)
        if given["act"] == MAKE:
            act = (
                Repair(act=Act.CHANGED) if given["code"] == self.group.field else Repair(act=Act.MAP, to=given["code"])
            )
            return Plan(repair=act, new_type=(given["code"], given["label_en"], given["label_ja"]))
        return Plan(repair=Repair(act=Act(given["act"]), to=given.get("to", "")))


def initial_of(group: KeptGroup) -> dict[str, str]:
    """What is offered before anybody chose: a code made of the unknown type, the reader's own zone."""
    code = re.sub(r"[^a-z0-9]+", "_", group.field.casefold()).strip("_")[:40]
    code = code if re.match(r"[a-z]", code) else ""
    zone = str(timezone.get_current_timezone()) if group.kind == TIME else ""
    return {"code": code, "label_en": group.field[:80], "label_ja": group.field[:80], "to": zone}


class IgnoreForm(forms.Form):
    above = forms.IntegerField(
        label=gettext_lazy("Ignore until more come on a day than"), min_value=0, max_value=1_000_000, initial=50
    )
