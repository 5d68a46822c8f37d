"""What is wrong with a section of the policy, and where."""

from __future__ import annotations

from dataclasses import dataclass

from engine import Problem
from scoring.queries.validation import language


@dataclass(frozen=True, kw_only=True)
class PolicyProblem:
    """`path` is where the editor marks (`rules[2].to.pool`); `text` is in the reader's language."""

    path: str
    text: str

    def under(self, path: str) -> PolicyProblem:
        """The same, seen from the document that holds the part."""
        joined = f"{path}.{self.path}" if self.path and not self.path.startswith("[") else f"{path}{self.path}"
        return PolicyProblem(path=joined, text=self.text)


def said(problem: Problem) -> PolicyProblem:
    """A problem that the engine found."""
    return PolicyProblem(path=problem.path, text=problem.text(language()))
