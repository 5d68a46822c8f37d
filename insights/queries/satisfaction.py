"""How content sales is with its hot leads, week by week: the answers to the survey, each share with its range."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from handoff.enums import SURVEY_ANSWERS, Verdict
from handoff.models import Feedback
from web import formats
from web.shares import ENOUGH, Share

WEEKS = 12


@dataclass(frozen=True, kw_only=True)
class Week:
    """From Monday to Sunday of the reader's zone; `shares` are in the order of the answers."""

    first: date
    shares: list[tuple[Verdict, Share]]

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)

    @property
    def words(self) -> str:
        today = timezone.localdate()
        return formats.span(formats.dated(self.first, today), formats.dated(self.last, today))

    @property
    def since(self) -> str:
        """The first day as an address has it."""
        return self.first.isoformat()

    @property
    def until(self) -> str:
        return self.last.isoformat()

    @property
    def is_enough(self) -> bool:
        return self.answers >= ENOUGH

    @property
    def answers(self) -> int:
        return self.shares[0][1].of


def satisfaction(rows: QuerySet[Feedback, Any]) -> list[Week]:
    """The newest weeks in which sales answered, the latest first."""
    counts = {answer.value: Count("pk", filter=Q(verdict=answer)) for answer in SURVEY_ANSWERS}
    answered = rows.filter(verdict__in=SURVEY_ANSWERS).order_by()
    weeks = answered.annotate(week=TruncWeek("at", tzinfo=timezone.get_current_timezone())).values("week")
    counted = weeks.annotate(all=Count("pk"), **counts).order_by("-week")[:WEEKS]
    rows_by_week: Any = list(counted)
    return [
        Week(
            first=row["week"].date(),
            shares=[(answer, Share(number=row[answer], of=row["all"])) for answer in SURVEY_ANSWERS],
        )
        for row in rows_by_week
    ]
