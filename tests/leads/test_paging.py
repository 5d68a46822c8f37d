from __future__ import annotations

from datetime import timedelta

import pytest

from leads.models import Lead
from tests.factories import LeadFactory
from web.paging import MAX_PAGE_SIZE, Cursor, Order, count_of, page_of, signed

NEWEST = Order(name="-created", fields=("created_at", "pk"), descending=True)
BY_NAME = Order(name="name", fields=("name", "pk"))


@pytest.fixture
def seven(db, now) -> list[int]:
    """Seven leads; two of them at the same instant, so that the id must decide."""
    ages = (0, 1, 2, 2, 3, 4, 5)
    leads = [LeadFactory(name=f"L{age}", created_at=now - timedelta(hours=age)) for age in ages]
    return [lead.pk for lead in sorted(leads, key=lambda lead: (lead.created_at, lead.pk), reverse=True)]


def pks(page) -> list[int]:
    return [lead.pk for lead in page.rows]


def test_pages_follow_each_other_without_gap_or_repetition(seven) -> None:
    found, after = [], ""
    for _page in range(3):
        page = page_of(Lead.objects.all(), NEWEST, Cursor.read(NEWEST, after=after), 3)
        found += pks(page)
        after = page.after
    assert found == seven
    assert after == ""


def test_one_can_page_back_to_the_first_page(seven) -> None:
    first = page_of(Lead.objects.all(), NEWEST, Cursor(), 3)
    second = page_of(Lead.objects.all(), NEWEST, Cursor.read(NEWEST, after=first.after), 3)
    back = page_of(Lead.objects.all(), NEWEST, Cursor.read(NEWEST, before=second.before), 3)
    assert pks(back) == pks(first)
    assert (first.before, back.before) == ("", "")
    assert back.after == first.after


def test_rising_orders_page_too(seven) -> None:
    first = page_of(Lead.objects.all(), BY_NAME, Cursor(), 4)
    rest = page_of(Lead.objects.all(), BY_NAME, Cursor.read(BY_NAME, after=first.after), 4)
    assert [lead.name for lead in (*first.rows, *rest.rows)] == ["L0", "L1", "L2", "L2", "L3", "L4", "L5"]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "\0", "a:b", "é" * 400, "eyJ9:AAAA", signed(["name", "L1", 1]), signed(["-created", 1]), signed([])],
)
def test_a_cursor_that_is_not_of_this_list_shows_the_first_page(seven, cursor: str) -> None:
    assert Cursor.read(NEWEST, after=cursor) == Cursor()


def test_a_changed_cursor_shows_the_first_page(seven) -> None:
    after = page_of(Lead.objects.all(), NEWEST, Cursor(), 3).after
    assert Cursor.read(NEWEST, after=f"A{after[1:]}") == Cursor()


def test_a_page_of_a_billion_rows_is_cut(seven, django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as captured:
        page_of(Lead.objects.all(), NEWEST, Cursor(), 10**9)
    assert f"LIMIT {MAX_PAGE_SIZE + 1}" in captured.captured_queries[0]["sql"]


def test_counting_stops_where_nobody_reads_on(seven) -> None:
    assert (count_of(Lead.objects.all(), 10).number, count_of(Lead.objects.all(), 10).is_more) == (7, False)
    assert (count_of(Lead.objects.all(), 5).number, count_of(Lead.objects.all(), 5).is_more) == (5, True)
