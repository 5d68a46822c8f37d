from scoring.models.adjustment import Adjustment
from scoring.models.draft_step import DraftStep
from scoring.models.effect import Effect, Move
from scoring.models.episode import Episode
from scoring.models.framework import Answer, Criterion, Framework, Option
from scoring.models.model import ScoringModel, Version
from scoring.models.publishing import FirstRunDismissal, Proposal, Reading, SignOff, VersionNumbers
from scoring.models.score import LeadScore, RescoreSlice, ScoreChange

__all__ = [
    "Adjustment",
    "Answer",
    "Criterion",
    "DraftStep",
    "Effect",
    "Episode",
    "FirstRunDismissal",
    "Framework",
    "LeadScore",
    "Move",
    "Option",
    "Proposal",
    "Reading",
    "RescoreSlice",
    "ScoreChange",
    "ScoringModel",
    "SignOff",
    "Version",
    "VersionNumbers",
]
