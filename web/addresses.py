"""Addresses of many rows: worked out once for each route, not once for each of fifty rows."""

from __future__ import annotations

from functools import cache

from django.urls import reverse


def address_of(route: str, pk: int) -> str:
    """`reverse(route, args=[pk])` of a route with one number in it."""
    before, after = _around(route)
    return f"{before}{pk}{after}"


@cache
def _around(route: str) -> tuple[str, str]:
    """What stands before and after the number."""
    before, after = reverse(route, args=[0]).rsplit("0", 1)
    return before, after
