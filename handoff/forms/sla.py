"""What people type about an SLA policy; what is wrong with it, the policy itself says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from engine import parse_condition
from engine.catalog import Catalog
from handoff.enums import Counts, DueMode, PolicySection, Promise, RungAct
from handoff.forms.routing import with_entry
from handoff.models.sla import MOST_RUNGS
from handoff.policy.lists import NAME
from handoff.policy.problems import PolicyProblem
from handoff.policy.sla import MOST_A_WEEK, MOST_AFTER, MOST_TIME
from handoff.queries.policy import problems_of
from scoring.forms.condition import FormCannotShowError
from scoring.forms.condition_rows import joined_by, rows_for
from scoring.forms.fields import SelectField

Raw = dict[str, Any]

BEFORE, AT, AFTER = "before", "due", "after"
OFFICE_DAY_HOURS = 9


class RungForm(forms.Form):
    """A rung of the ladder: when it is climbed, and what happens then. One without a time is left out."""

    when = forms.ChoiceField(
        label=_("When"), required=False,
        choices=[
            ("", "–"), (BEFORE, _("at % of the time")), (AT, _("at the deadline")), (AFTER, _("after the deadline")),
        ],
    )  # fmt: skip
    amount = forms.IntegerField(label=_("Number"), required=False, min_value=1, max_value=MOST_AFTER)
    unit = forms.ChoiceField(label=_("Unit"), required=False, choices=DueMode.choices)
    do = forms.ChoiceField(label=_("What happens"), required=False)

    def __init__(self, *args: Any, promise: Promise, **options: Any) -> None:
        super().__init__(*args, **options)
        acts = [(str(act), act.label) for act in RungAct if act != RungAct.PERSON]
        if promise != Promise.FIRST_CONTACT:
            acts = [(code, label) for code, label in acts if code not in (RungAct.TOP, RungAct.POOL)]
        people = [(f"person:{person.pk}", str(person)) for person in User.objects.filter(is_active=True)]
        self.fields["do"].choices = [*acts, (_("Tell one user"), people)]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = field.label

    def raw(self) -> Raw | None:
        """The rung as the policy writes it; None for an empty row."""
        cleaned = self.cleaned_data
        if not cleaned.get("when"):
            return None
        act, _colon, person = cleaned["do"].partition(":")
        rung: Raw = {"do": act} | ({"person": int(person)} if person else {})
        if cleaned["when"] == AFTER:
            return rung | {"after": cleaned["amount"], "unit": cleaned["unit"]}
        return rung | {"percent": 100 if cleaned["when"] == AT else cleaned["amount"]}


class RungForms(BaseFormSet):  # type: ignore[type-arg]
    """The rungs of one promise; there is room for as many as are possible."""

    def raws(self) -> list[Raw]:
        """The rungs in the order in which they are climbed."""
        return [raw for form in self.kept() if (raw := form.raw()) is not None]

    def kept(self) -> list[RungForm]:
        """The rows that are rungs, in the order of `raws`."""
        return sorted((form for form in self.forms if form.cleaned_data.get("when")), key=_climbed_at)


def _climbed_at(form: RungForm) -> tuple[int, int]:
    """Where a rung stands on the ladder: before the deadline, at it, then by hours after it."""
    when, amount = form.cleaned_data["when"], form.cleaned_data.get("amount") or 0
    hours = OFFICE_DAY_HOURS if form.cleaned_data.get("unit") == DueMode.BUSINESS_DAYS else 1
    return {BEFORE: (0, amount), AT: (1, 0), AFTER: (2, amount * hours)}[when]


RungFormSet = formset_factory(RungForm, formset=RungForms, extra=MOST_RUNGS, max_num=MOST_RUNGS, validate_max=True)


def _initial_rung(rung: Raw) -> Raw:
    act = f"{rung['do']}:{rung['person']}" if rung.get("person") else rung["do"]
    if rung.get("after"):
        return {"when": AFTER, "amount": rung["after"], "unit": rung["unit"], "do": act}
    if rung.get("percent") == 100:
        return {"when": AT, "do": act}
    return {"when": BEFORE, "amount": rung.get("percent"), "do": act}


class TermsForm(forms.Form):
    """One promise of a policy, with its ladder."""

    is_on = forms.BooleanField(required=False)
    amount = forms.IntegerField(label=_("Within"), min_value=1, max_value=MOST_TIME, required=False)
    mode = forms.ChoiceField(label=_("Counted in"), choices=DueMode.choices, required=False)
    counts = forms.ChoiceField(label=_("What counts"), choices=Counts.choices, required=False)
    target = forms.IntegerField(
        label=_("Target (% met)"), min_value=1, max_value=100, required=False,
        help_text=_("Shown in compliance: below it, the share isn’t good."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, promise: Promise, stored: Raw | None) -> None:
        terms = stored or {}
        initial = {
            "is_on": stored is not None, "amount": terms.get("amount"), "mode": terms.get("mode"),
            "counts": terms.get("counts", Counts.CONVERSATION), "target": terms.get("target"),
        }  # fmt: skip
        super().__init__(data, prefix=promise, initial=initial)
        self.promise = promise
        self.fields["is_on"].label = _SWITCHES[promise]
        if promise != Promise.FIRST_CONTACT:
            del self.fields["counts"]
        if self["is_on"].value():
            self.fields["amount"].required = self.fields["mode"].required = True
        rungs = [_initial_rung(rung) for rung in terms.get("ladder", ())]
        formset: Any = RungFormSet(
            data, prefix=f"{promise}-ladder", initial=rungs, form_kwargs={"promise": promise}
        )  # fmt: skip
        self.rungs: RungForms = formset
        self.rungs.extra = MOST_RUNGS - len(rungs)

    def is_valid(self) -> bool:
        own, rungs = super().is_valid(), self.rungs.is_valid()
        return own and (rungs or not self.cleaned_data.get("is_on"))

    def raw(self) -> Raw | None:
        """The promise as the policy writes it; None where it is not made."""
        cleaned = self.cleaned_data
        if not cleaned["is_on"]:
            return None
        terms: Raw = {"amount": cleaned["amount"], "mode": cleaned["mode"]}
        terms |= {"counts": cleaned["counts"]} if "counts" in self.fields else {}
        terms |= {"target": cleaned["target"]} if cleaned["target"] else {}
        return terms | ({"ladder": rungs} if (rungs := self.rungs.raws()) else {})

    def mark(self, place: str, words: str) -> None:
        """Put a problem beside what it speaks of: `amount`, `ladder[1].percent`."""
        if not place.startswith("ladder["):
            self.add_error(place if place in self.fields else None, words)
            return
        number, _bracket, part = place.removeprefix("ladder[").partition("]")
        form = self.rungs.kept()[int(number)]
        field = {"percent": "amount", "after": "amount", "person": "do"}.get(part.lstrip("."), part.lstrip("."))
        form.add_error(field if field in form.fields else None, words)


_SWITCHES: dict[Promise, Any] = {
    Promise.FIRST_CONTACT: _("First contact due after the lead becomes hot"),
    Promise.RESULT: _("Result due after first contact"),
    Promise.NEXT_STEP: _("Next step due after acceptance"),
}


class SlaPolicyForm(forms.Form):
    """A policy: for which leads, and its promises. The last one is for all others and has no condition."""

    name = forms.CharField(label=_("Name"), max_length=NAME)
    joined = SelectField(
        label=_("For leads that match"),
        choices=[("all", _("all of these conditions")), ("any", _("any of these conditions"))],
    )

    def __init__(self, data: Mapping[str, Any] | None, *, catalog: Catalog, document: Raw, place: int | None) -> None:
        """A form for the policy at `place`, or a new one, which is put before the last. Raises FormCannotShowError for
        conditions that rows cannot say."""
        policies = document.get("policies", [])
        policy = policies[place] if place is not None else {}
        self.is_last = place is not None and place == len(policies) - 1
        raw = policy.get("when")
        when = parse_condition(raw)[0] if raw is not None and data is None else None
        if raw is not None and data is None and when is None:
            raise FormCannotShowError
        super().__init__(data, initial={"name": policy.get("name", ""), "joined": joined_by(when)})
        if self.is_last:
            del self.fields["joined"]
            self.fields["name"].required = False
        self.rows = None if self.is_last else rows_for(data, prefix="when", catalog=catalog, scores=True, when=when)
        self.terms = [TermsForm(data, promise=promise, stored=policy.get(promise)) for promise in Promise]
        self.document, self.place, self.result = document, place, document

    def clean(self) -> Raw:
        promises = [terms.is_valid() for terms in self.terms]
        rows = self.rows is None or self.rows.is_valid()
        if rows and all(promises) and not self.errors:
            self._put_into_document()
        for words in self._complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def _complaints(self) -> Iterator[str]:
        yield from self.rows.complaints() if self.rows is not None else ()
        if any(terms.errors or any(terms.rungs.errors) for terms in self.terms if terms["is_on"].data):
            yield str(_("Check the highlighted fields. Nothing has been saved yet."))

    def _put_into_document(self) -> None:
        policy: Raw = {"name": self.cleaned_data["name"].strip()}
        if self.rows is not None and (when := self.rows.raw(self.cleaned_data["joined"])):
            policy["when"] = when
        policy |= {terms.promise.value: raw for terms in self.terms if (raw := terms.raw())}
        policies = list(self.document.get("policies", []))
        place = max(len(policies) - 1, 0) if self.place is None else self.place
        if self.place is None:
            self.result = self.document | {"policies": [*policies[:place], policy, *policies[place:]]}
        else:
            self.result = with_entry(self.document, "policies", place, policy)
        for problem in problems_of(PolicySection.SLA, self.result):
            part = problem.path.removeprefix(f"policies[{place}].")
            if part != problem.path:
                self._mark(problem, part)

    def _mark(self, problem: PolicyProblem, part: str) -> None:
        for terms in self.terms:
            if part == terms.promise or part.startswith(f"{terms.promise}."):
                terms.mark(part.removeprefix(terms.promise).lstrip("."), problem.text)
                return
        if part.startswith("when"):
            if self.rows is None or not self.rows.mark(part.removeprefix("when").lstrip("."), problem.text):
                self.add_error(None, problem.text)
            return
        self.add_error("name" if part == "name" else None, problem.text)


class MarketingForm(forms.Form):
    """What marketing promises; both numbers, or none of them."""

    per_week = forms.IntegerField(
        label=_("Hand-offs a week"), min_value=1, max_value=MOST_A_WEEK, required=False
    )  # fmt: skip
    accepted = forms.IntegerField(
        label=_("Accepted by sales (%)"), min_value=1, max_value=100, required=False,
        help_text=_("Of the hand-offs that sales accepts or rejects."),
    )  # fmt: skip

    def clean(self) -> Raw:
        given = [self.cleaned_data.get(name) for name in ("per_week", "accepted")]
        if any(given) and not all(given) and not self.errors:
            raise forms.ValidationError(_("Enter both numbers, or leave both empty."))
        return self.cleaned_data
