"""What other systems read and do in the desk of sales: hand-offs, to-dos, results."""

from handoff.api.handoffs import HandoffsView, HandoffView
from handoff.api.results import ResultsView
from handoff.api.steps import (
    AcceptView,
    ClaimView,
    ContactView,
    PauseView,
    RejectView,
    ReleaseView,
    ResultView,
    ResumeView,
)
from handoff.api.todos import TodoFinishView, TodoReopenView, TodosView, TodoView

__all__ = [
    "AcceptView",
    "ClaimView",
    "ContactView",
    "HandoffView",
    "HandoffsView",
    "PauseView",
    "RejectView",
    "ReleaseView",
    "ResultView",
    "ResultsView",
    "ResumeView",
    "TodoFinishView",
    "TodoReopenView",
    "TodoView",
    "TodosView",
]
