"""The file and the mapping, as a person fills them in. What is wrong with a mapping, the mapping itself says."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.forms.import_choices import ANY_PROPERTY, choice_words, field_choices
from intake.imports.fields import PROPERTY, Field
from intake.imports.kinds import Kind
from intake.imports.mapping import DEFAULT_ZONE, IDENTITIES, Wrong
from leads.models import ActivityType, Source

KINDS = [("leads", gettext_lazy("Leads")), ("activities", gettext_lazy("Activities of known leads"))]
CONSTANTS = ("lead.source", "lead.origin", "lead.campaign", "lead.country", "lead.language")
NEAR_ZONES = ("Asia/Tokyo", "UTC")
MOST_VALUES = 12  # different values of a column that are offered for translation
SAMPLES = 3


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")},
        max_length=None,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What is in the file"), choices=KINDS, initial="leads")


class EncodingForm(forms.Form):
    encoding = forms.ChoiceField(
        label=gettext_lazy("Encoding"),
        choices=[("utf-8", "UTF-8"), ("cp932", "Shift_JIS (CP932)"), ("euc_jp", "EUC-JP")],
    )


@dataclass(frozen=True, kw_only=True)
class Translation:
    """One value of a column as it is in the file, and what it is to become."""

    text: str
    times: int
    control: forms.BoundField


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of the file, for its line in the form."""

    name: str
    samples: list[str]
    control: forms.BoundField
    translations: list[Translation]


class MappingForm(forms.Form):
    """One choice per column; the rest is about all rows. `document()` is what the command line reads too."""

    identity = forms.ChoiceField(
        label=gettext_lazy("Two rows are the same lead when they have the same"),
        choices=[("email", gettext_lazy("E-mail")), ("external_id", gettext_lazy("External id"))],
    )
    timezone = forms.CharField(
        label=gettext_lazy("Time zone of times without one"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        kind: Kind,
        columns: Sequence[str],
        sample: Sequence[Sequence[str]],
        document: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=_initial(document, columns))
        self.kind, self.names, self.sample = kind, list(columns), sample
        self.kind_fields = kind.fields()
        self._add_columns()
        if kind.may_have_activity:
            self._add_activity()
            self._add_constants()
        self._add_values(document.get("values", {}))

    # ---- fields ----

    def _add_columns(self) -> None:
        choices = field_choices(self.kind_fields, with_properties=self.kind.has_properties)
        for place, name in enumerate(self.names):
            self.fields[f"column_{place}"] = forms.ChoiceField(label=name, choices=choices, required=False)

    def _add_activity(self) -> None:
        types = [(each.code, str(each)) for each in ActivityType.objects.filter(is_active=True)]
        columns = [("", "–"), *((str(place), name) for place, name in enumerate(self.names))]
        self.fields["activity_type"] = forms.ChoiceField(
            label=_("Each row also tells of"), choices=[("", _("no activity")), *types], required=False
        )
        self.fields["activity_occurred_at"] = forms.ChoiceField(
            label=_("When it happened"), choices=columns, required=False
        )
        self.fields["activity_object"] = forms.ChoiceField(
            label=_("What it was about"), choices=columns, required=False
        )
        self.fields["activity_properties"] = forms.MultipleChoiceField(
            label=_("Keep with the activity"), choices=columns[1:], required=False, widget=forms.CheckboxSelectMultiple
        )

    def _add_constants(self) -> None:
        for name in CONSTANTS:
            chosen = self.kind_fields[name]
            if chosen.choices:
                control: forms.Field = forms.ChoiceField(choices=[("", "–"), *choice_words(chosen)], required=False)
            else:
                attrs = {"list": "sources"} if name == "lead.source" else {}
                control = forms.CharField(max_length=200, required=False, widget=forms.TextInput(attrs=attrs))
            control.label = str(chosen.label)
            self.fields[f"constant_{name}"] = control

    def _add_values(self, known: Mapping[str, Mapping[str, str]]) -> None:
        """A translation for each different value of a column whose field knows only some values."""
        self.values: dict[int, list[tuple[str, int]]] = {}
        for place in range(len(self.names)):
            chosen = self.kind_fields.get(self.chosen(place))
            if chosen is None or not (chosen.choices or chosen.name == "lead.source"):
                continue
            self.values[place] = _different(self.sample, place)
            for number, (text, _times) in enumerate(self.values[place]):
                key = f"value_{place}_{number}"
                self.fields[key] = _value_field(chosen, text)
                self.initial[key] = known.get(chosen.name, {}).get(text, "")

    def chosen(self, place: int) -> str:
        """The field that a column is mapped to, as the form stands."""
        return str(self[f"column_{place}"].value() or "")

    # ---- for the page ----

    def columns(self) -> Iterator[Column]:
        for place, name in enumerate(self.names):
            values = self.values.get(place, [])
            yield Column(
                name=name,
                samples=_samples(self.sample, place),
                control=self[f"column_{place}"],
                translations=[
                    Translation(text=text, times=times, control=self[f"value_{place}_{number}"])
                    for number, (text, times) in enumerate(values)
                ],
            )

    def constants(self) -> list[forms.BoundField]:
        return [self[f"constant_{name}"] for name in CONSTANTS if f"constant_{name}" in self.fields]

    def zones(self) -> list[str]:
        return [*NEAR_ZONES, *sorted(available_timezones() - set(NEAR_ZONES))]

    def sources(self) -> list[Source]:
        return list(Source.objects.filter(is_active=True)) if self.kind.may_have_activity else []

    # ---- the document ----

    def document(self) -> dict[str, Any]:
        """The mapping in the form of a file; whether it can be used is for the mapping to say."""
        given = self.cleaned_data
        columns = {
            name: self._named(place, name) for place, name in enumerate(self.names) if given.get(f"column_{place}")
        }
        found: dict[str, Any] = {"identity": given["identity"], "columns": columns, "timezone": given["timezone"]}
        constants = {name: given[f"constant_{name}"] for name in CONSTANTS if given.get(f"constant_{name}")}
        found |= {"constants": constants} if constants else {}
        values = self._translations()
        found |= {"values": values} if values else {}
        return found | self._activity()

    def _named(self, place: int, name: str) -> str:
        chosen = str(self.cleaned_data[f"column_{place}"])
        return PROPERTY + property_name(name, place) if chosen == ANY_PROPERTY else chosen

    def _translations(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for place, values in self.values.items():
            given = {text: self.cleaned_data.get(f"value_{place}_{n}", "") for n, (text, _times) in enumerate(values)}
            chosen = {text: value for text, value in given.items() if value and value != text}
            if chosen:
                found[self.chosen(place)] = chosen
        return found

    def _activity(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("activity_type"):
            return {}
        parts = {"type": given["activity_type"]}
        for name in ("occurred_at", "object"):
            if place := given.get(f"activity_{name}"):
                parts[name] = self.names[int(place)]
        properties = {
            property_name(self.names[int(p)], int(p)): self.names[int(p)] for p in given["activity_properties"]
        }
        return {"activity": parts | ({"properties": properties} if properties else {})}

    def add_problems(self, problems: Sequence[Wrong]) -> None:
        """Each problem of the mapping at the field it is about, the others above the form."""
        for problem in problems:
            self.add_error(
                self._place_of(problem.where), str(Wrong(where="", code=problem.code, params=problem.params))
            )

    def _place_of(self, where: str) -> str | None:
        root, _dot, rest = where.partition(".")
        if root == "columns" and rest in self.names:
            return f"column_{self.names.index(rest)}"
        guesses = {
            "identity": "identity",
            "timezone": "timezone",
            "constants": f"constant_{rest}",
            "activity": f"activity_{rest}",
        }
        field = guesses.get(root)
        return field if field in self.fields else None


def property_name(column: str, place: int) -> str:
    """A property's name made of the column's; by its place where that has no letters of ours."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:40]
    return name if re.match(r"[a-z]", name) else f"column_{place + 1}"


def _value_field(chosen: Field, text: str) -> forms.Field:
    label = _("“%(value)s” becomes") % {"value": text}
    if chosen.choices:
        return forms.ChoiceField(label=label, choices=[("", _("as it is")), *choice_words(chosen)], required=False)
    widget = forms.TextInput(attrs={"list": "sources", "placeholder": _("as it is")})
    return forms.CharField(label=label, max_length=80, required=False, widget=widget)


def _different(sample: Sequence[Sequence[str]], place: int) -> list[tuple[str, int]]:
    cells = Counter(row[place].strip() if place < len(row) else "" for row in sample)
    return [(text, times) for text, times in cells.most_common() if text][:MOST_VALUES]


def _samples(sample: Sequence[Sequence[str]], place: int) -> list[str]:
    """The first different cells of a column."""
    cells = (row[place].strip() for row in sample if place < len(row))
    return list(dict.fromkeys(cell for cell in cells if cell))[:SAMPLES]


def _initial(document: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """A mapping as the form's first values."""
    places = {name: str(place) for place, name in enumerate(columns)}
    activity = document.get("activity") or {}
    found: dict[str, Any] = {
        "identity": document.get("identity", IDENTITIES[0]),
        "timezone": document.get("timezone", DEFAULT_ZONE),
        "activity_type": activity.get("type", ""),
        "activity_properties": [places[c] for c in activity.get("properties", {}).values() if c in places],
    }
    for name in ("occurred_at", "object"):
        found[f"activity_{name}"] = places.get(activity.get(name, ""), "")
    for column, name in document.get("columns", {}).items():
        if column in places:
            found[f"column_{places[column]}"] = ANY_PROPERTY if name.startswith(PROPERTY) else name
    return found | {f"constant_{name}": value for name, value in document.get("constants", {}).items()}
