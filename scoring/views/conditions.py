"""What the rows of a condition ask for while somebody fills them in."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse

from accounts.policies import guarded
from accounts.requests import UserRequest
from scoring.queries.catalog import catalog
from scoring.queries.choice_counts import leads_by_choice
from web.formats import number


@guarded("scoring.rules.edit")
def choice_counts(request: UserRequest) -> HttpResponse:
    """How many leads have each choice of a field, in words by its code; nothing for a field without choices."""
    field = catalog().fields.get(request.GET.get("field", ""))
    return JsonResponse({code: number(leads) for code, leads in leads_by_choice(field).items()} if field else {})
