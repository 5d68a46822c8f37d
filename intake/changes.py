"""What the API may be told of a lead or a company that is named by its id: the cleaners are those of a new one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from frame.api.problems import ApiError
from intake.actions.upsert import LeadValues
from intake.payloads import ProblemList, clean_identity, clean_values
from leads.actions.identification import Identity

NAMES = ("email", "external_id")


def clean_lead_changes(row: Any, *, now: datetime) -> tuple[Identity, LeadValues]:
    """The new names of a lead, if any, and what is said of it. Raises ApiError with everything that is wrong."""
    problems, identity, values = ProblemList("", []), Identity(), LeadValues()
    if not isinstance(row, dict):
        problems.add("", "shape", _("Expected an object."))
    else:
        names = {name: row[name] for name in NAMES if row.get(name) not in (None, "")}
        identity = (clean_identity(names, problems, where="") if names else None) or Identity()
        values = clean_values({name: row[name] for name in row if name not in NAMES}, now, problems)
    if problems.entries:
        raise ApiError(
            _("The lead can’t be saved. Correct the fields listed under problems and send it again."), problems.entries
        )
    return identity, values


def clean_company(row: Any, *, now: datetime, is_new: bool = False) -> dict[str, Any]:
    """What is said of a company, as of a lead’s; of a new one its name, too. Raises ApiError with all that is wrong."""
    problems, values = ProblemList("", []), LeadValues()
    if not isinstance(row, dict):
        problems.add("", "shape", _("Expected an object."))
    else:
        inner = ProblemList("", [])
        values = clean_values({"company": row}, now, inner)
        for problem in inner.entries:
            problems.add(problem.where.removeprefix("company").lstrip("."), problem.code, problem.text)
        if (is_new or "name" in row) and not values.company.get("name") and not problems.entries:
            problems.add("name", "required", _("Required."))
    if problems.entries:
        raise ApiError(
            _("The company can’t be saved. Correct the fields listed under problems and send it again."),
            problems.entries,
        )
    return {**values.company, "custom": dict(values.company_custom)}
