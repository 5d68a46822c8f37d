"""The hand-off policy as YAML: the same documents, with e-mail addresses and names in place of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team, User
from handoff.enums import PolicySection
from handoff.policy.problems import PolicyProblem

Raw = dict[str, Any]
PERSON, TEAM = "person", "team"
_KEYS = {"person": PERSON, "team": TEAM, "otherwise": TEAM}  # members of a document that hold a key


def with_names(document: Raw) -> Raw:
    """A document as people write it. Whoever is no longer there stays a number."""
    people, teams = dict(User.objects.values_list("pk", "email")), dict(Team.objects.values_list("pk", "name"))
    named: Raw = _translated(document, lambda kind, key, _path: (people if kind == PERSON else teams).get(key, key))
    return named


def with_keys(written: Raw) -> tuple[Raw, list[PolicyProblem]]:
    """A document as it is stored, and who is named in it but not there."""
    people, teams = dict(User.objects.values_list("email", "pk")), dict(Team.objects.values_list("name", "pk"))
    problems: list[PolicyProblem] = []

    def key_of(kind: str, name: Any, path: str) -> Any:
        known = people if kind == PERSON else teams
        if isinstance(name, str) and name not in known:
            words = _("No team is called %(name)s. Check the spelling.")
            if kind == PERSON:
                words = _("No user has the address %(name)s. Check the spelling.")
            problems.append(PolicyProblem(path=path, text=words % {"name": name}))
        return known.get(name, name)

    return _translated(written, key_of), problems


def _translated(value: Any, translate: Callable[[str, Any, str], Any], path: str = "") -> Any:
    """A copy in which every person and team is translated; what conditions say is left as it is."""
    if isinstance(value, Mapping):
        return {
            name: translate(_KEYS[name], inner, f"{path}.{name}".lstrip("."))
            if name in _KEYS and isinstance(inner, str | int)
            else inner
            if name == "when"
            else _translated(inner, translate, f"{path}.{name}".lstrip("."))
            for name, inner in value.items()
        }
    if isinstance(value, list):
        return [_translated(inner, translate, f"{path}[{place}]") for place, inner in enumerate(value)]
    return value


def sections_of(written: Any) -> tuple[dict[str, Raw], list[PolicyProblem]]:
    """The sections that a file holds, each as it is stored."""
    if not isinstance(written, Mapping) or not written:
        return {}, [PolicyProblem(path="", text=_("Write the sections by name, such as routing:"))]
    found: dict[str, Raw] = {}
    problems: list[PolicyProblem] = []
    for name, section in written.items():
        if name not in set(PolicySection):
            offered = ", ".join(PolicySection.values)
            words = _("No section is called “%(name)s”. Available: %(offered)s.")
            problems.append(PolicyProblem(path=str(name), text=words % {"name": name, "offered": offered}))
            continue
        found[name], unknown = with_keys(section)
        problems += [problem.under(name) for problem in unknown]
    return found, problems
