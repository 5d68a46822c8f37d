"""Bodies of requests: their shape by a serializer, what belongs together by the form of the page that does the same."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from rest_framework import serializers

from frame.api.problems import ApiError, ApiProblem
from frame.api.requests import KeyRequest


def cleaned(
    request: KeyRequest, serializer: type[serializers.Serializer[Any]], *, partial: bool = False
) -> dict[str, Any]:
    """The body in its shape. Raises ValidationError."""
    body = serializer(data=request.data, partial=partial)
    body.is_valid(raise_exception=True)
    return dict(body.validated_data)


def as_the_page_takes_it(form: forms.BaseForm, names: dict[str, str] | None = None) -> dict[str, Any]:
    """What the page's own form makes of it. Raises ApiError with its words, each at its field.

    `names` are those that the API has for fields of the form.
    """
    if not form.is_valid():
        shown = {NON_FIELD_ERRORS: ""} | (names or {})
        problems = [
            ApiProblem(where=shown.get(name, name), code="invalid", text=str(text))
            for name, texts in form.errors.items()
            for text in texts
        ]
        raise ApiError(problems[0].text, problems)
    return form.cleaned_data
