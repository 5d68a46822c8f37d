from studio.models.draft_step import DraftStep
from studio.models.effect import Effect, Move
from studio.models.publication import FirstRunDismissal, Proposal, SignOff, VersionNumbers, VersionReading

__all__ = [
    "DraftStep",
    "Effect",
    "FirstRunDismissal",
    "Move",
    "Proposal",
    "SignOff",
    "VersionNumbers",
    "VersionReading",
]
