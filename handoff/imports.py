"""Files of outcomes: what became of leads in another system, so that rules can be measured against it (S9, S103)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from handoff.enums import OutcomeResult
from handoff.models import Handoff, Outcome
from intake.imports.batches import MappedFile
from intake.imports.fields import IDENTITY_FIELDS, field, past_instant
from intake.imports.kinds import FileKind
from intake.imports.lookup import find_leads
from intake.imports.problems import row_problem
from intake.imports.rows import CREATED, UNCHANGED, FileRow, RowPlan
from intake.imports.sources import SourceRegistry
from intake.imports.vocabulary import one_of
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import Lead
from web.cleaning import CURRENCIES, CleaningError, clean_amount, clean_currency, folded, to_minor

WORDS = {
    OutcomeResult.WON: "won 受注 成約 契約 closed_won 勝ち",
    OutcomeResult.LOST: "lost 失注 closed_lost 負け",
    OutcomeResult.WITHDRAWN: "withdrawn 辞退 取り下げ キャンセル 中止",
}
RESULTS = {folded(word): str(result) for result, words in WORDS.items() for word in words.split()}
SOURCE = "import"


OUTCOMES = FileKind(
    code="outcomes",
    load_fields=lambda: [
        *IDENTITY_FIELDS,
        field(
            "outcome.result",
            _("Result"),
            one_of(RESULTS, ", ".join(OutcomeResult.values)),
            choices=OutcomeResult.values,
        ),
        past_instant("outcome.decided_at", _("Decided on")),
        field("outcome.revenue", _("Revenue"), clean_amount),
        field("outcome.currency", _("Currency"), clean_currency, choices=CURRENCIES),
    ],
    required=("outcome.result", "outcome.decided_at"),
)


@contextmanager
def opened(file: MappedFile, *, rehearse: bool) -> Iterator[tuple[RowPlan, Results, SourceRegistry]]:
    """The plan and the writer of a file of outcomes."""
    plan = RowPlan(file.mapping, OUTCOMES, file.columns, file.context(), {})
    yield plan, Results(identity=file.mapping.identity, by=file.by, rehearse=rehearse), SourceRegistry()


class Results:
    """Writes batches of rows as outcomes; a won lead becomes a customer (S108)."""

    def __init__(self, *, identity: str, by: User | None, rehearse: bool) -> None:
        self.identity, self.by, self.is_rehearsal = identity, by, rehearse
        self.pretended: set[tuple[int, datetime, str]] = set()

    def prepare(self, rows: Sequence[FileRow]) -> None:
        """Nothing must happen before the batch."""

    def write(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]:
        """Store what is new, inside a transaction. Fills in what became of each row."""
        payable: list[FileRow] = []
        for row in rows:
            try:
                _revenue(row)
            except CleaningError as error:  # half a yen is a mistake of the file
                row.reject(error.code, **error.params)
            else:
                payable.append(row)
        of_leads = find_leads(payable, identity=self.identity, by=self.by)
        stored = Outcome.objects.filter(lead__in=[row.lead_id for row in of_leads])
        known = self.pretended | set(stored.values_list("lead_id", "decided_at", "result"))
        new: list[FileRow] = []
        for row in of_leads:
            key = _key(row)
            if key in known:
                row.outcome = UNCHANGED
                row.notes.append(row_problem("known_already"))
            else:
                row.outcome = CREATED
                known.add(key)
                new.append(row)
        if self.is_rehearsal:
            self.pretended |= {_key(row) for row in new}
        else:
            self._store(new, now)
        return Counter(outcomes=len(new))

    def _store(self, rows: Sequence[FileRow], now: datetime) -> None:
        outcomes = [
            Outcome(
                lead_id=row.lead_id or 0,
                result=row.values["outcome.result"],
                decided_at=row.values["outcome.decided_at"],
                revenue=_revenue(row),
                currency=_currency(row),
                source=SOURCE,
                by=self.by,
                recorded_at=now,
            )
            for row in rows
        ]
        Outcome.objects.bulk_create(outcomes, ignore_conflicts=True)
        won = {row.lead_id for row in rows if row.lead_id and row.values["outcome.result"] == OutcomeResult.WON}
        for lead in Lead.objects.filter(pk__in=won).exclude(stage=Stage.CUSTOMER).order_by("pk"):
            move_stage(lead=lead, to=Stage.CUSTOMER, by=self.by, reason="imported", now=now)


def _currency(row: FileRow) -> str:
    return str(row.values.get("outcome.currency", "JPY"))


def _revenue(row: FileRow) -> int | None:
    amount: Decimal | None = row.values.get("outcome.revenue")
    return None if amount is None else to_minor(amount, _currency(row))


def _key(row: FileRow) -> tuple[int, datetime, str]:
    """What makes two rows the same outcome."""
    return (row.lead_id or 0, row.values["outcome.decided_at"], row.values["outcome.result"])


def worked_on(ids: Collection[int]) -> set[int]:
    """Leads that sales has begun to work on, or knows the end of: taking an import back leaves them."""
    claimed = Handoff.objects.filter(lead__in=ids, claimed_at__isnull=False).values_list("lead_id", flat=True)
    return set(claimed) | set(Outcome.objects.filter(lead__in=ids).values_list("lead_id", flat=True))
