"""What was sent by a form, with what became of it, and how far visitors come in each of its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from intake.enums import SubmissionState
from intake.models import FormCount, Submission, WebForm
from intake.webforms.document import FormDocument, FormField
from intake.webforms.outcomes import outcomes_of
from leads.models import Lead

COUNTED_DAYS = 30
MOST_ROWS = 50_000


@dataclass(frozen=True, kw_only=True)
class SubmissionLine:
    """A submission as the list shows it."""

    submission: Submission
    lead: Lead | None
    outcomes: Sequence[str]
    answers: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class FieldCount:
    """How far visitors came in one field: shares in per cent of those who reached it."""

    reached: int = 0
    left: int = 0
    returned: int = 0
    errors: int = 0

    def share(self, number: int) -> int:
        return round(100 * number / self.reached) if self.reached else 0

    @property
    def left_share(self) -> int:
        return self.share(self.left)

    @property
    def error_share(self) -> int:
        return min(100, self.share(self.errors))


@dataclass(frozen=True, kw_only=True)
class FormFunnel:
    """Views, those who began, those who sent, and each field."""

    views: int
    started: int
    sent: int
    fields: Mapping[str, FieldCount] = field(default_factory=dict)


def submissions_of(form: WebForm, state: str = "", words: str = "") -> QuerySet[Submission]:
    """What was sent, the newest first; `words` look for what was typed."""
    found = Submission.objects.filter(form=form).select_related("version")
    if state in SubmissionState.values:
        found = found.filter(state=state)
    return found.filter(values__icontains=words) if words else found


def state_counts(form: WebForm) -> dict[str, int]:
    rows = Submission.objects.filter(form=form).order_by().values("state").annotate(number=Count("pk"))
    return {row["state"]: row["number"] for row in rows}


def lines_of(form: WebForm, rows: Sequence[Submission], language: str) -> list[SubmissionLine]:
    """The rows of a page with their leads, what became of them, and what was answered."""
    since: dict[int, datetime] = {}
    for row in rows:
        if row.lead_id:
            since[row.lead_id] = min(row.received_at, since.get(row.lead_id, row.received_at))
    outcomes = outcomes_of(since)
    leads = Lead.objects.select_related("merged_into").in_bulk(list(since))
    draft = FormDocument.of(form.draft)
    return [
        SubmissionLine(
            submission=row,
            lead=leads.get(row.lead_id or 0),
            outcomes=outcomes.get(row.lead_id or 0, []),
            answers=answers_in_words(row, document_of(row, draft), language),
        )
        for row in rows
    ]


def document_of(row: Submission, draft: FormDocument) -> FormDocument:
    """The form as the sender saw it."""
    return FormDocument.of(row.version.document) if row.version else draft


def answers_in_words(row: Submission, document: FormDocument, language: str) -> list[tuple[str, str]]:
    """Each answer with the label of its field."""
    return [
        (each.label.say(language), answer_words(each, row.values[each.code], language))
        for each in document.fields
        if each.code in row.values
    ]


def answer_words(each: FormField, value: Any, language: str) -> str:
    """An answer as it is read: the name of an option, the parts of a name or address, yes and no."""
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    named = next((option.label for option in each.options if option.value == str(value)), None)
    return named.say(language) if named else str(value)


def csv_rows(form: WebForm, rows: Iterable[Submission], language: str) -> tuple[list[str], list[list[object]]]:
    """The head and the rows of a file: one column for each field of the draft."""
    document = FormDocument.of(form.draft)
    head = [_("Sent at"), _("Status"), _("Lead"), _("Version"), *(each.label.say(language) for each in document.fields)]
    lines: list[list[object]] = []
    for row in rows:
        said = [answer_words(each, row.values[each.code], language) if each.code in row.values else "" for each in
                document.fields]  # fmt: skip
        number = row.version.number if row.version else ""
        lines.append(
            [row.received_at.isoformat(), str(SubmissionState(row.state).label), row.lead_id or "", number, *said]
        )
    return head, lines


def funnel_of(form: WebForm, today: date) -> FormFunnel:
    """The last thirty days."""
    first = today - timedelta(days=COUNTED_DAYS - 1)
    sums = {name: Sum(name) for name in ("reached", "left", "returned", "errors", "views")}
    rows: dict[str, dict[str, Any]] = {
        str(row["field"]): dict(row)
        for row in FormCount.objects.filter(form=form, day__gte=first).order_by().values("field").annotate(**sums)
    }
    whole: dict[str, Any] = rows.pop("", {})
    sent = Submission.objects.filter(form=form, received_at__date__gte=first).filter(
        Q(state=SubmissionState.TAKEN) | Q(state=SubmissionState.WAITING)
    )
    return FormFunnel(
        views=whole.get("views", 0),
        started=whole.get("reached", 0),
        sent=sent.count(),
        fields={
            code: FieldCount(**{name: row[name] for name in ("reached", "left", "returned", "errors")})
            for code, row in rows.items()
        },
    )
