from scoring.models.adjustment import Adjustment
from scoring.models.episode import Episode
from scoring.models.framework import Answer, Criterion, Framework, Option
from scoring.models.model import ScoringModel, Version
from scoring.models.score import LeadScore, ScoreChange

__all__ = [
    "Adjustment",
    "Answer",
    "Criterion",
    "Episode",
    "Framework",
    "LeadScore",
    "Option",
    "ScoreChange",
    "ScoringModel",
    "Version",
]
