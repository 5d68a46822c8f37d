"""Which rules read what a form writes. Rules are of a higher room, which says it here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

RuleReader = Callable[[Collection[str]], Mapping[str, list[str]]]
"""From the targets of a form to the names of the rules in force that read each."""

_readers: list[RuleReader] = []


def register_rule_reader(reader: RuleReader) -> None:
    _readers.append(reader)


def rules_reading(targets: Collection[str]) -> dict[str, list[str]]:
    """For each target the rules that read it, none for what nobody reads."""
    found: dict[str, list[str]] = {target: [] for target in targets}
    for reader in _readers:
        for target, names in reader(targets).items():
            found[target] += names
    return found
