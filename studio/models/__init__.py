from studio.models.draft_step import DraftStep
from studio.models.effect import Effect, Move
from studio.models.publishing import FirstRunDismissal, Proposal, Reading, SignOff, VersionNumbers

__all__ = [
    "DraftStep",
    "Effect",
    "FirstRunDismissal",
    "Move",
    "Proposal",
    "Reading",
    "SignOff",
    "VersionNumbers",
]
