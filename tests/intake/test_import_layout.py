"""Files as they come: encodings, delimiters, spreadsheets, and everything that is refused before a row is read."""

from __future__ import annotations

import datetime
import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from django.utils import translation

from intake.imports.layout import Layout, numbered_rows, survey
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
    return list(numbered_rows(path, encoding=layout.encoding, delimiter=layout.delimiter))


@pytest.mark.parametrize(
    ("encoding", "known_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp932", "cp932"), ("euc_jp", "euc_jp"), ("utf-16", "utf-16")],
)
def test_the_encoding_is_found_out_and_the_text_is_read_as_it_was_written(
    tmp_path: Path, encoding: str, known_as: str
) -> None:
    layout = surveyed(tmp_path, JAPANESE, encoding=encoding)
    assert layout.encoding == known_as
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
    assert refusal(tmp_path, content).startswith("The text isn’t UTF-8, Shift_JIS")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_told_from_the_header(tmp_path: Path, delimiter: str) -> None:
    content = f'"a,b;c"{delimiter}name{delimiter}city\n1{delimiter}x{delimiter}y\n'
    layout = surveyed(tmp_path, content)
    assert (layout.delimiter, layout.columns) == (delimiter, ["a,b;c", "name", "city"])


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
    found = numbered_rows(tmp_path / "leads.csv", encoding=layout.encoding, delimiter=layout.delimiter, after=2)
    assert list(found) == [(3, ["C"])]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "The file is empty."),
        ("\n\n", "The file is empty."),
        ("name,email\n", "The file has a header row but no data."),
        ("name,email\n\n,\n", "The file has a header row but no data."),
        ("name,email,name\nA,b,c\n", "Two columns have the same name: name. Rename one."),
        (b"name\n\x00\x00\n", "This isn’t a text file: it contains NUL bytes."),
        (
            'name\nA\n"B" and more\n',
            "Line 3 isn’t valid CSV: a quotation mark is missing or misplaced.",
        ),
        ('name\nA\n"B\nC\n', "The cell that starts on line 3 isn’t closed: a quotation mark is missing."),
        (
            'name\n"' + "x" * 1_100_000 + '"\n',
            "The cell that starts on line 2 isn’t closed: a quotation mark is missing.",
        ),
        (
            ",".join(f"c{n}" for n in range(100_001)) + "\n1\n",
            "The file has 100001 columns; the limit is 500. Remove some.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 99,
            "This is an old Excel file (.xls). Save it as .xlsx or CSV.",
        ),
        (b"PK\x03\x04", "This is an Excel file with another extension. Rename it to .xlsx."),
    ],
    ids=range(12),
)
def test_a_file_that_cannot_be_imported_is_refused_with_the_reason(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    assert refusal(tmp_path, content) == words


def test_every_reason_is_said_in_japanese_too(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        surveyed(tmp_path, "")
    with translation.override("ja"):
        assert str(caught.value) == "ファイルが空です。"


def test_only_tables_are_taken(tmp_path: Path) -> None:
    assert refusal(tmp_path, "x", name="photo.png") == "Only CSV and XLSX files can be imported."


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
        ["氏名", "利用人数", "率", "日付", "日時", "はい", "空", ""],
        ["佐藤", 1200, 1.5, day, day.replace(hour=10, minute=15), True, ""],
    )
    layout = survey(path, name="leads.xlsx")
    assert (layout.encoding, layout.rows) == ("xlsx", 1)
    assert layout.columns == ["氏名", "利用人数", "率", "日付", "日時", "はい", "空"]
    assert rows(path, layout) == [(1, ["佐藤", "1200", "1.5", "2026-11-22", "2026-11-22 10:15:00", "true", ""])]


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
    bomb = io.BytesIO()
    archive = zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
        for _megabyte in range(301):
            part.write(b"0" * (1 << 20))
    assert len(bomb.getvalue()) < 1 << 20
    words = "The Excel file is too large when unpacked. Save the sheet as CSV."
    assert refusal(tmp_path, bomb.getvalue(), name="leads.xlsx") == words


def test_one_cell_in_the_last_corner_does_not_build_the_whole_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "wide.xlsx", ["name"], ["A"])
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    sheet.write(0, 0, "name")
    sheet.write(1_048_575, 16_383, "far away")
    book.close()
    with translation.override("en"), pytest.raises(UnreadableFileError) as caught:
        survey(path, name="wide.xlsx")
    assert str(caught.value) == "The Excel file is too large when unpacked. Save the sheet as CSV."


FAR_AWAY = {
    "in other quotation marks": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "with spaces around the sign": b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "with a prefix": b'<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "by its place alone": b"<row/>" * 10_000 + b"<row>" + b"<c><v>1</v></c>" * 2_001 + b"</row>",
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


@pytest.mark.parametrize("sheet", FAR_AWAY.values(), ids=FAR_AWAY)
@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/other/sheet.bin"])
def test_a_far_cell_is_seen_however_it_is_written(tmp_path: Path, sheet: bytes, name: str) -> None:
    with pytest.raises(UnreadableFileError) as caught:
        survey(repacked(tmp_path, sheet, name=name), name="leads.xlsx")
    assert caught.value.code == "xlsx_bomb"


def test_a_sheet_that_defines_entities_is_refused(tmp_path: Path) -> None:
    path = repacked(tmp_path, b"")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/more.xml", b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')
    with pytest.raises(UnreadableFileError) as caught:
        survey(path, name="leads.xlsx")
    assert caught.value.code == "xlsx_broken"
