"""An address that cannot be read costs nobody who is known by something else."""

from __future__ import annotations

from datetime import datetime

import pytest

from accounts.models import User
from leads.models import Company, Lead
from tests.intake.importing import counts, imported, report
from tests.intake.test_import_cases import taken

pytestmark = pytest.mark.django_db

BROKEN = ["なし", "181.user@", "117.userdelta.jp", "田中@gmail.com"]


@pytest.mark.parametrize("address", BROKEN)
@pytest.mark.parametrize("identity", ["email", ""])
def test_whoever_has_a_name_and_a_company_comes_in(marketer: User, now: datetime, identity: str, address: str) -> None:
    columns = {"mail": "lead.email", "name": "lead.name", "firm": "company.name"}
    text = f"mail,name,firm\n{address},田中 一郎,デルタ\n"
    warning = f"mail: “{address}” isn’t an email address. Write it like name@example.com."
    first = imported(text, {"identity": identity, "columns": columns}, marketer, now)
    again = imported(text, {"identity": identity, "columns": columns}, marketer, now)
    assert report(first) == [(1, "created", [warning])]
    assert report(again) == [(1, "unchanged", [warning])]
    assert Lead.objects.values_list("name", "email", "company__name").get() == ("田中 一郎", "", "デルタ")


@pytest.mark.parametrize(
    ("cells", "outcome"),
    [
        ("x@,,,03-0000-0001,", "created"),  # a telephone
        ("x@,,,,K-1", "created"),  # an id
        ("x@,田中,デルタ,,", "created"),
        ("x@,田中,,,", "rejected"),  # a name alone is nobody
        ("x@,,デルタ,,", "rejected"),  # a person of whom nothing is left is not only a company
        ("x@,,,,", "rejected"),
    ],
)
def test_only_a_row_that_says_nothing_else_of_who_it_is_about_is_rejected(
    marketer: User, now: datetime, cells: str, outcome: str
) -> None:
    columns = {
        "mail": "lead.email", "name": "lead.name", "firm": "company.name", "tel": "lead.phone",
        "id": "lead.external_id",
    }  # fmt: skip
    found = imported(f"mail,name,firm,tel,id\n{cells}\n", {"columns": columns}, marketer, now)
    assert report(found) == [(1, outcome, ["mail: “x@” isn’t an email address. Write it like name@example.com."])]
    assert Company.objects.count() == (1 if outcome == "created" and "デルタ" in cells else 0)


def test_nashi_is_offered_as_empty_and_stays_an_answer_about_consent(marketer: User, now: datetime) -> None:
    text = "氏名,会社名,メール,同意,業種\n田中,デルタ,なし,なし,ﾅｼ\n佐藤,デルタ,無,あり,無し\n"
    found = taken(text.encode(), marketer, now)
    assert found.mapping["empty"] == ["なし", "無", "無し", "ﾅｼ"]
    assert (counts(found), found.summary["found"]["remarked"]) == ((2, 0, 0, 0), 0)
    assert set(Lead.objects.values_list("name", "email", "consent")) == {("田中", "", False), ("佐藤", "", True)}
    assert Company.objects.get().industry == ""
