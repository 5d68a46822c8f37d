"""One way to page: every row on exactly one page, forwards and backwards, in whatever order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from accounts.models import Team
from leads.models import Company, Lead
from tests.factories import CompanyFactory, LeadFactory, TeamFactory
from web.paging import MAX_PAGE_SIZE, Cursor, Order, Page, count_of, merged, page_of, signed, unsigned

pytestmark = pytest.mark.django_db

NEWEST = Order.by("-created_at")
BY_NAME = Order.by("name")
ORDERS = [
    Order.by("name"),
    Order.by("-name"),
    Order(name="mixed", keys=("-name", "country", "-pk")),
    Order(name="last", keys=("employees", "-name", "pk"), nulls_last=("employees",)),
    Order(name="last falling", keys=("-employees", "name", "pk"), nulls_last=("employees",)),
    Order(name="first", keys=("employees", "pk"), nulls_first=("employees",)),
    Order(name="first falling", keys=("-employees", "-pk"), nulls_first=("employees",)),
    Order(name="later null", keys=("name", "-employees", "pk"), nulls_last=("employees",)),
]


@pytest.fixture
def seven(now) -> list[int]:
    """Seven leads, the newest first; two of them at the same instant, so that the id must decide."""
    ages = (0, 1, 2, 2, 3, 4, 5)
    leads = [LeadFactory(name=f"L{age}", created_at=now - timedelta(hours=age)) for age in ages]
    return [lead.pk for lead in sorted(leads, key=lambda lead: (lead.created_at, lead.pk), reverse=True)]


@pytest.fixture
def companies() -> None:
    """Companies with ties in every field, and without a number of employees."""
    for name, country, employees in (
        ("A", "JP", 5), ("A", "JP", 5), ("A", "US", None), ("B", "JP", None), ("B", "JP", 7),
        ("C", "US", None), ("C", "JP", 5), ("C", "JP", 9),
    ):  # fmt: skip
        CompanyFactory(name=name, country=country, employees=employees)


def pks(page: Page) -> list[int]:
    return [row.pk for row in page.rows]


def walk(rows, order: Order, size: int) -> list[Page]:
    pages = [page_of(rows, order, Cursor(), size)]
    while pages[-1].after:
        pages.append(page_of(rows, order, Cursor(after=pages[-1].after), size))
    return pages


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.name)
def test_pages_of_every_order_hold_each_row_once_and_lead_back(companies, order: Order, size: int) -> None:
    rows = Company.objects.all()
    pages = walk(rows, order, size)
    whole = list(rows.order_by(*order.expressions()))
    assert [pk for page in pages for pk in pks(page)] == [row.pk for row in whole]
    assert (pages[0].before, pages[-1].after) == ("", "")
    for earlier, later in pairwise(pages):
        back = page_of(rows, order, Cursor(before=later.before), size)
        assert pks(back) == pks(earlier)
        assert (back.before, back.after) == (earlier.before, earlier.after)


@pytest.mark.parametrize(
    ("order", "employees"),
    [
        (ORDERS[3], [5, 5, 5, 7, 9, None, None, None]),
        (ORDERS[4], [9, 7, 5, 5, 5, None, None, None]),
        (ORDERS[5], [None, None, None, 5, 5, 5, 7, 9]),
        (ORDERS[6], [None, None, None, 9, 7, 5, 5, 5]),
    ],
)
def test_nulls_stand_at_the_end_that_the_order_names(companies, order: Order, employees: list[int | None]) -> None:
    assert [row.employees for page in walk(Company.objects.all(), order, 3) for row in page.rows] == employees


def test_mixed_directions_are_kept(companies) -> None:
    names = [row.name + row.country for page in walk(Company.objects.all(), ORDERS[2], 3) for row in page.rows]
    assert names == ["CJP", "CJP", "CUS", "BJP", "BJP", "AJP", "AJP", "AUS"]


def test_rows_at_one_instant_follow_by_their_id(seven) -> None:
    assert [pk for page in walk(Lead.objects.all(), NEWEST, 3) for pk in pks(page)] == seven


def test_rows_may_be_dictionaries(seven) -> None:
    pages = walk(Lead.objects.values(*NEWEST.fields), NEWEST, 3)
    assert [row["pk"] for page in pages for row in page.rows] == seven


@pytest.mark.parametrize("number", [1, 3])
def test_a_page_that_holds_everything_has_no_neighbours(number: int) -> None:
    TeamFactory.create_batch(number)
    page = page_of(Team.objects.all(), BY_NAME, Cursor(), 3)
    assert (len(page.rows), page.before, page.after, page.is_start) == (number, "", "", True)


def test_the_next_page_is_empty_where_its_rows_have_gone(seven) -> None:
    after = page_of(Lead.objects.all(), NEWEST, Cursor(), 6).after
    Lead.objects.filter(pk=seven[-1]).delete()
    page = page_of(Lead.objects.all(), NEWEST, Cursor(after=after), 6)
    assert (page.rows, page.before, page.after, page.is_start) == ([], "", "", False)


FORGED = [
    "", "x", "\0", "a:b", "é" * 400, "eyJ9:AAAA", signed("leads.lead name", ["L1", 1]),
    signed("leads.lead -created_at", [1]), signed("leads.lead -created_at", []), signed("", []),
]  # fmt: skip


@pytest.mark.parametrize("cursor", FORGED)
def test_a_cursor_that_is_not_of_this_list_shows_the_first_page(seven, cursor: str) -> None:
    first = page_of(Lead.objects.all(), NEWEST, Cursor(), 3)
    assert page_of(Lead.objects.all(), NEWEST, Cursor(after=cursor), 3) == first
    assert page_of(Lead.objects.all(), NEWEST, Cursor(before=cursor), 3) == first


def test_a_changed_cursor_shows_the_first_page(seven) -> None:
    first = page_of(Lead.objects.all(), NEWEST, Cursor(), 3)
    assert page_of(Lead.objects.all(), NEWEST, Cursor(after=f"A{first.after[1:]}"), 3) == first


def test_a_cursor_of_one_list_or_order_does_not_fit_another(seven, companies) -> None:
    """In the order of another field or of another model it would compare a name with an instant."""
    after = page_of(Lead.objects.all(), BY_NAME, Cursor(), 3).after
    for rows, order in ((Lead.objects.all(), NEWEST), (Company.objects.all(), BY_NAME)):
        assert page_of(rows, order, Cursor(after=after), 3) == page_of(rows, order, Cursor(), 3)


def test_a_page_of_a_billion_rows_is_cut(seven, django_assert_num_queries) -> None:
    with django_assert_num_queries(1) as captured:
        page_of(Lead.objects.all(), NEWEST, Cursor(), 10**9)
    assert f"LIMIT {MAX_PAGE_SIZE + 1}" in captured.captured_queries[0]["sql"]


def test_an_order_of_one_direction_is_compared_as_a_whole(seven, django_assert_num_queries) -> None:
    """Which is what an index on its keys can begin from."""
    after = page_of(Lead.objects.all(), NEWEST, Cursor(), 3).after
    with django_assert_num_queries(1) as captured:
        page_of(Lead.objects.all(), NEWEST, Cursor(after=after), 3)
    sql = captured.captured_queries[0]["sql"]
    assert 'ROW("leads_lead"."created_at", "leads_lead"."id") < ' in sql
    assert " OR " not in sql


def test_a_position_keeps_instants_days_and_null(now) -> None:
    values = [now, date(2026, 7, 1), None, 7, "x", ["a", 1]]
    assert unsigned("list", signed("list", values)) == values
    assert unsigned("another list", signed("list", values)) == []


def test_several_lists_are_merged_up_to_one_page() -> None:
    assert merged([[9, 5, 1], [8, 5], []], key=lambda number: number, size=3) == ([9, 8, 5], True)
    assert merged([[9, 5, 1], [8, 5], []], key=lambda number: number, size=5) == ([9, 8, 5, 5, 1], False)


def test_counting_stops_where_nobody_reads_on(seven) -> None:
    assert (count_of(Lead.objects.all(), 10).number, count_of(Lead.objects.all(), 10).is_more) == (7, False)
    assert (count_of(Lead.objects.all(), 5).number, count_of(Lead.objects.all(), 5).is_more) == (5, True)
