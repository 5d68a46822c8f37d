"""Which column fills which field, as a person says it. What is wrong with a mapping, the mapping itself says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.forms.import_choices import (
    ANY_PROPERTY,
    activity_controls,
    constant_control,
    field_choices,
    translation_control,
)
from intake.imports.fields import CONSENT, PROPERTY, REFUSAL
from intake.imports.headers import says_refusal
from intake.imports.kinds import FileKind
from intake.imports.layout import Layout
from intake.imports.mapping import (
    DEFAULT_ZONE,
    FAMILY_FIRST,
    GIVEN_FIRST,
    IDENTITIES,
    MAILBOX,
    PEOPLE,
    PERSON,
    MappingProblem,
)
from intake.imports.mapping_guess import DATE_FIELDS, day_without_year, is_order_unclear, placeholders, texts_of
from intake.imports.new_attributes import NEW_ATTRIBUTES
from leads.models import Source
from web.cleaning import NEXT, PAST, possible_orders

CONSTANTS = ("lead.source", "lead.origin", "lead.campaign", "lead.country", "lead.language")
NEAR_ZONES = ("Asia/Tokyo", "UTC")
SAMPLES = 3
NOTHING = "\u2205"  # as the meaning of a value: it stands for nothing
NAME_ORDERS = [
    (GIVEN_FIRST, gettext_lazy("Given name first")),
    (FAMILY_FIRST, gettext_lazy("Family name first")),
]
DATE_ORDERS = [
    ("", gettext_lazy("Select")),
    ("dmy", gettext_lazy("Day, month, year (31/12/2026)")),
    ("mdy", gettext_lazy("Month, day, year (12/31/2026)")),
    ("ymd", gettext_lazy("Year, month, day (26/12/31)")),
]
YEAR_RULES = [
    ("", gettext_lazy("Select")),
    (PAST, gettext_lazy("The latest that isn’t in the future")),
    (NEXT, gettext_lazy("The next to come")),
]
ADDRESS_RULES = [
    (MAILBOX, gettext_lazy("Two people if the address is a shared one (info@, sales@)")),
    (PEOPLE, gettext_lazy("Always two people")),
    (PERSON, gettext_lazy("One person; the later name counts")),
]
# A chosen field may need the values of its column translated: the columns are shown anew.
SHOW_TRANSLATIONS = {
    "hx-trigger": "change", "hx-target": "#mapping", "hx-swap": "outerMorph", "hx-include": "closest form",
}  # fmt: skip


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
    also: forms.BoundField | None
    translations: list[ValueTranslation]
    is_refusal: bool


class MappingForm(forms.Form):
    """One choice per column; the rest is about all rows. `document()` is what the command line reads too."""

    identity = forms.ChoiceField(
        label=gettext_lazy("Rows are the same lead if they have the same"),
        choices=[
            ("email", gettext_lazy("Email")),
            ("external_id", gettext_lazy("External ID")),
            ("id", gettext_lazy("Number of the lead in leadqual")),
        ],
    )
    timezone = forms.CharField(
        label=gettext_lazy("Time zone for times without one"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones"}),
    )
    dates = forms.ChoiceField(
        label=gettext_lazy("Order of dates"),
        choices=DATE_ORDERS,
        required=False,
        error_messages={"required": gettext_lazy("Choose how the dates of this file are written.")},
    )
    year = forms.ChoiceField(
        label=gettext_lazy("Year of dates without one"),
        required=False,
        error_messages={"required": gettext_lazy("Choose the year of dates without one.")},
    )
    names = forms.ChoiceField(
        label=gettext_lazy("Order of names in Latin letters"), choices=NAME_ORDERS, required=False
    )
    addresses = forms.ChoiceField(
        label=gettext_lazy("Different names with the same email"), choices=ADDRESS_RULES, required=False
    )
    empty = forms.MultipleChoiceField(
        label=gettext_lazy("Leave these values empty"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, kind: FileKind, layout: Layout, document: Mapping[str, Any]
    ) -> None:
        super().__init__(data, initial=initial_values(document, layout.columns))
        self.kind, self.layout, self.column_names = kind, layout, layout.columns
        self.kind_fields = kind.fields()
        choices = field_choices(self.kind_fields, with_properties=kind.has_properties, with_new=kind.makes_leads)
        for place, name in enumerate(self.column_names):
            widget = forms.Select(attrs=SHOW_TRANSLATIONS)
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, widget=widget
            )
            if self.chosen(place) in self.kind_fields:
                label = _("%(column)s also fills") % {"column": name}
                self.fields[f"also_{place}"] = forms.ChoiceField(label=label, choices=choices, required=False)
        if kind.may_have_activity:
            self.fields |= activity_controls(self.column_names)
            self.fields |= {f"constant_{name}": constant_control(self.kind_fields[name]) for name in CONSTANTS}
        self.values = self._add_translations(document.get("values", {}))
        self._offer_readings(document)

    def _add_translations(self, known: Mapping[str, Mapping[str, str]]) -> dict[int, list[tuple[str, int]]]:
        """A control for each different value of a column whose field knows only some values; returns the values, with
        how often they are there, by the place of their column."""
        values: dict[int, list[tuple[str, int]]] = {}
        for place in range(len(self.column_names)):
            chosen = self.kind_fields.get(self.chosen(place))
            counted = self.layout.values[place]
            if chosen is None or counted is None or not (chosen.choices or chosen.name == "lead.source"):
                continue
            values[place] = counted
            for number, (text, _times) in enumerate(counted):
                key = f"value_{place}_{number}"
                self.fields[key] = translation_control(chosen, text, NOTHING)
                meaning = known.get(chosen.name, {}).get(text)
                self.initial[key] = NOTHING if meaning == "" else meaning or ""
        return values

    def _offer_readings(self, document: Mapping[str, Any]) -> None:
        """Ask only what this file leaves open: the order of its dates and names, shared addresses, empty values."""
        chosen = {self.chosen(place): name for place, name in enumerate(self.column_names)}
        self.date_columns = [chosen[name] for name in DATE_FIELDS if name in chosen]
        beside = str(self["activity_occurred_at"].value() or "") if "activity_occurred_at" in self.fields else ""
        if beside.isdigit() and int(beside) < len(self.column_names):
            self.date_columns.append(self.column_names[int(beside)])
        texts = [text for column in self.date_columns for text in texts_of(self.layout, column)]
        unclear = next((text for text in texts if len(possible_orders(text)) == 2), "")
        words = placeholders(self.layout, {column: name for name, column in chosen.items() if name})
        offered = sorted(words | set(document.get("empty", [])))
        self.fields["empty"].choices = [(text, text) for text in offered]  # type: ignore[attr-defined]
        self.fields["dates"].help_text = _("The file has dates such as %(date)s.") % {"date": unclear}
        bare = self._offer_years(str(document.get("year", "")))
        needed = {"dates": is_order_unclear(self.layout, self.date_columns), "year": bool(bare)}
        for name, is_needed in needed.items():
            self.fields[name].required = is_needed
        asked = {
            "dates": bool(unclear) or bool(document.get("dates")),
            "year": bool(bare) or bool(document.get("year")),
            "names": "lead.family_name" in chosen or "lead.given_name" in chosen,
            "addresses": {"lead.email", "lead.name"} <= chosen.keys() or "lead.family_name" in chosen,
            "empty": bool(offered),
        }
        for name, is_asked in asked.items():
            if not is_asked:
                del self.fields[name]

    def _offer_years(self, known: str) -> str:
        """Offer the year of dates without one; returns such a date of the file, or ""."""
        bare, this = day_without_year(self.layout, self.date_columns), timezone.localdate().year
        years = dict.fromkeys([*(str(year) for year in range(this + 1, this - 5, -1)), known])
        numbers = [(year, year) for year in years if year.isdigit()]
        self.fields["year"].choices = [*YEAR_RULES, *numbers]  # type: ignore[attr-defined]
        self.fields["year"].help_text = _("The file has dates such as %(date)s.") % {"date": bare}
        return bare

    def chosen(self, place: int) -> str:
        """The field that a column is mapped to, as the form stands."""
        return str(self[f"column_{place}"].value() or "")

    # ---- for the page ----

    def focus_first_problem(self) -> None:
        """Have the page begin at the first refused field: it is long, and the columns stand above all others."""
        refused = sorted((name for name in self.errors if name in self.fields), key=lambda name: "column_" not in name)
        if refused:
            self.fields[refused[0]].widget.attrs["autofocus"] = True

    def columns(self) -> Iterator[MappedColumn]:
        for place, name in enumerate(self.column_names):
            yield MappedColumn(
                name=name,
                samples=texts_of(self.layout, name)[:SAMPLES],
                control=self[f"column_{place}"],
                also=self[f"also_{place}"] if f"also_{place}" in self.fields else None,
                translations=[
                    ValueTranslation(text=text, times=times, control=self[f"value_{place}_{number}"])
                    for number, (text, times) in enumerate(self.values.get(place, []))
                ],
                is_refusal=self.chosen(place) == REFUSAL or (self.chosen(place) == CONSENT and says_refusal(name)),
            )

    def left_out(self) -> int:
        """How many columns that have values fill nothing."""
        return sum(
            not self.chosen(place) and bool(texts_of(self.layout, name)) for place, name in enumerate(self.column_names)
        )

    def readings(self) -> list[forms.BoundField]:
        return [self[name] for name in ("dates", "year", "names", "addresses", "empty") if name in self.fields]

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
        columns: dict[str, Any] = {}
        for place, name in enumerate(self.column_names):
            field, also = given.get(f"column_{place}"), given.get(f"also_{place}")
            if field == ANY_PROPERTY:
                field = PROPERTY + property_name(name, place)
            if field:
                columns[name] = [field, also] if also and also != field else field
        document: dict[str, Any] = {"identity": given["identity"], "columns": columns, "timezone": given["timezone"]}
        sections = {
            "constants": {name: text for name in CONSTANTS if (text := given.get(f"constant_{name}"))},
            "values": self._values_section(),
            "activity": self._activity_section(),
            **{name: given.get(name) for name in ("dates", "year", "names", "addresses", "empty")},
        }
        return document | {name: section for name, section in sections.items() if section}

    def _values_section(self) -> dict[str, dict[str, str]]:
        values: dict[str, dict[str, str]] = {}
        for place, cells in self.values.items():
            becomes = {
                text: self.cleaned_data.get(f"value_{place}_{number}", "") for number, (text, _n) in enumerate(cells)
            }
            if becomes := {text: value for text, value in becomes.items() if value and value != text}:
                values.setdefault(self.chosen(place), {}).update(
                    {text: "" if value == NOTHING else value for text, value in becomes.items()}
                )
        return values

    def _activity_section(self) -> dict[str, Any]:
        given = self.cleaned_data
        if not given.get("activity_type"):
            return {}
        section: dict[str, Any] = {"type": given["activity_type"]}
        for name in ("occurred_at", "object"):
            if place := given.get(f"activity_{name}"):
                section[name] = self.column_names[int(place)]
        places = [int(place) for place in given["activity_properties"]]
        if places:
            names = self.column_names
            section["properties"] = {property_name(names[place], place): names[place] for place in places}
        return section

    def add_problems(self, problems: Sequence[MappingProblem]) -> None:
        """Each problem of the mapping at the field it is about, the others above the form."""
        for problem in problems:
            root, _dot, rest = problem.where.partition(".")
            if root == "columns" and rest in self.column_names:
                field = f"column_{self.column_names.index(rest)}"
            else:
                prefix = {"constants": "constant_", "activity": "activity_"}.get(root, "")
                field = f"{prefix}{rest}" if prefix else root
            words = str(MappingProblem(where="", code=problem.code, params=problem.params))
            self.add_error(field if field in self.fields else None, words)


def with_new_attributes(data: Mapping[str, Any], layout: Layout) -> dict[str, Any]:
    """What was sent, with a new attribute of the lead for every column that has values and fills nothing."""
    changed: dict[str, Any] = {name: data.getlist(name) for name in data}  # type: ignore[attr-defined]
    given = {name: values if len(values) > 1 else values[0] for name, values in changed.items() if values}
    for place, name in enumerate(layout.columns):
        if texts_of(layout, name):
            given[f"column_{place}"] = given.get(f"column_{place}") or NEW_ATTRIBUTES[0]
    return given


def property_name(column: str, place: int) -> str:
    """A property's name made of the column's; by its place where that has no letters of ours."""
    name = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")[:40]
    return name if re.match(r"[a-z]", name) else f"column_{place + 1}"


def initial_values(document: Mapping[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    """A mapping as the form's first values."""
    places = {name: str(place) for place, name in enumerate(columns)}
    activity = document.get("activity") or {}
    initial: dict[str, Any] = {
        "identity": document.get("identity", IDENTITIES[0]),
        "timezone": document.get("timezone", DEFAULT_ZONE),
        **{name: document.get(name, "") for name in ("dates", "year")},
        "names": document.get("names", GIVEN_FIRST),
        "addresses": document.get("addresses", MAILBOX),
        "empty": document.get("empty", []),
        "activity_type": activity.get("type", ""),
        "activity_properties": [places[c] for c in activity.get("properties", {}).values() if c in places],
    }
    for name in ("occurred_at", "object"):
        initial[f"activity_{name}"] = places.get(activity.get(name, ""), "")
    for column, filled in document.get("columns", {}).items():
        names = [filled] if isinstance(filled, str) else list(filled)
        if column in places and names:
            initial[f"column_{places[column]}"] = ANY_PROPERTY if names[0].startswith(PROPERTY) else names[0]
            initial[f"also_{places[column]}"] = names[1] if len(names) > 1 else ""
    return initial | {f"constant_{name}": value for name, value in document.get("constants", {}).items()}
