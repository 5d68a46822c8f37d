"""A rule as a form: points, for what, how often, how long. The engine checks it; the form shows problems in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.catalog import Catalog
from engine.nodes import Decay, Repeat, Rule
from scoring.forms import choices, values
from scoring.forms.condition import FormCannotShowError, StreamFields, initial_where
from scoring.forms.condition_rows import joined_by, rows_for
from scoring.forms.fields import SelectField, ShortTextField, set_choices
from scoring.queries.validation import alone, canonical, language, problems_of, read_rule
from studio.draft.document import Document, Entry, RuleEdit, RulePlace, groups_of, with_rule
from studio.forms.answer_points import OptionFields, add_options, initial_options, name_of, option_fields, typed_options

FADING = [
    ("", _("no decay")),
    ("half_life", _("halve every …")),
    ("linear", _("fall to 0 over …")),
    ("window", _("count for …, then 0")),
]
REPEATS = [
    (Repeat.EVERY_TIME, _("every time")),
    (Repeat.ONCE_PER_OBJECT, _("once per page, document…")),
    (Repeat.ONCE_PER_DAY, _("once a day")),
    (Repeat.ONCE, _("once only")),
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
    """The rule `at` its place, or a new one of `group`. `edit` is the document with it, once it is valid."""

    is_text: ClassVar[bool] = False

    name = forms.CharField(
        label=_("Name"), max_length=limits.MAX_NAME, help_text=_("Shown under this name in score breakdowns.")
    )
    group = forms.TypedChoiceField(label=_("Group"), coerce=int)
    points = ShortTextField(label=_("Points"), help_text=_("Negative points subtract."))
    kind = forms.ChoiceField(
        label=_("Gives points"),
        choices=[
            ("each", _("for each activity")),
            ("when", _("while a condition is met")),
            ("answer", _("by the answer to a question")),
        ],
        widget=forms.RadioSelect,
        initial="each",
    )
    activity = SelectField(label=_("Activity"))
    answer = SelectField(label=_("Question"), help_text=_("The latest answer counts. Leave empty for no points."))
    repeat = SelectField(
        label=_("Count"), choices=REPEATS, help_text=_("For example a page, document, email or event.")
    )
    at_most = ShortTextField(label=_("Maximum"), help_text=_("The most recent ones count."))
    cap = ShortTextField(label=_("Total at most"), help_text=_("The most points this rule can give in total."))
    decay = SelectField(label=_("Decay"), choices=FADING)
    decay_length = ShortTextField(label=_("Length"))
    decay_unit = SelectField(label=_("Unit"), choices=choices.UNITS)
    window = ShortTextField(label=_("Expires after"))
    window_unit = SelectField(label=_("Unit"), choices=choices.UNITS)
    joined = SelectField(
        label=_("Matches when"), choices=[("all", _("all of these match")), ("any", _("any of these matches"))]
    )
    disabled = forms.BooleanField(label=_("Off"), required=False)
    hypothesis = forms.CharField(
        label=_("Hypothesis"),
        max_length=limits.MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    owner = forms.CharField(label=_("Owner of this rule"), max_length=limits.MAX_NOTE, required=False)
    review_on = ShortTextField(label=_("Review on"), widget=forms.DateInput(attrs={"type": "date"}))

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
        initial = initial_rule(node, catalog) if node else {}
        super().__init__(data, initial={"group": at.group if at else group, **initial})
        self.catalog, self.document, self.at, self.from_group = catalog, document, at, at.group if at else group
        self.rows = rows_for(data, prefix="when", catalog=catalog, when=node.when if node else None)
        self.fields["activity"].widget.choices = choices.activities(catalog)
        self.fields["answer"].widget.choices = choices.criteria(catalog)
        add_options(self, catalog)
        set_choices(self, "group", [(index, entry.get("name", "")) for index, entry in enumerate(groups_of(document))])
        self.edit: RuleEdit | None = None

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("kind") != "answer" and not self.cleaned_data.get("points", "-").strip():
            self.add_error("points", self.fields["name"].error_messages["required"])
        if self.rows.is_valid() and not self.errors:
            self.check_document(self.raw)
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def check_document(self, rule: Entry) -> None:
        """Put the rule into the document; mark what the engine finds wrong with it, or keep it as the `edit`."""
        group = self.cleaned_data["group"]
        edit = with_rule(self.document, rule, group=group, at=self.at)
        problems = [
            problem for problem in problems_of(edit.document, self.catalog) if problem.path.startswith(edit.place.path)
        ]
        # A problem elsewhere keeps `parse` from getting as far as the catalog: this rule is checked by itself too.
        if not problems:
            place = RulePlace(group=0, rule=0).path
            problems = [problem for problem in problems_of(alone(rule), self.catalog) if problem.path.startswith(place)]
        for problem in problems:
            self.mark(problem.path.partition(".rules[")[2].partition("]")[2].lstrip("."), problem.text(language()))
        if not problems:
            self.edit = with_rule(self.document, canonical(rule), group=group, at=self.at)

    @property
    def raw(self) -> Entry:
        """The rule as the language writes it, as far as it was typed."""
        typed = self.cleaned_data
        rule: Entry = {"name": typed["name"]}
        if typed["kind"] == "answer":
            points = typed_options(typed, typed["answer"], self.catalog)
            rule |= {"answer": typed["answer"], "points": points, **self.raw_decay()}
        elif typed["kind"] == "each":
            rule |= {"points": values.number(typed["points"]), **self.raw_activity(), **self.raw_decay()}
        else:
            rule |= {"points": values.number(typed["points"]), "when": self.rows.raw(typed["joined"]) or {}}
        if typed["cap"].strip():
            rule["cap"] = values.number(typed["cap"])
        if typed["disabled"]:
            rule["disabled"] = True
        return rule | {key: typed[key].strip() for key in ("hypothesis", "owner", "review_on") if typed[key].strip()}

    def raw_activity(self) -> Entry:
        """Which activities give points, and how often."""
        typed, where = self.cleaned_data, self.where()
        stream: Entry = {"activity": typed["activity"]}
        if where is not None:
            stream["where"] = where
        rule: Entry = {"each": stream}
        if typed["repeat"] and typed["repeat"] != Repeat.EVERY_TIME:
            rule["repeat"] = typed["repeat"]
        if typed["at_most"].strip():
            rule["at_most"] = values.number(typed["at_most"])
        return rule

    def raw_decay(self) -> Entry:
        """How the points fade; nothing where they do not."""
        typed = self.cleaned_data
        decay = {typed["decay"]: values.length(typed["decay_length"], typed["decay_unit"])} if typed["decay"] else {}
        if typed["window"].strip() and typed["decay"] in ("half_life", "linear"):
            decay["window"] = values.length(typed["window"], typed["window_unit"])
        return {"decay": decay} if decay else {}

    def options(self) -> list[OptionFields]:
        """The points for the answers to each question."""
        return list(option_fields(self, self.catalog))

    def mark(self, place: str, words: str) -> None:
        """Show a problem at the control it speaks of; `place` is the path below the rule."""
        if not place.startswith("when"):
            self.add_error(self.control(place), words)
        elif not self.rows.kept():
            self.add_error("joined", _("Add at least one condition."))
        elif not self.rows.mark(place.removeprefix("when").lstrip("."), words):
            self.add_error("joined", words)

    def control(self, place: str) -> str | None:
        """The name of the control for a path below the rule; None where there is none."""
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


def initial_rule(rule: Rule, catalog: Catalog) -> dict[str, Any]:
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
        numbers = initial_options(rule.answer, criterion) if criterion else None
        if numbers is None:
            raise FormCannotShowError
        shown |= {"points": "", "answer": rule.answer.criterion, **numbers}
    return shown | (initial_decay(rule.decay) if rule.decay else {})


def initial_decay(decay: Decay) -> dict[str, str]:
    """What the controls show for how points fade; a window that ends another decay has controls of its own."""
    shown: dict[str, str] = {}
    for kind, length in (("half_life", decay.half_life), ("linear", decay.linear), ("window", decay.window)):
        if length and not shown:
            shown = {"decay": kind, "decay_length": str(length.amount), "decay_unit": length.unit}
        elif length and kind == "window":
            shown |= {"window": str(length.amount), "window_unit": length.unit}
    return shown
