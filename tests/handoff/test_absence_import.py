"""Absences from files: looked at first, with what is wrong by line, then entered."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import User
from handoff.absence_files import AbsenceRow, read_absences
from handoff.errors import AbsenceFileError
from handoff.models import Absence
from tests.clients import as_
from tests.handoff.world import TOKYO, jst

pytestmark = pytest.mark.django_db
NOW = jst(7, 22, 10)


def ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n{body}END:VCALENDAR\r\n".encode()


def times(row: AbsenceRow) -> tuple[object, object]:
    return row.starts_at, row.ends_at


def test_whole_days_hours_and_zones_of_a_calendar_are_read():
    rows = read_absences(
        ics(
            "DTSTART;VALUE=DATE:20260813\r\nDTEND;VALUE=DATE:20260816\r\nSUMMARY:夏季休暇",
            "DTSTART:20260820T040000Z\r\nDTEND:20260820T060000Z\r\nSUMMARY:Den\r\n tist",
            "DTSTART;TZID=Europe/Berlin:20260821T090000\r\nDURATION:PT2H",
        ),
        TOKYO,
        NOW,
    )
    assert [times(row) for row in rows] == [
        (jst(8, 13), jst(8, 16)), (jst(8, 20, 13), jst(8, 20, 15)), (jst(8, 21, 16), jst(8, 21, 18)),
    ]  # fmt: skip
    assert [(row.line, row.note) for row in rows] == [(4, "夏季休暇"), (9, "Dentist"), (15, "")]


def test_what_takes_no_time_or_was_called_off_is_left_out():
    day = "DTSTART;VALUE=DATE:20260813"
    rows = read_absences(
        ics(f"{day}\r\nTRANSP:TRANSPARENT", f"{day}\r\nSTATUS:CANCELLED", "A:x", day),
        TOKYO,
        NOW,
    )
    assert [(row.line, bool(row.problem)) for row in rows] == [(12, True), (15, False)]
    assert times(rows[1]) == (jst(8, 13), jst(8, 14))


def test_days_half_days_and_hours_of_a_table_are_read():
    table = [
        "担当者,開始,終了,メモ",
        "Ren Rep,2026/8/13,2026/8/14,夏休み",
        ",2026-08-20 PM,,",
        ",2026年8月21日 午前,2026年8月21日 午前,",
        ",2026-08-24 13:00,2026-08-24 15:30,",
    ]
    rows = read_absences("\n".join(table).encode("cp932"), TOKYO, NOW)
    assert [times(row) for row in rows] == [
        (jst(8, 13), jst(8, 15)), (jst(8, 20, 12), jst(8, 21)), (jst(8, 21), jst(8, 21, 12)),
        (jst(8, 24, 13), jst(8, 24, 15, 30)),
    ]  # fmt: skip
    assert (rows[0].person, rows[0].note, rows[0].line) == ("Ren Rep", "夏休み", 2)


@pytest.mark.parametrize(("data", "words"), [
    (b"", "must name the columns"),
    (b"a,b\n1,2\n", "must name the columns"),
    (b"from,until\n", "no absence in this file"),
    (b"BEGIN:VCALENDAR\r\nnonsense", "isn’t a calendar"),
    (ics(), "no absence in this file"),
    (b"\xff\xfe\x00\xd8" * 5, "read"),
    (b"x" * 2_000_001, "larger than 2 MB"),
    (b"from,until\n" + b"2026-08-13,2026-08-13\n" * 2_001, "At most 2,000"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_in_words(data, words):
    with pytest.raises(AbsenceFileError, match=words):
        read_absences(data, TOKYO, NOW)


def sent(person: User, data: bytes, **values: object) -> object:
    with time_machine.travel(NOW, tick=False):
        file = SimpleUploadedFile("absences.csv", data)
        answer = as_(person).post(reverse("handoff:absence_import"), {"file": file} | values)
        return as_(person).get(answer["Location"]) if answer.status_code == 303 else answer


def test_a_manager_looks_at_the_absences_of_the_team_and_enters_them(rep, other_rep, outsider, manager):
    Absence.objects.create(person=other_rep, starts_at=jst(8, 20), ends_at=jst(8, 21))
    rows = [
        "person,from,until,note",
        f"{rep.email},2026-08-13,2026-08-14,Summer",
        "rika rep,2026-08-20,2026-08-20,",
        f"{outsider.email},2026-08-13,2026-08-14,",
        "Ren Rep,2026-08-14,2026-08-13,",
        "Ren Rep,2026-07-01,2026-07-02,",
        "Ren Rep,soon,later,",
        "Ren Rep,2026-01-01,2029-01-01,",
    ]
    page = sent(manager, "\n".join(rows).encode())
    assert (page.context["right"], page.context["wrong"]) == (1, 6)
    problems = {each.row.line: each.problem for each in page.context["found"] if each.problem}
    assert list(problems) == [3, 4, 5, 6, 7, 8]
    for line, words in {3: "already entered", 4: "is no user", 5: "before the start", 6: "already over",
                        7: "isn’t a time", 8: "up to 400 days"}.items():  # fmt: skip
        assert words in problems[line]
    assert Absence.objects.count() == 1
    with time_machine.travel(NOW, tick=False):
        assert as_(manager).post(reverse("handoff:absence_enter"), {"token": page.context["token"]}).status_code == 303
        as_(manager).post(reverse("handoff:absence_enter"), {"token": page.context["token"]})  # pressed twice
    entered = Absence.objects.get(person=rep)
    assert (entered.starts_at, entered.ends_at, entered.note) == (jst(8, 13), jst(8, 15), "Summer")
    assert not entered.returns_leads


def test_a_calendar_that_names_nobody_is_of_the_person_who_is_chosen(rep, other_rep, manager):
    data = ics("DTSTART;VALUE=DATE:20260813", f"DTSTART;VALUE=DATE:20260814\r\nATTENDEE:mailto:{rep.email.upper()}")
    page = sent(manager, data, whose=other_rep.pk)
    assert [each.person for each in page.context["found"]] == [other_rep, rep]
    unsaid = sent(manager, data).context["found"]
    assert "doesn’t say who is away" in unsaid[0].problem


def test_a_rep_enters_nobody_elses(rep, other_rep):
    page = sent(rep, f"person,from,until\n{other_rep.email},2026-08-13,2026-08-14\n".encode())
    assert (page.context["right"], page.context["wrong"]) == (0, 1)
    assert sent(rep, b"from,until\n2026-08-13,2026-08-14\n", whose=other_rep.pk).status_code == 422


def test_the_preview_outlives_a_reload_and_goes_when_it_is_entered_or_discarded(rep):
    address = reverse("handoff:absence_import")
    first = sent(rep, b"from,until\n2026-08-13,2026-08-14\nsoon,later\n", whose=rep.pk)
    with time_machine.travel(NOW + timedelta(minutes=50), tick=False):
        again = as_(rep).get(address)
        assert [(each.row, each.problem) for each in again.context["found"]] == [
            (each.row, each.problem) for each in first.context["found"]
        ]
        as_(rep).post(reverse("handoff:absence_enter"), {"token": again.context["token"]})
        assert "found" not in as_(rep).get(address).context
    assert Absence.objects.get().person == rep
    sent(rep, b"from,until\n2026-09-13,2026-09-14\n", whose=rep.pk)
    with time_machine.travel(NOW, tick=False):
        as_(rep).post(reverse("handoff:absence_enter"), {"token": "", "discard": "1"})
        assert "found" not in as_(rep).get(address).context
    assert Absence.objects.count() == 1


def test_what_somebody_else_looked_at_is_not_entered(rep, other_rep):
    token = sent(rep, b"from,until\n2026-08-13,2026-08-14\n", whose=rep.pk).context["token"]
    with time_machine.travel(NOW, tick=False):
        as_(other_rep).post(reverse("handoff:absence_enter"), {"token": token})
    with time_machine.travel(NOW + timedelta(hours=2), tick=False):
        as_(rep).post(reverse("handoff:absence_enter"), {"token": token})
        as_(rep).post(reverse("handoff:absence_enter"), {"token": "x"})
    assert not Absence.objects.exists()
