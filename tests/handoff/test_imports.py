"""Outcomes from files: won, lost and withdrawn, once each; what was won is a customer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.models import User
from handoff.models import Outcome
from intake.models import ImportRow, LeadImport
from leads.actions.merge import merge_leads
from leads.enums import Stage
from leads.models import Lead, StageChange
from tests.factories import LeadFactory
from tests.handoff.world import contacted_by
from tests.intake.importing import imported, report, undone

pytestmark = pytest.mark.django_db

FILE = """id,result,on,amount,currency
A,won,2026-02-01 10:00,"1,234.50",BRL
B,失注,2026-02-02,,
C,withdrawn,2026-02-03,,
A,won,2026-02-01 10:00,"1,234.50",BRL
D,won,2026-02-04,1200,JPY
Z,won,2026-02-04,,
D,maybe,2026-02-04,,
D,won,2026-02-05,10.5,JPY
D,won,2026-02-06,10,DOGE
"""
MAPPING = """
identity: external_id
columns:
  id: lead.external_id
  result: outcome.result
  on: outcome.decided_at
  amount: outcome.revenue
  currency: outcome.currency
timezone: America/Sao_Paulo
"""


@pytest.fixture
def places(tmp_path: Path) -> list[str]:
    (tmp_path / "deals.csv").write_text(FILE, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(MAPPING)
    for name in "ABCD":
        LeadFactory(external_id=name)
    return [str(tmp_path / "deals.csv"), f"--mapping={tmp_path / 'm.yaml'}"]


def said(*arguments: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("import_outcomes", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_outcomes_are_stored_once_and_what_was_won_is_a_customer(places: list[str]) -> None:
    assert "Would be:\n          4 created" in said(*places, "--dry-run")
    assert (Outcome.objects.count(), LeadImport.objects.count()) == (0, 0)
    words = said(*places)
    assert "          4 created\n          0 updated\n          1 unchanged\n          4 rejected" in words
    assert list(
        Outcome.objects.order_by("decided_at").values_list("lead__external_id", "result", "revenue", "currency")
    ) == [
        ("A", "won", 123450, "BRL"),
        ("B", "lost", None, "JPY"),
        ("C", "withdrawn", None, "JPY"),
        ("D", "won", 1200, "JPY"),
    ]
    first = Outcome.objects.order_by("decided_at").first()
    assert first is not None
    assert (first.decided_at, first.by, first.source) == (datetime(2026, 2, 1, 13, 0, tzinfo=UTC), None, "import")
    assert dict(Lead.objects.values_list("external_id", "stage")) == {
        "A": Stage.CUSTOMER, "B": Stage.INQUIRY, "C": Stage.INQUIRY, "D": Stage.CUSTOMER,
    }  # fmt: skip
    assert set(StageChange.objects.values_list("lead__external_id", "reason")) == {("A", "imported"), ("D", "imported")}


def test_every_rejected_row_has_its_reason(places: list[str]) -> None:
    said(*places)
    assert [row for row in report(LeadImport.objects.get()) if row[1] == "rejected"] == [
        (6, "rejected", ["No lead has this value. Check it, or import the lead first."]),
        (7, "rejected", ["result: “maybe” isn’t one of: opportunity, won, lost, withdrawn."]),
        (8, "rejected", ["“10.5” has more decimals than JPY allows. Round it."]),
        (9, "rejected", ["currency: “DOGE” isn’t a supported currency. Write it like JPY."]),
    ]


def test_the_same_file_again_changes_nothing(places: list[str]) -> None:
    said(*places)
    assert "          0 created\n          0 updated\n          5 unchanged" in said(*places)
    assert Outcome.objects.count() == 4


def test_a_mapping_without_a_result_is_refused(places: list[str], tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text("identity: external_id\ncolumns: {id: lead.external_id}\n")
    with pytest.raises(CommandError) as caught:
        said(*places)
    assert str(caught.value).splitlines()[1:] == [
        "  outcome.result: Required. Map a column to it, or set a value for all rows.",
        "  outcome.decided_at: Required. Map a column to it, or set a value for all rows.",
    ]
    assert caught.value.returncode == 2


def test_a_lead_with_an_outcome_stays_when_its_import_is_taken_back(marketer: User, now: datetime) -> None:
    mapping = {"identity": "email", "columns": {"mail": "lead.email"}}
    found = imported("mail\na@example.jp\nb@example.jp\n", mapping, marketer, now)
    Outcome.objects.create(lead=Lead.objects.get(email="a@example.jp"), result="lost", decided_at=now, source="person")
    found = undone(found, marketer, now)
    assert report(found) == [(1, "kept", ["Kept: sales is working on the lead."]), (2, "undone", [])]


def test_the_outcome_of_a_merged_lead_is_that_of_the_lead_that_lives_on(places, admin, now) -> None:
    kept, merged = Lead.objects.get(external_id="B"), Lead.objects.get(external_id="A")
    merge_leads(kept=kept, merged=merged, by=admin, now=now)
    said(*places)
    assert Outcome.objects.get(result="won", currency="BRL").lead == kept


def test_a_won_deal_of_a_file_without_an_amount_comes_in_and_says_so(places: list[str], tmp_path: Path) -> None:
    """No amount in another system is an amount that is not known yet."""
    (tmp_path / "deals.csv").write_text(FILE.splitlines()[0] + "\nA,won,2026-05-01,,\n", encoding="utf-8")
    said(*places)
    assert Outcome.objects.get().revenue is None
    assert [problem["code"] for problem in ImportRow.objects.get().problems] == ["no_amount"]


WITH_DEALS = """id,result,on,amount,currency,close,reason
A,商談,2026-02-01 10:00,500000,JPY,2026-06-30,
B,lost,2026-02-02,,,,価格が合わない
C,lost,2026-02-03,,,,nothing known
"""
DEALS = MAPPING.replace("timezone", "  close: outcome.closes_on\n  reason: outcome.lost_reason\ntimezone")


def test_opportunities_and_reasons_of_losses_come_in_with_what_is_known_of_them(
    places: list[str], tmp_path: Path
) -> None:
    (tmp_path / "deals.csv").write_text(WITH_DEALS, encoding="utf-8")
    (tmp_path / "m.yaml").write_text(DEALS)
    said(*places)
    assert list(
        Outcome.objects.order_by("decided_at").values_list("result", "revenue", "closes_on", "lost_reason__code")
    ) == [
        ("opportunity", 500_000, date(2026, 6, 30), None),
        ("lost", None, None, "price"),
        ("lost", None, None, None),
    ]
    assert Lead.objects.get(external_id="A").stage == Stage.OPPORTUNITY
    remarks = {row[0]: row[2] for row in report(LeadImport.objects.get()) if row[2]}
    assert list(remarks) == [3]
    assert "nothing known" in remarks[3][0]


def test_an_opportunity_takes_over_what_a_later_file_says_of_it(places: list[str], tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(DEALS)
    for amount, close in ((500_000, "2026-06-30"), (600_000, "2026-07-31")):
        rows = f"A,opportunity,2026-02-01,{amount},JPY,{close},"
        (tmp_path / "deals.csv").write_text(WITH_DEALS.splitlines()[0] + f"\n{rows}\n", encoding="utf-8")
        words = said(*places)
    assert "0 created\n          1 updated" in words
    assert Outcome.objects.values_list("revenue", "closes_on").get() == (600_000, date(2026, 7, 31))


def test_the_reason_of_a_loss_from_a_file_is_feedback_on_the_rules_that_spoke(
    places: list[str], tmp_path: Path, rep: User
) -> None:
    handoff = contacted_by(rep, lead=Lead.objects.get(external_id="B"))
    (tmp_path / "deals.csv").write_text(WITH_DEALS.replace("2026-02-", "2026-08-"), encoding="utf-8")
    (tmp_path / "m.yaml").write_text(DEALS)
    said(*places)
    said(*places)
    feedback = handoff.feedback.get()
    assert (feedback.verdict, feedback.reason, feedback.by) == ("lost", "Too expensive", None)
