"""What a document says differently from another one, name by name, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scoring.queries.words import ConditionText

NOTHING = ConditionText(text="")
Section = dict[str, ConditionText]  # by name


@dataclass(frozen=True, kw_only=True)
class DocumentChange:
    """One line of a difference. `kind` is added, removed or changed; `before` or `after` is empty accordingly.

    Both are sentences; `was` and `becomes` are the same to be drawn, with groups of conditions as trees.
    """

    kind: str
    where: str
    name: str
    was: ConditionText = NOTHING
    becomes: ConditionText = NOTHING

    @property
    def before(self) -> str:
        return self.was.text

    @property
    def after(self) -> str:
        return self.becomes.text


def compared(where: str, old: Section, new: Section) -> Iterator[DocumentChange]:
    """The names that are new, gone, or say something else."""
    for name, said in new.items():
        if name not in old:
            yield DocumentChange(kind="added", where=where, name=name, becomes=said)
        elif old[name].text != said.text:
            yield DocumentChange(kind="changed", where=where, name=name, was=old[name], becomes=said)
    for name, said in old.items():
        if name not in new:
            yield DocumentChange(kind="removed", where=where, name=name, was=said)
