"""What people type about routing; what is wrong with it, the policy itself says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from engine import parse_condition
from engine.catalog import Catalog
from handoff.enums import PolicySection
from handoff.policy.lists import NAME
from handoff.policy.problems import PolicyProblem
from handoff.policy.routing import FOLLOWS_A_PERSON, LEAD_LANGUAGE, Aim, Away, Returns, Turns, needs_no_name, target_of
from handoff.policy_words import label_in_words, names_now, target_name, unused_name
from handoff.queries.policy import problems_of
from handoff.queries.rehearsal import DAYS, MOST_DAYS
from handoff.routing import WORKERS
from scoring.forms.condition import FormCannotShowError
from scoring.forms.condition_rows import joined_by, rows_for
from scoring.forms.fields import SelectField
from web.cldr import language_choices

Raw = dict[str, Any]


def with_entry(document: Raw, section: str, place: int | None, entry: Raw) -> Raw:
    """The document with `entry` at `place` of a list, or at its end."""
    entries = list(document.get(section, []))
    if place is None:
        entries.append(entry)
    else:
        entries[place] = entry
    return document | {section: entries}


class RoutingRuleForm(forms.Form):
    """One rule: for which leads, and who gets them. No condition at all is every lead."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME, required=False,
        help_text=_("Shown in the history of each lead it routes. Leave empty to call it after who gets them."),
    )  # fmt: skip
    joined = SelectField(
        label=_("For leads that match"),
        choices=[("all", _("all of these conditions")), ("any", _("any of these conditions"))],
    )
    to = forms.ChoiceField(label=_("Who gets them"))
    away = forms.ChoiceField(
        label=_("While that person is away or full"),
        choices=[(Away.TEAM, _("the lead waits in their team’s queue")), (Away.NEXT, _("the next rules decide"))],
        help_text=_("Only for rules that follow the lead’s owner or the company’s rep."),
        required=False,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, catalog: Catalog, document: Raw, place: int | None) -> None:
        """A form for the rule at `place` of a document, or a new one. Raises FormCannotShowError for conditions that
        rows cannot say."""
        rule = document["rules"][place] if place is not None else {}
        raw = rule.get("when")
        when = parse_condition(raw)[0] if raw is not None and data is None else None
        if raw is not None and data is None and when is None:
            raise FormCannotShowError
        target = rule.get("to", {"aim": Aim.TEAM})
        initial = {
            "name": rule.get("name", ""), "joined": joined_by(when), "to": _choice_of(target),
            "away": target.get("away", Away.TEAM),
        }  # fmt: skip
        super().__init__(data, initial=initial)
        self.fields["to"].choices = _targets(document)  # type: ignore[attr-defined]
        self.rows = rows_for(data, prefix="when", catalog=catalog, scores=True, when=when)
        self.document, self.place, self.result = document, place, document

    def clean(self) -> Raw:
        if self.rows.is_valid() and not self.errors:
            self._put_into_document()
        for words in self.rows.complaints():
            self.add_error(None, words)
        return self.cleaned_data

    def _put_into_document(self) -> None:
        """Put the rule into the document, and mark what is wrong with it."""
        cleaned = self.cleaned_data
        when = self.rows.raw(cleaned["joined"])
        target = _target_of(cleaned["to"])
        if target["aim"] in FOLLOWS_A_PERSON:
            target["away"] = cleaned["away"] or Away.TEAM
        rule: Raw = {"name": cleaned["name"].strip(), "to": target} | ({"when": when} if when else {})
        if not needs_no_name(rule):
            rule["name"] = rule["name"] or self._name_after(target)
        self.result = with_entry(self.document, "rules", self.place, rule)
        place = len(self.result["rules"]) - 1 if self.place is None else self.place
        for problem in problems_of(PolicySection.ROUTING, self.result):
            if problem.path.startswith(f"rules[{place}]"):
                self._mark(problem, problem.path.removeprefix(f"rules[{place}]").lstrip("."))

    def _name_after(self, target: Raw) -> str:
        """Whom it gives its leads to, with a number where another rule is called so."""
        others = [rule.get("name") for at, rule in enumerate(self.document.get("rules", [])) if at != self.place]
        name = target_name(target_of(target), names_now())
        return unused_name(name[: NAME - 5], others)

    def _mark(self, problem: PolicyProblem, part: str) -> None:
        if part.startswith("when"):
            if not self.rows.mark(part.removeprefix("when").lstrip("."), problem.text):
                self.add_error(None, problem.text)
            return
        self.add_error("name" if part == "name" else "away" if part == "to.away" else "to", problem.text)


def _targets(document: Raw) -> list[tuple[Any, Any]]:
    """Whom a rule may give its leads to, in groups."""
    follows = [(str(aim), label_in_words(aim)) for aim in (Aim.OWNER, Aim.COLLEAGUE, Aim.LEAD_TEAM)]
    pools = [(f"pool:{pool['name']}", pool["name"]) for pool in document.get("pools", []) if pool.get("name")]
    teams = [(f"team:{pk}", name) for pk, name in Team.objects.filter(is_active=True).values_list("pk", "name")]
    people = [(f"person:{person.pk}", f"{person} ({person.team})") for person in workers()]
    groups = [
        (_("Whoever has it already"), follows),
        (_("Pools"), pools),
        (_("Queue of a team"), teams),
        (_("One user"), people),
    ]
    return [(label, offered) for label, offered in groups if offered]


def workers() -> list[User]:
    """Active people of sales who have a team."""
    found = User.objects.filter(is_active=True, role__in=WORKERS, team__is_active=True)
    return list(found.select_related("team").order_by("team__name", "name", "pk"))


def _choice_of(target: Raw) -> str:
    aim = target.get("aim", "")
    return f"{aim}:{target.get(aim)}" if aim in (Aim.PERSON, Aim.TEAM, Aim.POOL) and target.get(aim) else str(aim)


def _target_of(choice: str) -> Raw:
    aim, _colon, key = choice.partition(":")
    if aim == Aim.POOL:
        return {"aim": aim, "pool": key}
    return {"aim": aim, aim: int(key)} if key else {"aim": aim}


class PoolForm(forms.Form):
    """A pool: its name and team, its members with their weights, how it gives out leads, and to whom only."""

    name = forms.CharField(label=_("Name"), max_length=NAME)
    team = forms.TypedChoiceField(
        label=_("Team"), coerce=int,
        help_text=_("Its queue holds the leads that no one in the pool can take, and its calendar counts."),
    )  # fmt: skip
    turns = forms.ChoiceField(
        label=_("Leads are given"),
        choices=[(Turns.WEIGHTED, _("in turns, by weight")), (Turns.LOAD, _("to whoever has the most room"))],
    )
    returns = forms.ChoiceField(
        label=_("After an absence"), required=False, widget=forms.RadioSelect,
        choices=[
            (Returns.KEEP, _("keep their place: nothing is made up for")),
            (Returns.CATCH_UP, _("catch up: get their share of the leads they missed, at most 10")),
        ],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Only to those who speak"), required=False)
    skills = forms.CharField(
        label=_("Only to those with these skills"), max_length=200, required=False,
        help_text=_("Separated by commas, as they’re entered for users."),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, document: Raw, place: int | None) -> None:
        pool = document["pools"][place] if place is not None else {}
        initial = {name: pool.get(name, "") for name in ("name", "team", "turns", "language")}
        initial |= {"skills": ", ".join(pool.get("skills", [])), "returns": pool.get("returns", Returns.KEEP)}
        super().__init__(data, initial=initial)
        teams = Team.objects.filter(is_active=True).values_list("pk", "name")
        self.fields["team"].choices = list(teams)  # type: ignore[attr-defined]
        languages = [("", _("any language")), (LEAD_LANGUAGE, _("the lead’s language")), *language_choices()]
        self.fields["language"].choices = languages  # type: ignore[attr-defined]
        weights = {member["person"]: member.get("weight", 1) for member in pool.get("members", [])}
        self.people = workers()
        for person in self.people:
            self.fields[f"weight_{person.pk}"] = forms.IntegerField(
                label=str(person), min_value=0, max_value=100, required=False, initial=weights.get(person.pk)
            )
        self.document, self.place, self.result = document, place, document
        self.old_name = pool.get("name", "")

    def members(self) -> list[tuple[User, forms.BoundField]]:
        """Everybody who could be in the pool, with the field of their weight."""
        return [(person, self[f"weight_{person.pk}"]) for person in self.people]

    def weights(self) -> dict[int, int]:
        """The weights of the members, by key: those that were typed and are numbers, else those that are stored."""
        if not self.is_bound:
            return {person.pk: weight for person, field in self.members() if (weight := field.initial)}
        typed = {person.pk: self.cleaned_data.get(f"weight_{person.pk}") for person in self.people}
        return {key: weight for key, weight in typed.items() if weight}

    def clean(self) -> Raw:
        if not self.errors:
            self._put_into_document()
        return self.cleaned_data

    def _put_into_document(self) -> None:
        cleaned = self.cleaned_data
        pool: Raw = {
            "name": cleaned["name"].strip(), "team": cleaned["team"], "turns": cleaned["turns"],
            "members": [{"person": pk, "weight": weight} for pk, weight in self.weights().items()],
        }  # fmt: skip
        if cleaned["turns"] == Turns.WEIGHTED and cleaned["returns"] == Returns.CATCH_UP:
            pool["returns"] = Returns.CATCH_UP
        skills = [skill.strip() for skill in cleaned["skills"].replace("、", ",").split(",") if skill.strip()]
        pool |= {name: value for name, value in (("language", cleaned["language"]), ("skills", skills)) if value}
        document = with_entry(self.document, "pools", self.place, pool)
        self.result = document | {"rules": _renamed(document.get("rules", []), self.old_name, pool["name"])}
        place = len(document["pools"]) - 1 if self.place is None else self.place
        for problem in problems_of(PolicySection.ROUTING, self.result):
            part = problem.path.removeprefix(f"pools[{place}].")
            if part != problem.path:
                self.add_error(part if part in self.fields else None, problem.text)


def _renamed(rules: Sequence[Raw], old: str, new: str) -> list[Raw]:
    """The rules, those of a pool that has another name now with that name."""
    return [
        rule | {"to": rule["to"] | {"pool": new}} if rule["to"].get("pool") == old and old else rule for rule in rules
    ]


class OtherwiseForm(forms.Form):
    """Where leads go that no rule takes."""

    otherwise = forms.TypedChoiceField(
        label=_("All other leads go to the queue of"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, data: Mapping[str, Any] | None, *, document: Raw) -> None:
        super().__init__(data, initial={"otherwise": document.get("otherwise") or ""})
        teams = Team.objects.filter(is_active=True).values_list("pk", "name")
        everyone = ("", _("the team that receives unassigned leads"))
        self.fields["otherwise"].choices = [everyone, *teams]  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    note = forms.CharField(
        label=_("What changed and why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000, required=False
    )
    moves_open = forms.BooleanField(
        label=_("Leads that no one has contacted yet follow the new version"), required=False,
        help_text=_("Otherwise they keep the deadlines they have."),
    )  # fmt: skip


class TrialForm(forms.Form):
    """Which lead to try, and under which rules."""

    lead = forms.CharField(
        label=_("Lead"), max_length=200, widget=forms.TextInput(attrs={"placeholder": _("Name, company or number")})
    )
    draft = forms.BooleanField(label=_("Under the draft"), required=False)


class RehearsalForm(forms.Form):
    """Over how many days the rules are tried."""

    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=MOST_DAYS, initial=DAYS, required=False)
