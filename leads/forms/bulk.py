from __future__ import annotations

from django.http import QueryDict

from web.paging import MAX_PAGE_SIZE


def chosen_leads(data: QueryDict) -> list[int]:
    """The ids of the ticked rows: what is no id is left out, and nobody ticks more than a page."""
    given = [value for value in data.getlist("lead") if value.isascii() and value.isdigit() and len(value) < 19]
    return [int(value) for value in given[:MAX_PAGE_SIZE]]
