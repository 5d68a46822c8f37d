"""The query of an address: what an endpoint knows is read, and everything else is refused with its name.

No name of a field, lookup or order ever comes from an address: each is looked up in what the endpoint offers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from frame.api.problems import ApiError, ApiProblem

FIELDS = OpenApiParameter(
    "fields", str, description="Only these members of each item, with commas between: `id,email,stage`."
)


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raise ApiError for each parameter that the endpoint does not know: a misspelt filter must not list everybody."""
    unknown = sorted(request.query_params.keys() - set(known))
    if unknown:
        problems = [
            ApiProblem(where=name[:80], code="unknown_parameter", text=_("There’s no such parameter."))
            for name in unknown
        ]
        raise ApiError(
            _("The address has parameters that aren’t known. Correct their names or leave them out."), problems
        )


def single(request: Request, name: str, default: str = "") -> str:
    """A parameter that is given once at most."""
    values = request.query_params.getlist(name)
    if len(values) > 1:
        raise parameter_error(name, "repeated", _("Send it once."))
    return values[0] if values else default


def parameter_error(name: str, code: str, text: str) -> ApiError:
    return ApiError(text, [ApiProblem(where=name, code=code, text=text)])


def filtered(filters: FilterSet) -> Any:
    """The rows that the filters leave. Raises ApiError with what cannot be read, each at its parameter.

    Reading `qs` first: some filters find out only then what is wrong.
    """
    filters.form.is_valid()
    rows = filters.qs if not filters.form.errors else None
    if filters.form.errors:
        raise ApiError(
            _("The filters can’t be read. Correct the values listed under problems."),
            [
                ApiProblem(where=name, code="invalid", text=str(text))
                for name, texts in filters.form.errors.items()
                for text in texts
            ],
        )
    return rows


def selected_fields(request: Request, known: Sequence[str]) -> list[str] | None:
    """The members that are asked for; None for all of them. The id always belongs to it."""
    text = single(request, "fields")
    if not text:
        return None
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in known]
    if unknown:
        offered = ", ".join(known)
        problems = [
            ApiProblem(
                where="fields", code="unknown_field", text=_("There’s no such field: %(name)s.") % {"name": name[:80]}
            )
            for name in unknown[:20]
        ]
        raise ApiError(_("Choose from these fields: %(names)s.") % {"names": offered}, problems)
    return ["id", *names] if "id" in known and "id" not in names else names


def sparse(row: Mapping[str, Any], fields: Sequence[str] | None) -> dict[str, Any]:
    """Only the members that were asked for."""
    return dict(row) if fields is None else {name: row[name] for name in row if name in fields}
