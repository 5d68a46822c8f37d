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
from intake.imports.encodings import ENCODINGS
from intake.imports.fields import PROPERTY, ImportField
from intake.imports.kinds import FileKind
from intake.imports.layout import FileFormat
from intake.imports.mapping import DEFAULT_ZONE, IDENTITIES, MappingProblem
from leads.models import ActivityType, Source

KINDS = [("leads", gettext_lazy("Leads")), ("activities", gettext_lazy("Activities of existing leads"))]
CONSTANTS = ("lead.source", "lead.origin", "lead.campaign", "lead.country", "lead.language")
NEAR_ZONES = ("Asia/Tokyo", "UTC")
MOST_VALUES = 12  # different values of a column that are offered for translation
SAMPLES = 3
OFFERED_ENCODINGS = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "cp1252", "utf-16", "utf-16-le", "utf-16-be")
# A chosen field may need the values of its column translated: the columns are shown anew.
SHOW_TRANSLATIONS = {
    "hx-trigger": "change", "hx-target": "#columns", "hx-swap": "outerMorph", "hx-include": "closest form",
}  # fmt: skip


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")},
        max_length=None,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What’s in the file"), choices=KINDS, initial="leads")


class FormatForm(forms.Form):
    """How the file is to be read, where what was found out is not right."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(label=gettext_lazy("Row with the column names"), min_value=1, max_value=20)

    def __init__(self, data: Mapping[str, Any] | None = None, *, form: FileFormat, sheets: Sequence[str]) -> None:
        super().__init__(data, initial=form.as_data())
        self.fields["encoding"].choices = [(code, ENCODINGS[code]) for code in OFFERED_ENCODINGS]  # type: ignore[attr-defined]
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        del self.fields["encoding" if form.is_sheet else "sheet"]

    def format(self) -> FileFormat:
        """What the person says."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return FileFormat(**given)


@dataclass(frozen=True, kw_only=True)
class ValueTranslation:
    """One value of a column as it is in the file, and what it is to become."""

    text: str
    times: int
    control: forms.BoundField


@dataclass(frozen=True, kw_only=True)
class MappedColumn:
    """One column of the file, for its line in the form."""

    name: str
    samples: list[str]
    control: forms.BoundField
    translations: list[ValueTranslation]


class MappingForm(forms.Form):
    """One choice per column; the rest is about all rows. `document()` is what the command line reads too."""

    identity = forms.ChoiceField(
        label=gettext_lazy("Rows are the same lead if they share"),
        choices=[("email", gettext_lazy("Email")), ("external_id", gettext_lazy("External ID"))],
    )
    timezone = forms.CharField(
        label=gettext_lazy("Time zone for times without one"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones"}),
    )

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        kind: FileKind,
        columns: Sequence[str],
        sample: Sequence[Sequence[str]],
        document: Mapping[str, Any],
    ) -> None:
        super().__init__(data, initial=initial_values(document, columns))
        self.kind, self.names, self.sample = kind, list(columns), sample
        self.kind_fields = kind.fields()
        choices = field_choices(self.kind_fields, with_properties=kind.has_properties)
        for place, name in enumerate(self.names):
            widget = forms.Select(attrs=SHOW_TRANSLATIONS)
            column = forms.ChoiceField(label=name, choices=choices, required=False, widget=widget)
            self.fields[f"column_{place}"] = column
        if kind.may_have_activity:
            self.fields |= activity_controls(self.names)
            self.fields |= {f"constant_{name}": constant_control(self.kind_fields[name]) for name in CONSTANTS}
        self.values = self._add_translations(document.get("values", {}))

    def _add_translations(self, known: Mapping[str, Mapping[str, str]]) -> dict[int, list[tuple[str, int]]]:
        """A control for each different value of a column whose field knows only some values; returns the values, with
        how often they are there, by the place of their column."""
        values: dict[int, list[tuple[str, int]]] = {}
        for place in range(len(self.names)):
            chosen = self.kind_fields.get(self.chosen(place))
            if chosen is None or not (chosen.choices or chosen.name == "lead.source"):
                continue
            cells = Counter(row[place].strip() if place < len(row) else "" for row in self.sample)
            values[place] = [(text, times) for text, times in cells.most_common() if text][:MOST_VALUES]
            for number, (text, _times) in enumerate(values[place]):
                key = f"value_{place}_{number}"
                self.fields[key] = translation_control(chosen, text)
                self.initial[key] = known.get(chosen.name, {}).get(text, "")
        return values

    def chosen(self, place: int) -> str:
        """The field that a column is mapped to, as the form stands."""
        return str(self[f"column_{place}"].value() or "")

    # ---- for the page ----

    def columns(self) -> Iterator[MappedColumn]:
        for place, name in enumerate(self.names):
            cells = (row[place].strip() for row in self.sample if place < len(row))
            yield MappedColumn(
                name=name,
                samples=list(dict.fromkeys(cell for cell in cells if cell))[:SAMPLES],
                control=self[f"column_{place}"],
                translations=[
                    ValueTranslation(text=text, times=times, control=self[f"value_{place}_{number}"])
                    for number, (text, times) in enumerate(self.values.get(place, []))
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
        columns: dict[str, str] = {}
        for place, name in enumerate(self.names):
            if field := given.get(f"column_{place}"):
                columns[name] = PROPERTY + property_name(name, place) if field == ANY_PROPERTY else field
        constants = {name: text for name in CONSTANTS if (text := given.get(f"constant_{name}"))}
        values: dict[str, dict[str, str]] = {}
        for place, cells in self.values.items():
            becomes = {text: given.get(f"value_{place}_{number}", "") for number, (text, _times) in enumerate(cells)}
            if becomes := {text: value for text, value in becomes.items() if value and value != text}:
                values[self.chosen(place)] = becomes
        document: dict[str, Any] = {"identity": given["identity"], "columns": columns, "timezone": given["timezone"]}
        sections = {"constants": constants, "values": values, "activity": self._activity_section()}
        return document | {name: section for name, section in sections.items() if section}

    def _activity_section(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("activity_type"):
            return {}
        section: dict[str, Any] = {"type": given["activity_type"]}
        for name in ("occurred_at", "object"):
            if place := given.get(f"activity_{name}"):
                section[name] = self.names[int(place)]
        places = [int(place) for place in given["activity_properties"]]
        if places:
            section["properties"] = {property_name(self.names[place], place): self.names[place] for place in places}
        return section

    def add_problems(self, problems: Sequence[MappingProblem]) -> None:
        """Each problem of the mapping at the field it is about, the others above the form."""
        for problem in problems:
            root, _dot, rest = problem.where.partition(".")
            if root == "columns" and rest in self.names:
                field = f"column_{self.names.index(rest)}"
            else:
                prefix = {"constants": "constant_", "activity": "activity_"}.get(root, "")
                field = f"{prefix}{rest}" if prefix else root
            words = str(MappingProblem(where="", code=problem.code, params=problem.params))
            self.add_error(field if field in self.fields else None, words)


def property_name(column: str, place: int) -> str:
    """A property's name made of the column's; by its place where that has no letters of ours."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:40]
    return name if re.match(r"[a-z]", name) else f"column_{place + 1}"


def activity_controls(columns: Sequence[str]) -> dict[str, forms.Field]:
    """What asks for an activity beside the lead: its type, and the columns of the rest by their places."""
    types = [(kind.code, str(kind)) for kind in ActivityType.objects.filter(is_active=True)]
    places = [(str(place), name) for place, name in enumerate(columns)]
    choices = [("", "–"), *places]
    return {
        "activity_type": forms.ChoiceField(
            label=_("Activity per row"), choices=[("", _("no activity")), *types], required=False
        ),
        "activity_occurred_at": forms.ChoiceField(label=_("Activity time"), choices=choices, required=False),
        "activity_object": forms.ChoiceField(label=_("Page or document"), choices=choices, required=False),
        "activity_properties": forms.MultipleChoiceField(
            label=_("Keep with the activity"), choices=places, required=False, widget=forms.CheckboxSelectMultiple
        ),
    }


def constant_control(chosen: ImportField) -> forms.Field:
    """What asks for one value of this field for every row."""
    if chosen.choices:
        choices = [("", "–"), *choice_words(chosen)]
        return forms.ChoiceField(label=str(chosen.label), choices=choices, required=False)
    attrs = {"list": "sources"} if chosen.name == "lead.source" else {}
    widget = forms.TextInput(attrs=attrs)
    return forms.CharField(label=str(chosen.label), max_length=200, required=False, widget=widget)


def translation_control(chosen: ImportField, text: str) -> forms.Field:
    """What asks for the meaning of one value of a file."""
    label = _("“%(value)s” becomes") % {"value": text}
    if chosen.choices:
        return forms.ChoiceField(label=label, choices=[("", _("as is")), *choice_words(chosen)], required=False)
    widget = forms.TextInput(attrs={"list": "sources", "placeholder": _("as is")})
    return forms.CharField(label=label, max_length=80, required=False, widget=widget)


def initial_values(document: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """A mapping as the form's first values."""
    places = {name: str(place) for place, name in enumerate(columns)}
    activity = document.get("activity") or {}
    initial: dict[str, Any] = {
        "identity": document.get("identity", IDENTITIES[0]),
        "timezone": document.get("timezone", DEFAULT_ZONE),
        "activity_type": activity.get("type", ""),
        "activity_properties": [places[c] for c in activity.get("properties", {}).values() if c in places],
    }
    for name in ("occurred_at", "object"):
        initial[f"activity_{name}"] = places.get(activity.get(name, ""), "")
    for column, name in document.get("columns", {}).items():
        if column in places:
            initial[f"column_{places[column]}"] = ANY_PROPERTY if name.startswith(PROPERTY) else name
    return initial | {f"constant_{name}": value for name, value in document.get("constants", {}).items()}
