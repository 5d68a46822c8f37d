"""Files as they come: encodings, delimiters, spreadsheets, and everything that is refused before a row is read."""

from __future__ import annotations

import ast
import datetime
import io
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from intake.imports import spreadsheets, workbook_child
from intake.imports.layout import FileFormat, Layout, numbered_rows, survey
from intake.imports.problems import UnreadableFileError

JAPANESE = "氏名,会社名\n佐藤 花子,アクメ株式会社\n鈴木　一郎,ﾍﾞｰﾀ商事\n"


def written(directory: Path, content: str | bytes, *, name: str = "leads.csv", encoding: str = "utf-8") -> Path:
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def surveyed(directory: Path, content: str | bytes, *, name: str = "leads.csv", encoding: str = "utf-8") -> Layout:
    return survey(written(directory, content, name=name, encoding=encoding), name=name)


def refusal(directory: Path, content: str | bytes, *, name: str = "leads.csv") -> str:
    with translation.override("en"), pytest.raises(UnreadableFileError) as caught:
        surveyed(directory, content, name=name)
    return str(caught.value)


def rows(path: Path, layout: Layout) -> list[tuple[int, list[str]]]:
    return list(numbered_rows(path, layout.format))


@pytest.mark.parametrize(
    ("encoding", "known_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("euc_jp", "euc_jp"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found_out_and_the_text_is_read_as_it_was_written(
    tmp_path: Path, encoding: str, known_as: str
) -> None:
    layout = surveyed(tmp_path, JAPANESE, encoding=encoding)
    assert layout.format.encoding == known_as
    assert layout.columns == ["氏名", "会社名"]
    assert rows(tmp_path / "leads.csv", layout) == [
        (1, ["佐藤 花子", "アクメ株式会社"]),
        (2, ["鈴木　一郎", "ﾍﾞｰﾀ商事"]),
    ]


def test_a_character_that_only_windows_knows_is_read(tmp_path: Path) -> None:
    layout = surveyed(tmp_path, "会社名\n㈱髙島屋①\n", encoding="cp932")
    assert rows(tmp_path / "leads.csv", layout) == [(1, ["㈱髙島屋①"])]


def test_a_broken_character_far_behind_the_beginning_is_noticed_before_the_import(tmp_path: Path) -> None:
    content = b"name\n" + b"ascii\n" * 300_000 + b"\x81\xff\xfe\n"
    assert refusal(tmp_path, content).startswith(
        "The text can’t be read as any of: UTF-8 (BOM), UTF-8, Shift_JIS (CP932), EUC-JP, ISO-2022-JP"
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_header(tmp_path: Path, delimiter: str) -> None:
    content = f'"a,b;c"{delimiter}name{delimiter}city\n1{delimiter}x{delimiter}y\n'
    layout = surveyed(tmp_path, content)
    assert (layout.format.delimiter, layout.columns) == (delimiter, ["a,b;c", "name", "city"])


def test_a_quoted_cell_may_hold_line_breaks_and_quotation_marks(tmp_path: Path) -> None:
    layout = surveyed(tmp_path, 'name,note\nA,"first\r\nsecond ""x"""\nB,\n')
    assert rows(tmp_path / "leads.csv", layout) == [(1, ["A", 'first\r\nsecond "x"']), (2, ["B", ""])]


def test_empty_rows_are_left_out_and_keep_their_numbers(tmp_path: Path) -> None:
    layout = surveyed(tmp_path, "name,city\nA,x\n\n,\nB,y\n")
    assert layout.rows == 2
    assert [number for number, _cells in rows(tmp_path / "leads.csv", layout)] == [1, 4]


def test_columns_without_a_name_are_called_by_their_place_and_fall_off_at_the_end(tmp_path: Path) -> None:
    assert surveyed(tmp_path, "name,,city,,\nA,1,x,,\n").columns == ["name", "#2", "city"]


def test_reading_goes_on_after_a_row(tmp_path: Path) -> None:
    layout = surveyed(tmp_path, "name\nA\nB\nC\n")
    found = numbered_rows(tmp_path / "leads.csv", layout.format, after=2)
    assert list(found) == [(3, ["C"])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file is empty. Choose another, with column names and data."),
        ("\n\n", "The file is empty. Choose another, with column names and data."),
        (
            "name,email\n",
            "The file has a header row but no data. Choose a file with data, or say in which row the header is.",
        ),
        (
            "name,email\n\n,\n",
            "The file has a header row but no data. Choose a file with data, or say in which row the header is.",
        ),
        (b"name\n\x00\x00\n", "This isn’t a text file: it contains NUL bytes. Export the table again as CSV or XLSX."),
        (
            'name\nA\n"B" and more\n',
            "Line 3 isn’t valid CSV: a quotation mark is missing or misplaced. Correct it, or save as CSV again.",
        ),
        (
            'name\nA\n"B\nC\n',
            "The cell that starts on line 3 isn’t closed: a quotation mark is missing. Add it at the cell’s end.",
        ),
        (
            'name\n"' + "x" * 1_100_000 + '"\n',
            "The cell that starts on line 2 isn’t closed: a quotation mark is missing. Add it at the cell’s end.",
        ),
        (
            ",".join(f"c{n}" for n in range(100_001)) + "\n1\n",
            "The file has 100,001 columns; the limit is 500. Remove some.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99,
            "This is an old Excel file (.xls). Save it as .xlsx or CSV.",
        ),
        (b"PK\x03\x04", "This is an Excel file with another extension. Rename it to .xlsx."),
    ],
    ids=range(11),
)
def test_a_file_that_cannot_be_imported_is_refused_with_the_reason(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    assert refusal(tmp_path, content) == words


def test_every_reason_is_said_in_japanese_too(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        surveyed(tmp_path, "")
    with translation.override("ja"):
        assert str(caught.value) == "ファイルが空です。見出し行とデータのあるファイルを選択してください。"


def test_only_tables_are_taken(tmp_path: Path) -> None:
    assert (
        refusal(tmp_path, "x", name="photo.png")
        == "Only CSV and XLSX files can be imported. Save the table as one of these."
    )


# ---- spreadsheets ----


def workbook(path: Path, *cells: list[object]) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy/mm/dd"})
    for row, line in enumerate(cells):
        for column, cell in enumerate(line):
            if isinstance(cell, datetime.datetime):
                sheet.write_datetime(row, column, cell, day)
            else:
                sheet.write(row, column, cell)
    book.close()
    return path


def test_a_spreadsheet_reads_like_the_text_somebody_would_type(tmp_path: Path) -> None:
    day = datetime.datetime(2026, 11, 22)  # noqa: DTZ001 - a cell has no zone
    path = workbook(
        tmp_path / "leads.xlsx",
        ["氏名", "人数", "率", "日付", "日時", "はい", "空", ""],
        ["佐藤", 1200, 1.5, day, day.replace(hour=10, minute=15), True, ""],
    )
    layout = survey(path, name="leads.xlsx")
    assert (layout.format.encoding, layout.rows) == ("xlsx", 1)
    assert layout.columns == ["氏名", "人数", "率", "日付", "日時", "はい", "空"]
    assert rows(path, layout) == [(1, ["佐藤", "1200", "1.5", "2026-11-22", "2026-11-22 10:15:00", "true"])]


def test_what_is_called_xlsx_must_be_one(tmp_path: Path) -> None:
    words = "The file is named .xlsx but isn’t an Excel file. Save it again in Excel, or as CSV."
    assert refusal(tmp_path, "name\nA\n", name="leads.xlsx") == words


def test_a_damaged_spreadsheet_is_refused(tmp_path: Path) -> None:
    words = "The Excel file is damaged. Save it again in Excel, or as CSV."
    assert refusal(tmp_path, b"PK\x03\x04 and nothing more", name="leads.xlsx") == words
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "no sheet in here")
    assert refusal(tmp_path, other.getvalue(), name="leads.xlsx") == words


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    source, path = workbook(tmp_path / "plain.xlsx", ["name"], ["A"]), tmp_path / "leads.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            with new.open(member, "w", force_zip64=True) as part:
                part.write(old.read(member))
                for _megabyte in range(301 if member.endswith("sheet1.xml") else 0):
                    part.write(b" " * (1 << 20))
    assert path.stat().st_size < 1 << 20
    with translation.override("en"), pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert str(caught.value) == "The Excel file is too large when unpacked. Save the sheet as CSV."


FAR_AWAY = {
    "as Excel writes it": b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "in other quotation marks": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "with spaces around the sign": b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "over several lines": b'<row\nr\n=\n"1048576"><c\tr=\n"XFD1048576"><v>1</v></c></row>',
    "with a prefix": b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "as a number of XML": b'<row r="&#49;048576"><c r="&#x58;FD1048576"><v>1</v></c></row>',
    "without a reference of the row": b'<row><c r="XFD1048576"><v>1</v></c></row>',
}


def repacked(tmp_path: Path, sheet: bytes, *, name: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook whose first sheet has these rows, kept in the archive under `name`."""
    source, path = workbook(tmp_path / "plain.xlsx", ["name"], ["A"]), tmp_path / "leads.xlsx"
    opening = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:x="urn:x"><sheetData>'
    )
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member == "xl/worksheets/sheet1.xml":
                new.writestr(name, opening + sheet + b"</sheetData></worksheet>")
            else:
                new.writestr(member, old.read(member).replace(b"worksheets/sheet1.xml", name[3:].encode()))
    return path


NAME_AND_A = b'<row r="1"><c r="A1" t="str"><v>name</v></c></row><row r="2"><c r="A2" t="str"><v>A</v></c></row>'


def memory_in_use() -> int:
    """Bytes of this process."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * 4096


@pytest.mark.parametrize("sheet", FAR_AWAY.values(), ids=FAR_AWAY)
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/other/sheet.bin"])
def test_a_cell_in_the_last_corner_costs_nothing_however_it_is_written(tmp_path: Path, sheet: bytes, name: str) -> None:
    path = repacked(tmp_path, NAME_AND_A + sheet, name=name)
    before, began = memory_in_use(), time.monotonic()
    layout = survey(path, name="leads.xlsx")
    assert layout.columns == ["name"]
    assert rows(path, layout)[0] == (1, ["A"])
    assert memory_in_use() - before < 32 << 20
    assert time.monotonic() - began < 5


TOO_MUCH = {
    "cells": b"<row>" + b"<c/>" * 2_000 + b"</row>",
    "rows": b"<row/>" * 2_000,
}


@pytest.mark.parametrize("sheet", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_small_file_of_too_many_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheet: bytes
) -> None:
    monkeypatch.setattr(spreadsheets, "CELLS", 100_000)
    path = repacked(tmp_path, NAME_AND_A + sheet * 60)
    assert path.stat().st_size < 1 << 14
    with pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert caught.value.code == "xlsx_bomb"


def with_parts(path: Path, parts: dict[str, bytes]) -> Path:
    """The workbook with these parts in place of its own."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in (members | parts).items():
            new.writestr(name, content)
    return path


def test_one_text_that_very_many_cells_show_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept once in the file, but every row of ours would have its own."""
    monkeypatch.setattr(spreadsheets, "OUTPUT", 8 << 20)
    row = b"<row>" + b'<c t="s"><v>0</v></c>' * 5 + b"</row>"
    texts = b"<sst><si><t>" + b"x" * 30_000 + b"</t></si></sst>"
    path = with_parts(repacked(tmp_path, NAME_AND_A + row * 100), {"xl/sharedStrings.xml": texts})
    with pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert caught.value.code == "xlsx_bomb"


def test_memory_that_a_workbook_asks_for_ends_its_own_process_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreadsheets, "MEMORY", 64 << 20)
    texts = b"".join(b"<si><t>%0200d</t></si>" % number for number in range(200_000))
    path = with_parts(repacked(tmp_path, NAME_AND_A), {"xl/sharedStrings.xml": b"<sst>" + texts + b"</sst>"})
    with pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert caught.value.code == "xlsx_bomb"


@pytest.mark.parametrize(("limit", "seconds"), [("WALL_SECONDS", 0.2), ("PROCESSOR_SECONDS", 1)])
def test_a_workbook_that_takes_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, seconds: float
) -> None:
    monkeypatch.setattr(spreadsheets, limit, seconds)
    path = repacked(tmp_path, NAME_AND_A + b"<row><c/></row>" * 2_000_000)
    with pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert caught.value.code == "xlsx_bomb"


def test_the_reader_of_workbooks_knows_nothing_of_us() -> None:
    tree = ast.parse(Path(workbook_child.__file__).read_text(encoding="utf-8"))
    names = {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


def test_numbers_are_what_the_cells_show(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = datetime.datetime(2026, 11, 22)  # noqa: DTZ001 - a cell has no zone
    cells: list[tuple[str, object, str, str]] = [
        ("id", 1234567890123456, "General", "1234567890123456"),
        ("padded", 7, "000000", "000007"),
        ("tel", 9012345678, "00000000000", "09012345678"),
        ("dashed", 312345678, "00-0000-0000", "03-1234-5678"),
        ("money", 873607.15, "#,##0.00", "873607.15"),
        ("day", day, "yyyy/mm/dd", "2026-11-22"),
        ("share", 0.1 + 0.2, "0.0%", "0.3"),
        ("era", day, '[$-411]ggge"年"m"月"d"日"', "2026-11-22"),
        ("hour", 0.5, "h:mm", "12:00:00"),
    ]
    for column, (name, value, form, _shown) in enumerate(cells):
        sheet.write(0, column, name)
        sheet.write(1, column, value, book.add_format({"num_format": form}))
    book.close()
    assert rows(path, survey(path, name="leads.xlsx"))[0][1] == [shown for _name, _value, _form, shown in cells]


def test_how_a_text_is_read_aloud_is_no_part_of_it(tmp_path: Path) -> None:
    runs = "<r><t>佐藤</t></r><r><t> 花子</t></r><rPh sb='0' eb='2'><t>サトウ</t></rPh>"
    cell = f'<row><c t="inlineStr"><is>{runs}</is></c></row>'
    path = repacked(tmp_path, NAME_AND_A + cell.encode())
    assert rows(path, survey(path, name="leads.xlsx"))[1][1] == ["佐藤 花子"]


def test_the_visible_sheet_is_read_unless_another_is_chosen(tmp_path: Path) -> None:
    path = tmp_path / "leads.xlsx"
    book = xlsxwriter.Workbook(str(path))
    lists, leads = book.add_worksheet("lists"), book.add_worksheet("来場者")
    for sheet, texts in ((lists, ["choices", "A"]), (leads, ["name", "Mori"])):
        sheet.write_column(0, 0, texts)
    leads.activate()
    leads.set_first_sheet()
    lists.hide()
    book.close()
    layout = survey(path, name="leads.xlsx")
    assert (layout.format.sheet, layout.columns) == ("来場者", ["name"])
    assert [(sheet.name, sheet.is_visible) for sheet in layout.sheets] == [("lists", False), ("来場者", True)]
    other = survey(path, name="leads.xlsx", given=FileFormat(sheet="lists"))
    assert (other.format.sheet, other.columns) == ("lists", ["choices"])


def test_a_sheet_that_defines_entities_is_refused(tmp_path: Path) -> None:
    texts = b'<!DOCTYPE a [<!ENTITY b "b">]><sst><si><t>&b;</t></si></sst>'
    path = with_parts(repacked(tmp_path, NAME_AND_A), {"xl/sharedStrings.xml": texts})
    with pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert caught.value.code == "xlsx_broken"
