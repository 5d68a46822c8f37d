"""Absences from files: iCalendar (.ics) of a person or a team, and tables (CSV). Everything wrong is said by line."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta, tzinfo
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any

import icalendar
from django.utils.translation import gettext as _

from handoff.absence_series import MOST_SERIES, instant_of, occurrences, repeats
from handoff.errors import AbsenceFileError
from intake.imports.encodings import detect_delimiter, possible_encodings
from intake.imports.problems import UnreadableFileError
from web import formats
from web.cleaning import CleaningError
from web.cleaning.text import excerpt, narrow
from web.cleaning.times import clean_instant

MOST_BYTES, MOST_ROWS, MOST_SECONDS = 2_000_000, 2_000, 5
LONGEST_NOTE = 120
COLUMNS: dict[str, tuple[str, ...]] = {
    "person": ("person", "user", "name", "email", "e-mail", "mail", "担当者", "ユーザー", "氏名", "名前", "メール",
               "メールアドレス"),
    "start": ("from", "start", "starts", "begin", "start date", "開始", "開始日", "開始日時", "から"),
    "end": ("until", "end", "to", "ends", "end date", "終了", "終了日", "終了日時", "まで"),
    "note": ("note", "reason", "comment", "メモ", "備考", "理由"),
}  # fmt: skip
MORNING, AFTERNOON = ("am", "午前", "morning"), ("pm", "午後", "afternoon")
HALF = re.compile(rf"\s*({'|'.join((*MORNING, *AFTERNOON))})\s*$", re.IGNORECASE)
NOON = time(12)


@dataclass(frozen=True, kw_only=True)
class AbsenceRow:
    """One absence of a file: whose, as the file says it; from when to when, and what is wrong with it."""

    line: int
    person: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    note: str = ""
    problem: str = ""


def read_absences(data: bytes, zone: tzinfo, now: datetime) -> list[AbsenceRow]:
    """The rows of a file, whichever kind it is; of events that repeat, what is still to come.

    Raises AbsenceFileError for a file that cannot be read at all.
    """
    if len(data) > MOST_BYTES:
        raise AbsenceFileError(_("This file is larger than 2 MB. Split it."))
    text = _decoded(data)
    is_calendar = text.lstrip("\ufeff \r\n").upper().startswith("BEGIN:VCALENDAR")
    rows = list(_of_calendar(text, zone, now) if is_calendar else _of_table(text, zone))
    if not rows:
        raise AbsenceFileError(_("There’s no absence in this file. Choose another file."))
    if len(rows) > MOST_ROWS:
        words = {"n": formats.number(len(rows)), "most": formats.number(MOST_ROWS)}
        raise AbsenceFileError(_("This file has %(n)s absences. At most %(most)s can be read at once.") % words)
    return rows


def _decoded(data: bytes) -> str:
    with NamedTemporaryFile() as stored:
        stored.write(data)
        stored.flush()
        try:
            encoding = possible_encodings(Path(stored.name))[0]
        except UnreadableFileError as error:
            raise AbsenceFileError(_("The text of this file can’t be read. Save it as UTF-8.")) from error
    return data.decode(encoding).removeprefix("\ufeff")


# ---- iCalendar ----


def _of_calendar(text: str, zone: tzinfo, now: datetime) -> Iterator[AbsenceRow]:
    try:
        calendars = icalendar.Calendar.from_ical(text, multiple=True)
    except ValueError as error:
        words = {"problem": excerpt(str(error))}
        raise AbsenceFileError(_("This isn’t a calendar that can be read: %(problem)s") % words) from error
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip().upper() == "BEGIN:VEVENT"]
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    if sum(map(repeats, events)) > MOST_SERIES:
        words = {"most": formats.number(MOST_SERIES)}
        raise AbsenceFileError(_("At most %(most)s events that repeat can be read at once. Split the file.") % words)
    replaced, began = _replaced(events, zone), monotonic()
    for line, event in zip(lines, events, strict=False):
        if not _is_free(event):
            yield from _of_event(line, event, zone, now, replaced[str(event.get("UID", ""))])
        if monotonic() - began > MOST_SECONDS:
            raise AbsenceFileError(_("The repeating events of this file take too long to read. Split the file."))


def _replaced(events: Sequence[Any], zone: tzinfo) -> dict[str, set[datetime]]:
    """The occurrences that events of their own stand for, by the UID of the event that repeats."""
    found: dict[str, set[datetime]] = defaultdict(set)
    for event in events:
        if (at := getattr(event.get("RECURRENCE-ID"), "dt", None)) is not None:
            found[str(event.get("UID", ""))].add(instant_of(at, zone))
    return found


def _is_free(event: Mapping[str, Any]) -> bool:
    """What was called off, or does not take the person's time, is no absence."""
    return str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT"


def _of_event(
    line: int, event: Any, zone: tzinfo, now: datetime, replaced: Collection[datetime]
) -> Iterator[AbsenceRow]:
    """One row, or of an event that repeats one for each time that is still to come."""
    row = AbsenceRow(line=line, person=_people_in(event), note=str(event.get("SUMMARY", ""))[:LONGEST_NOTE])
    try:
        if repeats(event):
            spans = occurrences(event, zone, now, replaced)
        else:
            spans = [(instant_of(event.start, zone), instant_of(event.end, zone))]
    except AbsenceFileError as error:
        yield replace(row, problem=str(error))
        return
    except (icalendar.InvalidCalendar, icalendar.IncompleteComponent, ValueError):
        yield replace(row, problem=_("The event has no start and end."))
        return
    if not spans:
        yield replace(row, problem=_("This absence is already over."))
    for start, end in spans:
        yield replace(row, starts_at=start, ends_at=end)


def _people_in(event: Any) -> str:
    """The address of the only person an event names: whoever is away, else who made it."""
    attendees = event.get("ATTENDEE") or []
    found = attendees if isinstance(attendees, list) else [attendees]
    named = found if len(found) == 1 else [event.get("ORGANIZER")] if event.get("ORGANIZER") else []
    return re.sub(r"^mailto:", "", str(named[0]), flags=re.IGNORECASE) if named else ""


# ---- tables ----


def _of_table(text: str, zone: tzinfo) -> Iterator[AbsenceRow]:
    lines = text.splitlines()
    reader = csv.reader(io.StringIO(text), delimiter=detect_delimiter(lines[:20]) if lines else ",")
    try:
        header = next(reader, [])
        places = _places(header)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _of_cells(reader.line_num, {name: _cell(cells, at) for name, at in places.items()}, zone)
    except csv.Error as error:
        words = {"line": formats.number(reader.line_num), "problem": excerpt(str(error))}
        raise AbsenceFileError(_("Line %(line)s can’t be read: %(problem)s") % words) from error


def _places(header: Sequence[str]) -> dict[str, int]:
    names = [narrow(cell).strip().lower() for cell in header]
    places = {
        column: next(at for at, name in enumerate(names) if name in known)
        for column, known in COLUMNS.items()
        if any(name in known for name in names)
    }
    if "start" not in places or "end" not in places:
        raise AbsenceFileError(
            _("The first line must name the columns: person, from, until, note. “from” and “until” are needed.")
        )
    return places


def _cell(cells: Sequence[str], at: int) -> str:
    return cells[at].strip() if at < len(cells) else ""


def _of_cells(line: int, cells: Mapping[str, str], zone: tzinfo) -> AbsenceRow:
    person, note = cells.get("person", ""), cells.get("note", "")[:LONGEST_NOTE]
    try:
        start, end = _typed(cells["start"], zone), _typed(cells["end"] or cells["start"], zone, is_end=True)
    except CleaningError:
        words = {"start": excerpt(cells["start"]), "end": excerpt(cells["end"])}
        problem = _(
            "“%(start)s” to “%(end)s” isn’t a time. Write it like 2026-08-13, 2026-08-13 PM or 2026-08-13 14:00."
        )
        return AbsenceRow(line=line, person=person, note=note, problem=problem % words)
    return AbsenceRow(line=line, person=person, starts_at=start, ends_at=end, note=note)


def _typed(text: str, zone: tzinfo, *, is_end: bool = False) -> datetime:
    """An instant; of a day its midnight, of a half its noon, and as an end the last of it."""
    plain = narrow(text).strip()
    half = HALF.search(plain)
    if ":" in plain or "時" in plain:
        return clean_instant(plain, zone)
    day = clean_instant(HALF.sub("", plain), zone)
    if half is None:
        return day + timedelta(days=1) if is_end else day
    noon = datetime.combine(day.astimezone(zone).date(), NOON, tzinfo=zone)
    is_morning = half[1].lower() in MORNING
    if is_end:
        return noon if is_morning else day + timedelta(days=1)
    return day if is_morning else noon
