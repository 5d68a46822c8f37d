"""What can be done with scores and rules. Each action is one transaction; time and actor are arguments."""

from scoring.actions.episodes import (
    NEVER,
    HotAgainError,
    WakeUp,
    change_waits,
    end_episodes,
    open_episode_by_hand,
    reopen_episode,
)
from scoring.actions.rescoring import run_rescore_step, run_rescores, start_rescore
from scoring.actions.score import score_all_dirty, score_dirty, score_leads
from scoring.actions.sweep import sweep_due
from scoring.actions.versions import (
    DraftConflictError,
    NothingToPublishError,
    ThresholdsRefusedError,
    UnpublishableError,
    publish_version,
    rollback_to,
    set_primary,
)

__all__ = [
    "NEVER",
    "DraftConflictError",
    "HotAgainError",
    "NothingToPublishError",
    "ThresholdsRefusedError",
    "UnpublishableError",
    "WakeUp",
    "change_waits",
    "end_episodes",
    "open_episode_by_hand",
    "publish_version",
    "reopen_episode",
    "rollback_to",
    "run_rescore_step",
    "run_rescores",
    "score_all_dirty",
    "score_dirty",
    "score_leads",
    "set_primary",
    "start_rescore",
    "sweep_due",
]
