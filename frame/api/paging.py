"""Pages of a list: `limit` and `cursor`, on the keyset pager of all lists.

Whoever follows `next_cursor` sees each row that is there all the time exactly once, whatever is added meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request

from frame.api.parameters import parameter_error, single
from web.paging import MAX_PAGE_SIZE, PAGE_SIZE, Cursor, Order, Page, page_of, unsigned

LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "default": PAGE_SIZE},
    description=f"How many items a page has. More than {MAX_PAGE_SIZE} are cut to {MAX_PAGE_SIZE}.",
)  # fmt: skip
CURSOR = OpenApiParameter(
    "cursor", str, description="Where the page begins: `next_cursor` of the page before. It cannot be made up."
)
PAGED = [LIMIT, CURSOR]
LONGEST_NUMBER = 18


def limit_of(request: Request) -> int:
    """How many rows a page has, cut to what one page may cost."""
    text = single(request, "limit")
    if not text:
        return PAGE_SIZE
    if not (text.isascii() and text.isdecimal() and text.strip("0") and len(text) <= LONGEST_NUMBER):
        raise parameter_error("limit", "number", _("Expected a whole number from 1 on."))
    return min(int(text), MAX_PAGE_SIZE)


def api_page(request: Request, rows: QuerySet[Any, Any], order: Order) -> Page[Any]:
    """The page that is asked for. Raises ApiError for a cursor that is not of this list and order."""
    cursor = single(request, "cursor")
    if cursor and len(unsigned(f"{rows.model._meta.label_lower} {order.name}", cursor)) != len(order.keys):
        raise cursor_error()
    return page_of(rows, order, Cursor(after=cursor), limit_of(request))


def cursor_error() -> Exception:
    return parameter_error(
        "cursor", "cursor", _("This cursor isn’t one of this list. Send next_cursor of the page before, unchanged.")
    )


def order_of(request: Request, orders: dict[str, Order], default: str) -> Order:
    """The order that is asked for by its name."""
    name = single(request, "sort") or default
    if name not in orders:
        raise parameter_error("sort", "choice", _("Choose from these: %(names)s.") % {"names": ", ".join(orders)})
    return orders[name]


def sort_parameter(orders: dict[str, Order], default: str) -> OpenApiParameter:
    return OpenApiParameter(
        "sort", str, enum=list(orders), description=f"The order of the list; `{default}` where it is not given."
    )


def page_serializer(item: type[serializers.Serializer[Any]], name: str, words: str) -> Any:
    """The shape of a page of `item`."""
    page = inline_serializer(
        name=name,
        fields={
            "items": item(many=True),
            "next_cursor": serializers.CharField(
                allow_null=True, help_text="Send it as `cursor` for the next page; null on the last one."
            ),
        },
    )
    type(page).__doc__ = words
    return page


def page_body(page: Page[Any], shown: Callable[[Any], Any]) -> dict[str, Any]:
    return {"items": [shown(row) for row in page.rows], "next_cursor": page.after or None}
