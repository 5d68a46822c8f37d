"""What entries of the policy have in common: conditions, and names that nobody reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from engine import Catalog, check_condition, parse_condition
from handoff.policy.problems import PolicyProblem, said


def condition_problems(raw: Any, catalog: Catalog, path: str) -> Iterator[PolicyProblem]:
    """What is wrong with a condition, from the parser or, where it can be read, from the catalog."""
    condition, found = parse_condition(raw)
    found = found or check_condition(condition, catalog) if condition else found
    for problem in found:
        yield said(problem).under(path)


def unknown_names(raw: Mapping[str, Any], names: Collection[str], path: str = "") -> Iterator[PolicyProblem]:
    """What an entry says that nobody reads: a slip of the pen must not look as if it counted."""
    for name in raw:
        if name not in names:
            words = _("“%(name)s” isn’t known here. Available: %(offered)s.")
            yield PolicyProblem(
                path=f"{path}.{name}".lstrip("."), text=words % {"name": name, "offered": ", ".join(sorted(names))}
            )
