"""3/15, 3月15日 and 15 Mar get the year that a person chose for the file, and the dry run says which day that is."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from intake.views.import_rows import rehearsal_context
from tests.clients import as_
from tests.factories import LeadFactory
from tests.intake.importing import received, work
from tests.intake.test_import_wizard import sent
from web.cleaning import CleaningError, clean_date, lacks_year, year_of

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    "text", ["3/15", "3月15日", "3月15日(日)", "15 Mar", "15th March", "Mar 15", "３／１５", "3/15 10:30"]
)
def test_a_day_without_a_year_gets_the_one_that_was_chosen(text: str) -> None:
    assert lacks_year(text)
    assert clean_date(text, year=year_of("past", TODAY)) == date(2026, 3, 15)
    assert clean_date(text, year=year_of("next", TODAY)) == date(2027, 3, 15)
    assert clean_date(text, year=year_of("2024", TODAY)) == date(2024, 3, 15)
    with pytest.raises(CleaningError, match="no_year"):
        clean_date(text)


def test_the_nearest_past_day_is_today_or_before() -> None:
    past, to_come = year_of("past", TODAY), year_of("next", TODAY)
    assert [clean_date(text, year=past) for text in ("11/30", "12/31", "2月29日")] == [
        TODAY, date(2025, 12, 31), date(2024, 2, 29),
    ]  # fmt: skip
    assert clean_date("2月29日", year=to_come) == date(2028, 2, 29)


@pytest.mark.parametrize(
    "text", ["2026-03-15", "15 Mar 2026", "15 Mar 26", "3/15/26", "3/15 26", "Mar 2026", "3.15", "45/2026"]
)
def test_a_date_with_its_year_and_other_texts_are_none(text: str) -> None:
    assert not lacks_year(text)


def test_day_and_month_without_a_year_can_be_two_days() -> None:
    past = year_of("past", TODAY)
    with pytest.raises(CleaningError, match="date_order"):
        clean_date("3/4", year=past)
    assert clean_date("3/4", "dmy", past) == date(2026, 4, 3)
    assert clean_date("3/4", "ymd", past) == date(2026, 3, 4)


@pytest.mark.django_db
def test_the_year_is_asked_once_per_file_and_shown_in_the_dry_run(marketer: User, now: datetime) -> None:
    LeadFactory(email="a@example.jp")
    day = now.date() - timedelta(days=40)
    text = f"メール,日時,行動\na@example.jp,{day.month}月{day.day}日,business_card\n"
    found = received(text, marketer, now, kind="activities")
    assert found.mapping["year"] == "past"
    assert sent(as_(marketer), found).status_code == 303
    work(now)
    found.refresh_from_db()
    said = rehearsal_context(found, QueryDict())
    assert [(remark.times, day.isoformat() in remark.text) for remark in said["remarks"]] == [(1, True)]


@pytest.mark.django_db
def test_a_planned_start_without_a_year_is_never_guessed(marketer: User, now: datetime) -> None:
    client: Client = as_(marketer)
    found = received("mail,Planned start\na@example.jp,3月15日\n", marketer, now)
    assert found.mapping["columns"]["Planned start"] == "lead.planned_on"
    assert "year" not in found.mapping
    assert sent(client, found).status_code == 422
    assert sent(client, found, year="2027").status_code == 303
    assert found.mapping["year"] == "2027"
