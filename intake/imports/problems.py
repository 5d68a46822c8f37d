"""What can be wrong with a file, a mapping or a row: stored as codes, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.errors import IntakeError
from web.cleaning import OUT_OF_BOUNDS

Words = str | Promise

# What is wrong with one cell or one row.
ROW: dict[str, Words] = {
    "no_identity": gettext_lazy("There is nothing in the column that says who this is."),
    "cells": gettext_lazy("The row has %(found)s cells, the header has %(expected)s."),
    "too_long": gettext_lazy("Longer than %(max)s characters."),
    "nul": gettext_lazy("Contains a NUL character."),
    "email": gettext_lazy("“%(value)s” is not an e-mail address."),
    "integer": gettext_lazy("“%(value)s” is not a whole number."),
    "decimal": gettext_lazy("“%(value)s” is not a number."),
    "range": gettext_lazy("“%(value)s” is too small or too large."),
    "date": gettext_lazy("“%(value)s” is not a date. Write the year first, such as 2026-11-22 or 2026年11月22日."),
    "no_such_date": gettext_lazy("The date “%(value)s” does not exist."),
    "time": gettext_lazy("“%(value)s” is not a date and time. Write the year first, such as 2026-11-22 10:15."),
    "future": gettext_lazy("“%(value)s” lies in the future."),
    "out_of_bounds": OUT_OF_BOUNDS,
    "boolean": gettext_lazy("“%(value)s” is neither yes nor no."),
    "choice": gettext_lazy("“%(value)s” is none of: %(choices)s."),
    "source_code": gettext_lazy("“%(value)s” cannot be made a source."),
    "too_many_sources": gettext_lazy(
        "“%(value)s” would be one of more than %(max)s new sources. Is this the right column?"
    ),
    "email_taken": gettext_lazy("The e-mail address belongs to another lead already."),
    "external_id_taken": gettext_lazy("The external id belongs to another lead already."),
    "not_yours": gettext_lazy("The lead belongs to another team."),
    "unknown_lead": gettext_lazy("No lead is known by this."),
    "no_type": gettext_lazy("The kind of activity is missing."),
    "no_time": gettext_lazy("The time of the activity is missing."),
    "no_result": gettext_lazy("The result is missing."),
    "currency": gettext_lazy("“%(value)s” is no currency we know. Write it like JPY."),
    "too_exact": gettext_lazy("“%(value)s” has more decimals than %(currency)s has."),
    "known_already": gettext_lazy("Known already."),
    "stage_kept": gettext_lazy("The lead was here already: its stage stays as it is."),
    "former_name": gettext_lazy("“%(value)s” is an earlier name of this lead: the one it has today stays."),
    # What undoing could not take back, and why.
    "kept_changed": gettext_lazy("Kept: somebody changed the lead since."),
    "kept_activity": gettext_lazy("Kept: the lead has other activities."),
    "kept_worked_on": gettext_lazy("Kept: sales is working on the lead."),
    "value_changed": gettext_lazy("%(field)s stays: it was changed since."),
    "value_taken": gettext_lazy("%(field)s stays: the old value belongs to another lead now."),
}

# What keeps a whole file out.
FILE: dict[str, Words] = {
    "empty": gettext_lazy("The file is empty."),
    "header_only": gettext_lazy("The file has a header but no rows under it."),
    "too_big": gettext_lazy("The file is larger than %(max)s MB. Split it, or use the command import_leads."),
    "kind": gettext_lazy("Only CSV and XLSX files can be imported."),
    "not_xlsx": gettext_lazy("The file is called .xlsx but is no Excel file. Save it again in Excel, or as CSV."),
    "is_xlsx": gettext_lazy("This is an Excel file under another name. Rename it to .xlsx."),
    "old_excel": gettext_lazy("This is an old Excel file (.xls). Save it as .xlsx or as CSV."),
    "xlsx_bomb": gettext_lazy("The Excel file unpacks to more than this can hold. Save the sheet as CSV."),
    "xlsx_password": gettext_lazy("The Excel file is protected by a password."),
    "xlsx_broken": gettext_lazy("The Excel file is damaged. Save it again in Excel, or as CSV."),
    "binary": gettext_lazy("This is not a text file: it contains NUL bytes."),
    "encoding": gettext_lazy(
        "The text is neither UTF-8 nor Shift_JIS (CP932) nor EUC-JP. Save it as “CSV UTF-8” and try again."
    ),
    "not_in_encoding": gettext_lazy("The file cannot be read as %(encoding)s."),
    "columns": gettext_lazy("The file has %(found)s columns. At most %(max)s can be read."),
    "duplicate_header": gettext_lazy("Two columns have the same name: %(names)s. Rename one."),
    "malformed": gettext_lazy("Line %(line)s is not correct CSV: a quotation mark is missing or in the wrong place."),
    "unexpected": gettext_lazy("Something went wrong on our side. What is stored so far stays and can be taken back."),
    "endless_cell": gettext_lazy("The cell that begins in line %(line)s has no end: a quotation mark is missing."),
}

# What is wrong with a mapping; each comes with its path.
MAPPING: dict[str, Words] = {
    "not_a_mapping": gettext_lazy("Expected names with values."),
    "yaml": gettext_lazy("This is not correct YAML: %(detail)s"),
    "unknown_key": gettext_lazy("There is no such setting. Known are: %(known)s."),
    "needed": gettext_lazy("This is needed."),
    "text": gettext_lazy("Expected a text."),
    "identity": gettext_lazy("Choose email or external_id."),
    "identity_not_mapped": gettext_lazy("No column is mapped to lead.%(field)s, which says who is who."),
    "unknown_column": gettext_lazy("The file has no column “%(column)s”."),
    "unknown_field": gettext_lazy("There is no field “%(field)s”."),
    "unknown_field_near": gettext_lazy("There is no field “%(field)s”. Do you mean %(near)s?"),
    "mapped_twice": gettext_lazy("%(field)s is filled twice: by %(first)s and by %(second)s."),
    "constant_identity": gettext_lazy("One value for every row cannot say who is who."),
    "values_not_mapped": gettext_lazy("%(field)s is not mapped, so its values cannot be translated."),
    "unknown_type": gettext_lazy("There is no activity type “%(type)s”."),
    "property_name": gettext_lazy("Use small letters, digits and _ in the name of a property."),
    "timezone": gettext_lazy("“%(name)s” is no time zone. Write it like Asia/Tokyo."),
    "nothing_mapped": gettext_lazy("No column is mapped yet."),
    "company_name": gettext_lazy("Company fields need company.name, which says which company is meant."),
}

WORDS = ROW | FILE | MAPPING


def words_of(code: str, params: Mapping[str, Any]) -> str:
    """The problem in the language that is active now."""
    text = str(WORDS.get(code, code))
    try:
        return text % params
    except (KeyError, TypeError, ValueError):
        return text


class UnreadableFileError(IntakeError):
    """A file that cannot be imported at all, and why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code, self.params = code, params

    def __str__(self) -> str:
        return words_of(self.code, self.params)


RowProblem = dict[str, Any]
"""As stored: code, params, and the column it is about ("" for the row)."""


def row_problem(code: str, column: str = "", **params: Any) -> RowProblem:
    return {"code": code, "column": column, **({"params": params} if params else {})}


def problem_text(problem: RowProblem) -> str:
    """The stored problem of a row in words, its column first."""
    words = words_of(str(problem.get("code", "")), problem.get("params", {}))
    column = problem.get("column")
    return _("%(column)s: %(problem)s") % {"column": column, "problem": words} if column else words
