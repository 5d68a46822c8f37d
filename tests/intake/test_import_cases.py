"""Small files as people have them, each of a kind that systems like this one are known to read wrongly."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts.models import User
from intake.imports.jobs import RUN, start_job
from intake.imports.uploads import map_file, other_readings, receive_file
from intake.models import LeadImport
from leads.models import Activity, Company, Lead
from tests.factories import CompanyFactory, LeadFactory
from tests.intake.importing import counts, imported, received, report, work

pytestmark = pytest.mark.django_db


def taken(content: bytes, by: User, now: datetime, *, name: str = "leads.csv", **changes: Any) -> LeadImport:
    """A file that went all the way with the mapping that was guessed, and `changes` to it."""
    lead_import = receive_file(upload=SimpleUploadedFile(name, content), kind="leads", by=by, now=now)
    map_file(lead_import=lead_import, data=lead_import.mapping | changes, by=by, now=now)
    work(now)
    lead_import.refresh_from_db()
    assert start_job(lead_import=lead_import, kind=RUN, by=by, now=now), lead_import.summary
    work(now)
    lead_import.refresh_from_db()
    return lead_import


def test_ids_and_telephones_that_a_spreadsheet_took_for_numbers_are_what_it_shows(
    marketer: User, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "codes.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["id", "name", "tel"])
    rows = [(1234567890123456, "General", "A", 9012345678, "00000000000"), (7, "000000", "C", 312345678, "0000000000")]
    for place, (number, form, name, phone, phone_form) in enumerate(rows, 1):
        sheet.write_number(place, 0, number, book.add_format({"num_format": form}))
        sheet.write_string(place, 1, name)
        sheet.write_number(place, 2, phone, book.add_format({"num_format": phone_form}))
    book.close()
    by_id = {"identity": "external_id"}
    taken(path.read_bytes(), marketer, now, name="codes.xlsx", **by_id)
    assert set(Lead.objects.values_list("external_id", "phone")) == {
        ("1234567890123456", "09012345678"),
        ("000007", "0312345678"),
    }
    again = taken(b"id,name,tel\n1234567890123456,A,\n000007,C,\n", marketer, now, **by_id)
    assert counts(again) == (0, 0, 2, 0)


def test_a_telephone_without_its_zero_is_remarked(marketer: User, now: datetime) -> None:
    found = taken(b"mail,tel\na@example.jp,9012345678\n", marketer, now)
    assert report(found) == [(1, "created", ["tel: The leading 0 of “9012345678” may be missing. Check the number."])]


def test_a_western_file_of_excel_is_read_as_windows_1252(marketer: User, now: datetime) -> None:
    text = "mail,name,company\na@example.jp,Ana Pérez,Gonçalves Lda\nb@example.jp,Luis García,Sánchez y Martínez\n"
    found = taken(text.encode("cp1252"), marketer, now)
    assert found.encoding == "cp1252"
    assert set(Lead.objects.values_list("name", "company__name")) == {
        ("Ana Pérez", "Gonçalves Lda"),
        ("Luis García", "Sánchez y Martínez"),
    }


def test_a_file_that_makes_sense_in_two_encodings_is_asked_about(marketer: User, now: datetime) -> None:
    """Half-width kana of Shift_JIS are kanji of EUC-JP."""
    content = "mail,name\na@example.jp,ﾔﾏﾀﾞ\nb@example.jp,ｻﾄｳｴ\n".encode("cp932")
    upload = SimpleUploadedFile("leads.csv", content)
    found = receive_file(upload=upload, kind="leads", by=marketer, now=now)
    readings = other_readings(found)
    assert {"cp932", "euc_jp"} == {reading.encoding for reading in readings}
    assert any("ﾔﾏﾀﾞ" in reading.sample for reading in readings)


@pytest.mark.parametrize("encoding", ["iso2022_jp", "utf-16-le", "utf-16-be", "cp932", "euc_jp", "utf-8"])
def test_a_japanese_file_is_read_whatever_wrote_it(marketer: User, now: datetime, encoding: str) -> None:
    header = "メールアドレス,氏名,会社名\r\n"
    text = header + "a@example.jp,佐藤 花子,アクメ株式会社\r\nb@example.jp,鈴木 一郎,株式会社ベータ\r\n"
    found = taken(text.encode(encoding), marketer, now)
    assert (found.encoding, counts(found)) == (encoding, (2, 0, 0, 0))
    assert set(Lead.objects.values_list("name", flat=True)) == {"佐藤 花子", "鈴木 一郎"}


def test_one_address_in_ten_spellings_is_one_lead(marketer: User, now: datetime) -> None:
    addresses = [
        "Taro@Field.Example", "taro@field.example", "  taro@field.example　", "ｔａｒｏ＠field.example",
        "taro@field.example\u00a0", "\u200btaro@field.example", "\ufefftaro@field.example", "taro@field.example\u200b",
        "mailto:taro@field.example", "Taro <taro@field.example>",
    ]  # fmt: skip
    text = "mail,title\n" + "".join(f"{address},{place}\n" for place, address in enumerate(addresses))
    assert counts(taken(text.encode(), marketer, now)) == (1, 9, 0, 0)
    assert Lead.objects.get().email == "taro@field.example"


def test_addresses_of_old_telephones_are_taken_with_a_remark(marketer: User, now: datetime) -> None:
    text = 'mail,name\na..b@docomo.example,A\na.@docomo.example,B\n"""c..d""@docomo.example",C\n'
    found = taken(text.encode(), marketer, now)
    assert counts(found) == (3, 0, 0, 0)
    assert set(Lead.objects.values_list("email", flat=True)) == {
        "a..b@docomo.example", "a.@docomo.example", "c..d@docomo.example",
    }  # fmt: skip
    assert report(found)[0][2] == [
        "mail: Many email servers can’t deliver to “a..b@docomo.example”. Check the address."
    ]


def test_excel_s_line_that_names_the_separator_is_no_header(marketer: User, now: datetime) -> None:
    found = taken("\ufeffsep=;\nmail;name\na@example.jp;A\nb@example.jp;B\n".encode(), marketer, now)
    assert (found.columns, counts(found)) == (["mail", "name"], (2, 0, 0, 0))


def test_a_bar_separates_too_and_titles_above_the_header_are_none(marketer: User, now: datetime) -> None:
    found = taken("来場者リスト\n2026年11月\n\nmail|氏名|会社\na@example.jp|佐藤|アクメ\n".encode(), marketer, now)
    assert (found.columns, found.summary["format"]["header_row"]) == (["mail", "氏名", "会社"], 4)
    assert report(found) == [(1, "created", [])]


def test_people_without_an_address_come_in_once(marketer: User, now: datetime) -> None:
    rows = b",Ono Kei,03-1234-5678,Ono Works\n,Abe Rin,090-1111-2222,Abe Trading\n,Ito Jun,,Ito Lab\n"
    text = b"mail,name,tel,company\n" + rows
    assert counts(taken(text, marketer, now)) == (3, 0, 0, 0)
    assert counts(taken(text, marketer, now)) == (0, 0, 3, 0)
    other_spelling = b"mail,name,tel,company\n,ONO Kei,+81 3 1234 5678,Ono  Works\n"
    assert counts(taken(other_spelling, marketer, now))[:1] == (1,)
    nobody = taken(b"mail,name,tel,company\n,Only Name,,\n", marketer, now)
    assert report(nobody)[0][1] == "rejected"


def test_two_people_of_one_mailbox_stay_two(marketer: User, now: datetime) -> None:
    text = b"mail,name,tel\ninfo@f.example,Mori Aya,03-0000-0001\ninfo@f.example,Hara Ken,03-0000-0002\n"
    found = taken(text, marketer, now)
    remark = "Mori Aya has the same email, so the row becomes another lead without it."
    assert report(found) == [(1, "created", []), (2, "created", [remark])]
    assert set(Lead.objects.values_list("name", "email")) == {("Mori Aya", "info@f.example"), ("Hara Ken", "")}
    assert counts(taken(text, marketer, now)) == (0, 0, 2, 0)


def test_two_names_of_one_address_are_one_person_where_the_file_says_so(marketer: User, now: datetime) -> None:
    text = b"mail,name,tel\ninfo@f.example,Mori Aya,03-0000-0001\ninfo@f.example,Hara Ken,03-0000-0002\n"
    found = taken(text, marketer, now, addresses="person")
    assert report(found)[1][1:] == ("updated", ["The lead was called “Mori Aya” before."])
    assert Lead.objects.get().name == "Hara Ken"


def test_a_refusal_is_not_undone_by_a_file(marketer: User, now: datetime) -> None:
    taken("mail,同意\na@example.jp,いいえ\n".encode(), marketer, now)
    found = taken("mail,同意\na@example.jp,はい\n".encode(), marketer, now)
    assert report(found) == [(1, "unchanged", ["Contact was refused earlier. A file can’t change that."])]
    assert Lead.objects.get().consent is False


def test_sizes_in_words_are_read_or_stay_out_and_the_person_comes_in(marketer: User, now: datetime) -> None:
    sizes = ["1200", "1,200名", "100名以上", "100～299名", "約50名", "1.200", "1万2000人", "非公開", "数十名"]
    rows = "".join(f'p{place}@example.jp,Firm {place},"{size}"\n' for place, size in enumerate(sizes))
    found = taken(f"mail,company,size\n{rows}".encode(), marketer, now)
    assert counts(found) == (9, 0, 0, 0)
    stored = dict(Company.objects.values_list("name", "employees"))
    assert [stored[f"Firm {place}"] for place in range(9)] == [1200, 1200, 100, 100, 50, 1200, 12_000, None, None]
    words = dict(enumerate(problems for _number, _outcome, problems in report(found)))
    assert words[3] == ["size: “100～299名” is read as 100, the lower end."]
    assert words[4] == ["size: “約50名” is read as 50."]
    assert (words[0], words[7]) == ([], [])
    assert words[8] == ["size: “数十名” isn’t a whole number. Write digits only, such as 300."]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_our_own_export_sent_back_changes_nothing(marketer: User, now: datetime, language: str) -> None:
    lead = LeadFactory(
        name="-Kusano (Sales)", email="", external_id="", phone="+81 3-1234-5678",
        company=CompanyFactory(name="=Alpha"), department="＝企画", campaign="@fair2026", owner=None, team=None,
        source=None, created_at=now,
    )  # fmt: skip
    with translation.override(language):
        stage, origin = lead.get_stage_display(), lead.get_origin_display()
    header = (
        "id,external_id,name,email,phone,company,department,stage,origin,campaign,engagement,temperature,created_at"
    )
    stamp = lead.created_at.astimezone(ZoneInfo(marketer.timezone)).strftime("%Y-%m-%d %H:%M")
    row = f"{lead.pk},,'-Kusano (Sales),,'+81 3-1234-5678,'=Alpha,'＝企画,{stage},{origin},'@fair2026,0.0,cold,{stamp}"
    found = taken(f"\ufeff{header}\r\n{row}\r\n".encode(), marketer, now)
    assert report(found) == [(1, "unchanged", [])]
    assert Lead.objects.count() == 1


def test_our_own_report_can_be_corrected_and_sent_back(marketer: User, now: datetime) -> None:
    first = imported(
        "mail,name,tel\na@example.jp,Abe,\nb@example,Doi Aki,\n",
        {"identity": "email", "columns": {"mail": "lead.email", "name": "lead.name", "tel": "lead.phone"}},
        marketer, now,
    )  # fmt: skip
    known = Lead.objects.get()
    text = (
        "\ufeffRow,Outcome,Lead,Reason,mail,name,tel\r\n"
        f"1,Created,{known.pk}\r\n2,Rejected,,mail: wrong,b@example.jp,Doi Aki,'+81 90-3333-4444\r\n"
    )
    found = taken(text.encode(), marketer, now)
    assert (counts(first), counts(found)) == ((1, 0, 0, 1), (1, 0, 1, 0))
    assert Lead.objects.get(email="b@example.jp").phone == "+81 90-3333-4444"


def test_family_and_given_name_become_one_name_in_the_order_of_their_script(marketer: User, now: datetime) -> None:
    japanese = taken("姓,名,セイ,メイ,メール\n佐藤,一郎,ｻﾄｳ,ｲﾁﾛｳ,a@example.jp\n".encode(), marketer, now)
    assert counts(japanese) == (1, 0, 0, 0)
    assert Lead.objects.values_list("name", "kana").get() == ("佐藤 一郎", "サトウ イチロウ")
    taken("First Name,Last Name,Email\nAna,Pérez,b@example.jp\n".encode(), marketer, now)
    assert Lead.objects.get(email="b@example.jp").name == "Ana Pérez"
    mixed = "First Name,Last Name,Email\nWei,Smith,c@example.jp\n一郎,佐藤,d@example.jp\n"
    taken(mixed.encode(), marketer, now)
    taken("姓,名,メール\nSmith,Wei,e@example.jp\n".encode(), marketer, now)
    taken("姓,名,メール\nSmith,Wei,f@example.jp\n".encode(), marketer, now, names="family_first")
    assert dict(Lead.objects.filter(email__regex="^[c-f]@").values_list("email", "name")) == {
        "c@example.jp": "Wei Smith", "d@example.jp": "佐藤 一郎", "e@example.jp": "Wei Smith",
        "f@example.jp": "Smith Wei",
    }  # fmt: skip


def test_one_column_may_fill_several_fields(marketer: User, now: datetime) -> None:
    columns = {"mail": "lead.email", "where": ["lead.region", "company.region"], "firm": "company.name"}
    imported("mail,where,firm\na@example.jp,東京都,アクメ\n", {"columns": columns}, marketer, now)
    lead = Lead.objects.select_related("company").get()
    assert lead.company is not None
    assert (lead.region, lead.company.region) == ("東京都", "東京都")


def test_words_for_nothing_are_nothing(marketer: User, now: datetime) -> None:
    text = "mail,業種,役職,会社名\na@example.jp,Select,-,アクメ\nb@example.jp,不明,N/A,アクメ\n"
    found = taken(text.encode(), marketer, now)
    assert found.mapping["empty"] == ["-", "N/A", "Select", "不明"]
    assert set(Lead.objects.values_list("title", "company__industry")) == {("", "")}


def test_the_order_of_dates_is_one_for_the_whole_file(marketer: User, now: datetime) -> None:
    text = "mail,Create Date\na@example.jp,03/04/2026\nb@example.jp,13/04/2026\n"
    taken(text.encode(), marketer, now)
    days = [
        at.astimezone(ZoneInfo(marketer.timezone)).date().isoformat()
        for at in Lead.objects.order_by("pk").values_list("created_at", flat=True)
    ]
    assert days == ["2026-04-03", "2026-04-13"]
    unclear = taken(b"Email,Create Date\nc@example.jp,03/04/2026\n", marketer, now)
    assert report(unclear)[0][2] == [
        "Create Date: “03/04/2026” can be two different days. Choose the order of dates for this file."
    ]


def test_companies_without_people_come_in(marketer: User, now: datetime) -> None:
    text = "会社名,業種,従業員数\nアクメ,製造,120\nベータ,商社,\n"
    found = taken(text.encode(), marketer, now)
    assert counts(found) == (2, 0, 0, 0)
    assert dict(Company.objects.values_list("name", "employees")) == {"アクメ": 120, "ベータ": None}
    assert not Lead.objects.exists()
    assert counts(taken(text.encode(), marketer, now)) == (0, 0, 2, 0)


def test_the_owner_is_named_by_address_and_stays_where_there_is_one(
    marketer: User, rep: User, other_rep: User, now: datetime
) -> None:
    text = f"mail,Contact owner\na@example.jp,{rep.email.upper()}\nb@example.jp,nobody@example.jp\n"
    found = taken(text.encode(), marketer, now)
    assert report(found)[1][2] == [
        "Contact owner: No active user is called “nobody@example.jp”. "
        "Enter the user’s email address, or leave the cell empty."
    ]
    lead = Lead.objects.get(email="a@example.jp")
    assert (lead.owner, lead.team) == (rep, rep.team)
    again = taken(f"mail,Contact owner\na@example.jp,{other_rep.email}\n".encode(), marketer, now)
    assert report(again) == [(1, "unchanged", ["The lead already has an owner, who stays."])]


def test_words_of_customer_systems_are_known(marketer: User, now: datetime) -> None:
    stages = [
        "Subscriber",
        "Lead",
        "Marketing Qualified Lead",
        "salesqualifiedlead",
        "Opportunity",
        "Closed Won",
        "Other",
    ]
    rows = "".join(f"p{place}@example.jp,{stage}\n" for place, stage in enumerate(stages))
    found = taken(f"Email,Lifecycle Stage\n{rows}".encode(), marketer, now)
    assert counts(found) == (7, 0, 0, 0)
    stored = Lead.objects.order_by("pk").values_list("stage", flat=True)
    assert list(stored) == ["inquiry", "inquiry", "mql", "sql", "opportunity", "customer", "inquiry"]


def test_an_enquiry_is_kept_and_read(marketer: User, now: datetime) -> None:
    enquiry = "30名での導入を検討中です。お見積りをお願いします。"
    text = f"メール,お問い合わせ内容,備考\na@example.jp,{enquiry},展示会で名刺交換\nb@example.jp,,\n"
    found = taken(text.encode(), marketer, now)
    assert (counts(found), found.summary["made"]) == ((2, 0, 0, 0), {"activities": 1})
    activity = Activity.objects.get()
    assert (activity.lead.email, activity.type.code) == ("a@example.jp", "form_submit")
    assert activity.properties["message"].endswith("\n展示会で名刺交換")
    assert (activity.properties["reading_temperature"], activity.properties["reading_quote"]) == ("hot", True)
    assert counts(taken(text.encode(), marketer, now)) == (0, 0, 2, 0)
    assert Activity.objects.count() == 1


def test_cells_right_of_a_sheet_s_last_column_are_left_out_with_a_remark(
    marketer: User, now: datetime, tmp_path: Path
) -> None:
    path = tmp_path / "leads.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["mail", "name"])
    sheet.write_row(1, 0, ["a@example.jp", "A", "", "call on Monday"])
    sheet.write(2, 0, "b@example.jp")
    sheet.write(2, 16_383, "far away")
    book.close()
    found = taken(path.read_bytes(), marketer, now, name="leads.xlsx")
    remark = "Cells to the right of the last column are left out."
    assert report(found) == [(1, "created", [remark]), (2, "created", [remark])]


def test_a_header_that_is_there_twice_is_told_apart(marketer: User, now: datetime) -> None:
    assert received("Email,Notes,Email\na@example.jp,x,b@example.jp\n", marketer, now).columns == [
        "Email", "Notes", "Email (2)",
    ]  # fmt: skip
