"""What can be done with scores and rules. Each action is one transaction; time and actor are arguments."""

from scoring.actions.due import sweep_due
from scoring.actions.rescoring import run_rescore_step, run_rescores, start_rescore
from scoring.actions.score import score_all_dirty, score_dirty, score_leads
from scoring.actions.versions import (
    ConflictError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    begin_draft,
    discard_draft,
    primary_model,
    publish_version,
    rollback_to,
    save_draft,
    set_primary,
    start_model,
)

__all__ = [
    "ConflictError",
    "NothingToPublishError",
    "ThresholdsRefusedError",
    "UnpublishableError",
    "begin_draft",
    "discard_draft",
    "primary_model",
    "publish_version",
    "rollback_to",
    "run_rescore_step",
    "run_rescores",
    "save_draft",
    "score_all_dirty",
    "score_dirty",
    "score_leads",
    "set_primary",
    "start_model",
    "start_rescore",
    "sweep_due",
]
