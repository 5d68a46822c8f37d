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
from handoff.actions.told_results import ResultKey, ToldResult, store_results
from handoff.enums import OutcomeResult
from handoff.models import Handoff, LostReason, Outcome
from intake.imports.batches import MappedFile
from intake.imports.fields import IDENTITY_FIELDS, day, field, listed, past_instant
from intake.imports.kinds import FileKind
from intake.imports.lookup import find_leads
from intake.imports.problems import row_problem
from intake.imports.rows import CREATED, UNCHANGED, UPDATED, FileRow, RowPlan
from intake.imports.sources import SourceRegistry
from intake.imports.vocabulary import Cleaner, one_of, said_alike
from web.cldr import currencies_in_use
from web.cleaning import CleaningError, clean_amount, clean_currency, to_minor

WORDS = {
    OutcomeResult.OPPORTUNITY: "opportunity 商談 商談化 商談中 案件化 open proposal negotiation 提案中",
    OutcomeResult.WON: "won 受注 成約 契約 closed_won closedwon closed-won 勝ち",
    OutcomeResult.LOST: "lost 失注 closed_lost closedlost closed-lost 負け",
    OutcomeResult.WITHDRAWN: "withdrawn 辞退 取り下げ キャンセル 中止",
}
RESULTS = {said_alike(word): str(result) for result, words in WORDS.items() for word in words.split()}
SOURCE = "import"


def lost_codes() -> list[str]:
    return list(LostReason.objects.values_list("code", flat=True))


def reason_cleaner() -> Cleaner:
    """A reason by its code or by its name in either language."""
    reasons = list(LostReason.objects.all())
    words = {
        said_alike(word): reason.pk for reason in reasons for word in (reason.code, reason.label_en, reason.label_ja)
    }
    return one_of(words, ", ".join(reason.code for reason in reasons))


OUTCOMES = FileKind(
    code="outcomes",
    label=_("Results: opportunity, won, lost, withdrawn"),
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
        day("outcome.closes_on", _("Expected close date")),
        listed("outcome.lost_reason", _("Reason for the loss"), reason_cleaner, lost_codes()),
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
        self.rehearsed: set[ResultKey] = set()

    def prepare(self, rows: Sequence[FileRow]) -> None:
        """Nothing must happen before the batch."""

    def write(self, rows: Sequence[FileRow], *, now: datetime) -> Counter[str]:
        """Store what is new, inside a transaction; a rehearsal only remembers it. Returns how many are new.

        An opportunity that is known takes over another amount and close date.

        Side effects on the rows: `outcome` and `notes` are set, and one whose revenue has no minor unit is rejected.
        """
        of_leads = find_leads(_payable(rows), identity=self.identity, by=self.by)
        stored = Outcome.objects.filter(lead__in=[row.lead_id for row in of_leads])
        deals = {(deal.lead_id, deal.decided_at, deal.result): deal for deal in stored}
        known = self.rehearsed | set(deals)
        new: list[FileRow] = []
        for row in of_leads:
            key = _told(row).key
            if key in known:
                self._compare(row, deals.get(key))
            else:
                row.outcome = CREATED
                known.add(key)
                new.append(row)
                if row.values["outcome.result"] == OutcomeResult.WON and _revenue(row) is None:
                    row.notes.append(row_problem("no_amount"))
        if self.is_rehearsal:
            self.rehearsed |= {_told(row).key for row in new}
        else:
            store_results([_told(row) for row in new], source=SOURCE, by=self.by, now=now)
        return Counter(outcomes=len(new))

    def _compare(self, row: FileRow, known: Outcome | None) -> None:
        """A row about a result that is known: an opportunity may be worth something else by now."""
        changes = _told(row).changes_of(known) if known is not None else {}
        row.outcome = UPDATED if changes else UNCHANGED
        if not changes:
            row.notes.append(row_problem("known_already"))
        elif known is not None and not self.is_rehearsal:
            Outcome.objects.filter(pk=known.pk).update(**changes)


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


def _told(row: FileRow) -> ToldResult:
    return ToldResult(
        lead=row.lead_id or 0, result=row.values["outcome.result"], decided_at=row.values["outcome.decided_at"],
        revenue=_revenue(row), currency=_currency(row), closes_on=row.values.get("outcome.closes_on"),
        lost_reason=row.values.get("outcome.lost_reason"),
    )  # fmt: skip


# Hand-offs that the product opened and nobody has touched.
NOBODY_S = Q(
    claimed_at=None, contacted_at=None, decided_at=None, snoozed_until=None, wake_on=None, comment="", result=""
) & ~Q(routed_by="by_hand")


def worked_on(ids: Collection[int]) -> set[int]:
    """Leads that sales has begun to work on, or knows the end of: taking an import back leaves them."""
    claimed = Handoff.objects.filter(lead__in=ids, claimed_at__isnull=False).values_list("lead_id", flat=True)
    return set(claimed) | set(Outcome.objects.filter(lead__in=ids).values_list("lead_id", flat=True))
