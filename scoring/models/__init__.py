from scoring.models.adjustment import Adjustment
from scoring.models.episode import Episode
from scoring.models.export import LeadFile, LeadFilePiece
from scoring.models.framework import Answer, Criterion, Framework, Option
from scoring.models.model import ScoringModel, Version
from scoring.models.score import LeadScore, ScoreChange

__all__ = [
    "Adjustment",
    "Answer",
    "Criterion",
    "Episode",
    "Framework",
    "LeadFile",
    "LeadFilePiece",
    "LeadScore",
    "Option",
    "ScoreChange",
    "ScoringModel",
    "Version",
]
