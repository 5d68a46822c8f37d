"""A rule as a form: points, for what, how often, how long. The engine judges what was typed; the form shows where."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.catalog import Catalog
from engine.nodes import Repeat, Rule
from engine.problems import Problem
from scoring.forms import values
from scoring.queries.validation import alone, canonical, language, problems_of, read_rule
from studio.draft.document import Document, Entry, RulePlace, groups_of, with_rule
from studio.forms import choices
from studio.forms.answer_points import OptionFields, add_options, initial_options, name_of, option_fields, typed_options
from studio.forms.condition import FormCannotShowError, StreamFields, initial_where
from studio.forms.condition_rows import joined_by, rows_for
from studio.forms.fields import SelectField

TYPED = {"max_length": 40, "required": False}
FADING = [
    ("", _("do not fade")),
    ("half_life", _("halve every …")),
    ("linear", _("fall to 0 over …")),
    ("window", _("count for …, then 0")),
]
REPEATS = [
    (Repeat.EVERY_TIME, _("every time")),
    (Repeat.ONCE_PER_OBJECT, _("once per object")),
    (Repeat.ONCE_PER_DAY, _("once a day")),
    (Repeat.ONCE, _("once ever")),
]
CONTROLS = {
    "each": "activity",
    "each.activity": "activity",
    "each.where.op": "where_op",
    "each.where.field": "where_property",
    "decay": "decay",
    "decay.window": "window",
}


class RuleForm(StreamFields):
    name = forms.CharField(
        label=_("Name"), max_length=limits.MAX_NAME, help_text=_("As it stands in every explanation.")
    )
    group = forms.TypedChoiceField(label=_("Group"), coerce=int)
    points = forms.CharField(
        label=_("Points"), max_length=40, required=False, help_text=_("Negative points take away.")
    )
    kind = forms.ChoiceField(
        label=_("Gives points"),
        choices=[
            ("each", _("for each activity")),
            ("when", _("while a condition holds")),
            ("answer", _("by the answer to a question")),
        ],
        widget=forms.RadioSelect,
        initial="each",
    )
    activity = SelectField(label=_("Activity"))
    answer = SelectField(label=_("Question"), help_text=_("The newest answer counts. An empty number gives nothing."))
    repeat = SelectField(
        label=_("Counts"), choices=REPEATS, help_text=_("An object is a page, a document, a mail, an event.")
    )
    at_most = forms.CharField(label=_("At most"), help_text=_("The most recent ones count."), **TYPED)
    cap = forms.CharField(label=_("Together at most"), help_text=_("Points that this rule can reach."), **TYPED)
    decay = SelectField(label=_("The points"), choices=FADING)
    decay_length = forms.CharField(label=_("Length"), **TYPED)
    decay_unit = SelectField(label=_("Unit"), choices=choices.UNITS)
    window = forms.CharField(label=_("Nothing after"), **TYPED)
    window_unit = SelectField(label=_("Unit"), choices=choices.UNITS)
    joined = SelectField(
        label=_("Holds when"), choices=[("all", _("all of these are true")), ("any", _("any of these is true"))]
    )
    disabled = forms.BooleanField(label=_("Switched off"), required=False)
    hypothesis = forms.CharField(
        label=_("Why we believe this"),
        max_length=limits.MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.CharField(label=_("Who looks after it"), max_length=limits.MAX_NOTE, required=False)
    review_on = forms.CharField(label=_("Review on"), widget=forms.DateInput(attrs={"type": "date"}), **TYPED)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        at: RulePlace | None = None,
        rule: Entry | None = None,
        group: int = 0,
    ) -> None:
        """A form for `rule` at its place, or for a new one in `group`. Raises FormCannotShowError."""
        node = read_rule(rule) if rule else None
        if rule and node is None:
            raise FormCannotShowError
        initial = _initial(node, catalog) if node else {}
        super().__init__(data, initial={"group": at.group if at else group, **initial})
        self.catalog, self.document, self.at = catalog, document, at
        self.rows = rows_for(data, prefix="when", catalog=catalog, when=node.when if node else None)
        self.fields["activity"].widget.choices = choices.activities(catalog)
        self.fields["answer"].widget.choices = choices.criteria(catalog)
        add_options(self, catalog)
        self.fields["group"].choices = [
            (index, group.get("name", "")) for index, group in enumerate(groups_of(document))
        ]
        self.result: Document = document
        self.place: RulePlace | None = at

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("kind") != "answer" and not self.cleaned_data.get("points", "-").strip():
            self.add_error("points", self.fields["name"].error_messages["required"])
        if self.rows.is_valid() and not self.errors:
            self._judge()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def _judge(self) -> None:
        """Put the rule into the document and ask the engine; keep the document if the rule is sound."""
        document, place = with_rule(self.document, self.raw, group=self.cleaned_data["group"], at=self.at)
        found = [problem for problem in problems_of(document, self.catalog) if problem.path.startswith(place.path)]
        # A problem elsewhere keeps `parse` from getting as far as the catalog: this rule is checked by itself too.
        found = found or [
            problem
            for problem in problems_of(alone(self.raw), self.catalog)
            if problem.path.startswith("groups[0].rules[0]")
        ]
        for problem in found:
            self.mark(problem.path.partition(".rules[")[2].partition("]")[2].lstrip("."), problem)
        if not found:
            self.result, self.place = with_rule(self.document, canonical(self.raw), group=place.group, at=self.at)

    @property
    def raw(self) -> Entry:
        """The rule as the language writes it, as far as it was typed."""
        typed = self.cleaned_data
        rule: Entry = {"name": typed["name"], **self._form()}
        if typed["cap"].strip():
            rule["cap"] = values.number(typed["cap"])
        rule |= {"disabled": True} if typed["disabled"] else {}
        return rule | {key: typed[key].strip() for key in ("hypothesis", "owner", "review_on") if typed[key].strip()}

    def _form(self) -> Entry:
        """What is particular to the kind of rule."""
        typed = self.cleaned_data
        if typed["kind"] == "answer":
            decay, points = self._decay(), typed_options(typed, typed["answer"], self.catalog)
            return {"answer": typed["answer"], "points": points} | ({"decay": decay} if decay else {})
        rule: Entry = {"points": values.number(typed["points"])}
        return rule | (self._each() if typed["kind"] == "each" else {"when": self.rows.raw(typed["joined"]) or {}})

    def options(self) -> list[OptionFields]:
        return list(option_fields(self, self.catalog))

    def _each(self) -> Entry:
        typed = self.cleaned_data
        each: Entry = {"activity": typed["activity"]}
        if (where := self.where()) is not None:
            each["where"] = where
        rule: Entry = {"each": each}
        if typed["repeat"] and typed["repeat"] != Repeat.EVERY_TIME:
            rule["repeat"] = typed["repeat"]
        if typed["at_most"].strip():
            rule["at_most"] = values.number(typed["at_most"])
        decay = self._decay()
        return rule | ({"decay": decay} if decay else {})

    def _decay(self) -> Entry:
        typed = self.cleaned_data
        decay = {typed["decay"]: values.length(typed["decay_length"], typed["decay_unit"])} if typed["decay"] else {}
        if typed["window"].strip() and typed["decay"] in ("half_life", "linear"):
            decay["window"] = values.length(typed["window"], typed["window_unit"])
        return decay

    def mark(self, place: str, problem: Problem) -> None:
        """Show a problem at the control it speaks of; `place` is the path below the rule."""
        words = problem.text(language())
        if place.startswith("when"):
            if not self.rows.kept() or not self.rows.mark(place.removeprefix("when").lstrip("."), words):
                self.add_error("joined", _("Add at least one condition.") if not self.rows.kept() else words)
            return
        self.add_error(self._control(place), words)

    def _control(self, place: str) -> str | None:
        if place in CONTROLS:
            own_window = place == "decay.window" and self.cleaned_data.get("decay") == "window"
            return "decay_length" if own_window else CONTROLS[place]
        if place.startswith("decay."):
            return "decay_length"
        if place.startswith("each.where"):
            return "where_value"
        if self.cleaned_data.get("kind") == "answer" and place.startswith("points"):
            named = name_of(self.cleaned_data["answer"], place.removeprefix("points."))
            return named if named in self.fields else "answer"
        return place if place in self.fields else None


def _initial(rule: Rule, catalog: Catalog) -> dict[str, Any]:
    """What the controls show for a rule. Raises FormCannotShowError."""
    shown = {
        "name": rule.name,
        "points": values.shown(rule.points),
        "kind": "each" if rule.each else "answer" if rule.answer else "when",
        "cap": values.shown(rule.cap),
        "at_most": values.shown(rule.at_most),
        "repeat": str(rule.repeat),
        "disabled": rule.disabled,
        "hypothesis": rule.hypothesis,
        "owner": rule.owner,
        "review_on": rule.review_on.isoformat() if rule.review_on else "",
        "joined": joined_by(rule.when),
    }
    if rule.each:
        shown |= {"activity": rule.each.activity, **initial_where(rule.each.where)}
    if rule.answer:
        criterion = catalog.criteria.get(rule.answer.criterion)
        numbers = criterion and initial_options(rule.answer, criterion)
        if numbers is None:
            raise FormCannotShowError
        shown |= {"points": "", "answer": rule.answer.criterion, **numbers}
    return shown | _initial_decay(rule)


def _initial_decay(rule: Rule) -> dict[str, Any]:
    decay = rule.decay
    if decay is None:
        return {}
    kind = "half_life" if decay.half_life else "linear" if decay.linear else "window"
    first = decay.half_life or decay.linear or decay.window
    assert first is not None
    shown = {"decay": kind, "decay_length": str(first.amount), "decay_unit": first.unit}
    if decay.window and kind != "window":
        shown |= {"window": str(decay.window.amount), "window_unit": decay.window.unit}
    return shown
