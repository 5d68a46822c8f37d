"""Examples of the contract."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def request_example(name: str, value: Any) -> OpenApiExample:
    """What may be sent."""
    return OpenApiExample(name, value=value, request_only=True)


def answer_example(name: str, value: Any, status: str = "200") -> OpenApiExample:
    """What may be answered."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])
