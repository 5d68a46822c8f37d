"""What can go wrong with a hand-off."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handoff.policy.problems import PolicyProblem
from web.formats import listed

AMOUNT_MISSING = gettext_lazy("Enter the deal amount, or select “Amount not known yet”.")


class HandoffError(Exception):
    """The base of every error of this app."""


class RefusedError(HandoffError):
    """The state of things does not allow a step. Its text is a translated sentence for the person who tried."""


class ClaimLostError(RefusedError):
    """Somebody else was faster."""


class GatesError(RefusedError):
    """Gates of the policy block a hand-off; carries their names, in order."""

    def __init__(self, gates: Sequence[str]) -> None:
        names = listed(_("“%(name)s”") % {"name": name} for name in gates)
        super().__init__(_("Blocked by %(gates)s. Fill in what’s missing first.") % {"gates": names})
        self.gates = list(gates)


class AbsenceFileError(HandoffError):
    """A file of absences that cannot be read. Its text is a translated sentence for whoever chose it."""


class NeverOpenError(HandoffError, ValueError):
    """The calendar holds no open time that could answer the question."""


class PolicyConflictError(RefusedError):
    """Somebody changed the draft, or published, since it was seen."""

    def __init__(self) -> None:
        super().__init__(_("Someone else has changed the draft. Check what you entered and save again."))


class PolicyProblemsError(RefusedError):
    """The section cannot be put in force; carries what is wrong with it."""

    def __init__(self, problems: Sequence[PolicyProblem]) -> None:
        super().__init__(" ".join(f"{problem.path}: {problem.text}" for problem in problems))
        self.problems = problems
