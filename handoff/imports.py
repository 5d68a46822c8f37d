"""Files of outcomes: what became of leads in another system, so that rules can be measured against it (S9, S103)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.db.models import Q
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
from intake.imports.vocabulary import one_of, said_alike
from leads.actions import move_stage
from leads.enums import Stage
from leads.models import Lead
from web.cldr import currencies_in_use
from web.cleaning import CleaningError, clean_amount, clean_currency, to_minor

WORDS = {
    OutcomeResult.WON: "won 受注 成約 契約 closed_won closedwon closed-won 勝ち",
    OutcomeResult.LOST: "lost 失注 closed_lost closedlost closed-lost 負け",
    OutcomeResult.WITHDRAWN: "withdrawn 辞退 取り下げ キャンセル 中止",
}
RESULTS = {said_alike(word): str(result) for result, words in WORDS.items() for word in words.split()}
SOURCE = "import"

OutcomeKey = tuple[int, datetime, str]
"""Lead, instant of the decision, result: two rows with the same key are the same outcome."""

OUTCOMES = FileKind(
    code="outcomes",
    label=_("Results: won, lost, withdrawn"),
    can_be_undone=False,
    load_fields=lambda: [
        *IDENTITY_FIELDS,
        field(
            "outcome.result",
            _("Result"),
            one_of(RESULTS, ", ".join(OutcomeResult.values)),
            choices=OutcomeResult.values,
        ),
        past_instant("outcome.decided_at", _("Decision date")),
        field("outcome.revenue", _("Deal amount"), clean_amount),
        field("outcome.currency", _("Currency"), clean_currency, choices=currencies_in_use()),
    ],
    required=("outcome.result", "outcome.decided_at"),
    strict=("outcome.currency",),
)


@contextmanager
def open_outcomes(file: MappedFile, *, rehearse: bool) -> Iterator[tuple[RowPlan, OutcomeWriter, SourceRegistry]]:
    """The plan, the writer and the sources of a file of outcomes; a rehearsal checks every row and stores none."""
    yield file.plan({}), OutcomeWriter(identity=file.mapping.identity, by=file.by, rehearse=rehearse), SourceRegistry()


class OutcomeWriter:
    """Writes batches of rows as outcomes; a won lead becomes a customer (S108)."""

    def __init__(self, *, identity: str, by: User | None, rehearse: bool) -> None:
        self.identity, self.by, self.is_rehearsal = identity, by, rehearse
        self.rehearsed: set[OutcomeKey] = set()

    def prepare(self, rows: Sequence[FileRow]) -> None:
        """Nothing must happen before the batch."""

    def write(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]:
        """Store what is new, inside a transaction; a rehearsal only remembers it. Returns how many are new.

        Side effects on the rows: `outcome` and `notes` are set, and one whose revenue has no minor unit is rejected.
        """
        of_leads = find_leads(_payable(rows), identity=self.identity, by=self.by)
        stored = Outcome.objects.filter(lead__in=[row.lead_id for row in of_leads])
        known = self.rehearsed | set(stored.values_list("lead_id", "decided_at", "result"))
        new: list[FileRow] = []
        for row in of_leads:
            key = _key(row)
            row.outcome = UNCHANGED if key in known else CREATED
            if key in known:
                row.notes.append(row_problem("known_already"))
            else:
                known.add(key)
                new.append(row)
                if row.values["outcome.result"] == OutcomeResult.WON and _revenue(row) is None:
                    row.notes.append(row_problem("no_amount"))
        if self.is_rehearsal:
            self.rehearsed |= {_key(row) for row in new}
        else:
            self._store(new, now)
        return Counter(outcomes=len(new))

    def _store(self, rows: Sequence[FileRow], now: datetime) -> None:
        """Write the outcomes, and move the leads that were won to the stage of a customer."""
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


def _payable(rows: Iterable[FileRow]) -> list[FileRow]:
    """The rows whose amount can be paid; the others are rejected: half a yen is a mistake of the file."""
    payable = []
    for row in rows:
        try:
            _revenue(row)
        except CleaningError as error:
            row.reject(error.code, **error.params)
        else:
            payable.append(row)
    return payable


def _currency(row: FileRow) -> str:
    return str(row.values.get("outcome.currency", "JPY"))


def _revenue(row: FileRow) -> int | None:
    amount: Decimal | None = row.values.get("outcome.revenue")
    return None if amount is None else to_minor(amount, _currency(row))


def _key(row: FileRow) -> OutcomeKey:
    return (row.lead_id or 0, row.values["outcome.decided_at"], row.values["outcome.result"])


# Hand-offs that the product opened and nobody has touched.
NOBODY_S = Q(
    claimed_at=None, contacted_at=None, decided_at=None, snoozed_until=None, wake_on=None, comment="", result=""
) & ~Q(routed_by="by_hand")


def worked_on(ids: Collection[int]) -> set[int]:
    """Leads that sales has begun to work on, or knows the end of: taking an import back leaves them."""
    claimed = Handoff.objects.filter(lead__in=ids, claimed_at__isnull=False).values_list("lead_id", flat=True)
    return set(claimed) | set(Outcome.objects.filter(lead__in=ids).values_list("lead_id", flat=True))
