"""What people type about gates and ownership; what is wrong with it, the policy itself says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engine import parse_condition
from engine.catalog import Catalog
from handoff.enums import PolicySection
from handoff.forms.routing import with_entry
from handoff.forms.steps import GiveForm
from handoff.gate_words import tell_in_words
from handoff.policy.gates import MISSING, TELLS, GateEffect
from handoff.policy.lists import NAME
from handoff.policy.problems import PolicyProblem
from handoff.queries.gates import guarded_now
from handoff.queries.policy import problems_of
from scoring.forms.condition import FormCannotShowError
from scoring.forms.condition_rows import joined_by, rows_for
from scoring.forms.fields import SelectField

Raw = dict[str, Any]


class GateForm(forms.Form):
    """One gate: what must hold, what happens where it does not, and which hand-offs it guards."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME)
    joined = SelectField(
        label=gettext_lazy("Leads must meet"),
        choices=[
            ("all", gettext_lazy("all of these conditions")), ("any", gettext_lazy("any of these conditions")),
        ],
    )  # fmt: skip
    effect = forms.ChoiceField(
        label=gettext_lazy("Leads that don’t"),
        choices=[
            (GateEffect.BLOCK, gettext_lazy("aren’t handed off until they do")),
            (GateEffect.WARN, gettext_lazy("are handed off with a warning")),
        ],
    )
    missing = forms.CharField(
        label=gettext_lazy("What to do about it"), max_length=MISSING, required=False,
        help_text=gettext_lazy("Shown with the leads that don’t meet the gate, such as “Ask what they need”."),
    )  # fmt: skip
    guards = forms.MultipleChoiceField(
        label=gettext_lazy("Only for"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Without a choice, every hand-off must pass. Hand-offs made manually pass gates of single hot definitions."
        ),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, catalog: Catalog, document: Raw, place: int | None,
                 start: Raw | None = None) -> None:  # fmt: skip
        """A form for the gate at `place` of a document, or a new one that begins with `start`. Raises
        FormCannotShowError for conditions that rows cannot say."""
        gate = document["gates"][place] if place is not None else start or {}
        raw = gate.get("when")
        when = parse_condition(raw)[0] if raw is not None and data is None else None
        if raw is not None and data is None and when is None:
            raise FormCannotShowError
        guarded = [f"model:{name}" for name in gate.get("models", [])] + [f"hot:{n}" for n in gate.get("hot", [])]
        initial = {
            "name": gate.get("name", ""), "joined": joined_by(when), "effect": gate.get("effect", GateEffect.BLOCK),
            "missing": gate.get("missing", ""), "guards": guarded,
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["guards"].choices = _guarded_choices(guarded)  # type: ignore[attr-defined]
        self.rows = rows_for(data, prefix="when", catalog=catalog, scores=True, when=when)
        self.document, self.place, self.result = document, place, document

    def clean(self) -> Raw:
        if self.rows.is_valid() and not self.errors:
            self._put_into_document()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def _put_into_document(self) -> None:
        """Put the gate into the document, and mark what is wrong with it."""
        cleaned = self.cleaned_data
        gate: Raw = {"name": cleaned["name"].strip(), "effect": cleaned["effect"]}
        if when := self.rows.raw(cleaned["joined"]):
            gate["when"] = when
        for kind, part in (("hot", "hot"), ("model", "models")):
            chosen = [value.partition(":")[2] for value in cleaned["guards"] if value.startswith(f"{kind}:")]
            gate |= {part: chosen} if chosen else {}
        gate |= {"missing": cleaned["missing"].strip()} if cleaned["missing"].strip() else {}
        self.result = with_entry(self.document, "gates", self.place, gate)
        place = len(self.result["gates"]) - 1 if self.place is None else self.place
        for problem in problems_of(PolicySection.GATES, self.result):
            if problem.path.startswith(f"gates[{place}]."):
                self._mark(problem, problem.path.removeprefix(f"gates[{place}]."))

    def _mark(self, problem: PolicyProblem, part: str) -> None:
        if part.startswith("when"):
            if not self.rows.mark(part.removeprefix("when").lstrip("."), problem.text):
                self.add_error(None, problem.text)
            return
        self.add_error(part if part in self.fields else "guards", problem.text)


def _guarded_choices(chosen: list[str]) -> list[tuple[Any, Any]]:
    """The models that hand over and their hot definitions; and what is chosen already, if it is gone."""
    known = guarded_now()
    models = [(f"model:{name}", _("Model %(name)s") % {"name": name}) for name in sorted(known.models)]
    hot = [(f"hot:{name}", _("Hot definition %(name)s") % {"name": name}) for name in sorted(known.hot)]
    offered = models + hot
    gone = [value for value in chosen if value not in dict(offered)]
    return offered + [(value, _("%(name)s (no longer there)") % {"name": value.partition(":")[2]}) for value in gone]


class OwnershipForm(forms.Form):
    """From which total a lead is shared, and sales'."""

    shared = forms.IntegerField(
        label=gettext_lazy("Shared by marketing and sales from"), min_value=1, max_value=100, required=False,
        help_text=gettext_lazy("Total score. Marketing owns the leads below. Leave both empty to do without."),
    )  # fmt: skip
    sales = forms.IntegerField(
        label=gettext_lazy("Owned by sales from"), min_value=1, max_value=100, required=False
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, document: Raw) -> None:
        super().__init__(data, initial=document.get("ownership") or {})
        self.document, self.result = document, document

    def clean(self) -> Raw:
        if not self.errors:
            typed = {name: self.cleaned_data[name] for name in ("shared", "sales")}
            others = {name: value for name, value in self.document.items() if name != "ownership"}
            is_empty = all(value is None for value in typed.values())
            self.result = others if is_empty else others | {"ownership": typed}
            for problem in problems_of(PolicySection.GATES, self.result):
                if problem.path.startswith("ownership."):
                    self.add_error(problem.path.removeprefix("ownership."), problem.text)
        return self.cleaned_data


class GatesTellForm(forms.Form):
    """Who is told of a lead that a gate holds back."""

    tell = forms.ChoiceField(label=gettext_lazy("Who is told"), widget=forms.RadioSelect)

    def __init__(self, data: Mapping[str, Any] | None, *, document: Raw) -> None:
        super().__init__(data, initial={"tell": document.get("tell", TELLS[0])})
        self.fields["tell"].choices = [(role.value, tell_in_words(role)) for role in TELLS]  # type: ignore[attr-defined]
        self.document, self.result = document, document

    def clean(self) -> Raw:
        if not self.errors:
            self.result = self.document | {"tell": self.cleaned_data["tell"]}
        return self.cleaned_data


class GiveAnywayForm(GiveForm):
    """To hand over what a gate blocks, by somebody who may."""

    anyway = forms.BooleanField(
        label=gettext_lazy("Hand off anyway"),
        help_text=gettext_lazy("The history keeps who did it, why, and what was missing."),
    )
