"""Imports on the command line: the same path, a summary, and one clear message where the input stops it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from intake.models import ImportRow, LeadImport
from leads.models import Activity, Lead

pytestmark = pytest.mark.django_db

FILE = """id,first,page,via
A,2026-02-01,/price,paid_search
B,2026-02-02,/demo,
B,2026-02-03,/demo,
,2026-02-03,/,
C,2026-02-31,/,
"""
MAPPING = """
identity: external_id
columns:
  id: lead.external_id
  first: lead.created_at
  via: lead.source
constants: {lead.origin: marketing}
values: {lead.source: {paid_search: display}}
activity: {type: form_submit, occurred_at: first, object: page}
timezone: America/Sao_Paulo
"""


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    file, mapping = tmp_path / "leads.csv", tmp_path / "m.yaml"
    file.write_text(FILE, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return file, mapping


def said(command: str, file: Path, mapping: Path, *more: str) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command(command, str(file), f"--mapping={mapping}", *more, stdout=out, stderr=StringIO())
    return out.getvalue()


def refused(command: str, file: Path, mapping: Path) -> tuple[int, str]:
    with pytest.raises(CommandError) as caught:
        said(command, file, mapping)
    return caught.value.returncode, str(caught.value)


SUMMARY = """\
          3 created
          1 updated
          0 unchanged
          1 rejected
          3 activities added
  1 x id: Nothing says who this is. Enter an email, an ID, a phone number, or a name with a company. (first in row 4)
Warnings on rows that come in:
  1 x first: The date “2026-02-31” doesn’t exist. Check the day and the month. (first in row 5)
"""


def test_a_file_is_imported_and_the_summary_tells_what_became_of_it(places: tuple[Path, Path]) -> None:
    words = said("import_leads", *places)
    assert words.startswith("Done:\n" + SUMMARY)
    assert list(Lead.objects.order_by("pk").values_list("external_id", "source__code", "origin")) == [
        ("A", "display", "marketing"),
        ("B", None, "marketing"),
        ("C", None, "marketing"),
    ]
    assert Activity.objects.count() == 3
    found = LeadImport.objects.get()
    assert (found.file_name, found.state, found.by, found.created, found.rejected) == ("leads.csv", "done", None, 3, 1)
    assert ImportRow.objects.filter(lead_import=found).count() == 5


def test_a_dry_run_tells_the_same_and_stores_nothing(places: tuple[Path, Path]) -> None:
    assert said("import_leads", *places, "--dry-run").startswith("Would be:\n" + SUMMARY)
    assert (Lead.objects.count(), LeadImport.objects.count()) == (0, 0)


def test_a_wrong_mapping_stops_it_with_every_problem_and_its_path(places: tuple[Path, Path]) -> None:
    file, mapping = places
    mapping.write_text("identity: external_id\ncolumns: {idd: lead.external_id, via: lead.sauce}\n")
    assert refused("import_leads", file, mapping) == (
        2,
        f"{mapping} cannot be used:\n"
        "  columns.idd: The file has no column “idd”. Use a name from the header row.\n"
        "  columns.via: There’s no field “lead.sauce”. Did you mean lead.source?",
    )


def test_a_file_that_cannot_be_read_stops_it(places: tuple[Path, Path], tmp_path: Path) -> None:
    file, mapping = places
    file.write_text("a\n")
    assert refused("import_leads", file, mapping) == (
        2,
        f"{file}: The file has a header row but no data. Choose a file with data, or say in which row the header is.",
    )
    missing = tmp_path / "none.csv"
    assert refused("import_leads", missing, mapping) == (2, f"{missing}: No such file or directory")
    assert refused("import_leads", file.rename(tmp_path / "x.csv"), missing)[0] == 2


def test_activities_are_added_to_known_leads(places: tuple[Path, Path], tmp_path: Path) -> None:
    said("import_leads", *places)
    file, mapping = tmp_path / "a.csv", tmp_path / "a.yaml"
    file.write_text("id,what,at,device\nA,資料請求,2026-03-01 10:00,pc\nZ,page_view,2026-03-01,pc\n", encoding="cp932")
    mapping.write_text(
        "identity: external_id\ncolumns: {id: lead.external_id, what: activity.type, at: activity.occurred_at,"
        " device: activity.properties.device}\n"
    )
    words = said("import_activities", file, mapping)
    assert "  1 x No lead has this value. Check it, or import the lead first. (first in row 2)" in words
    activity = Activity.objects.get(type__code="document_request")
    assert (activity.lead.external_id, activity.properties) == ("A", {"device": "pc"})
