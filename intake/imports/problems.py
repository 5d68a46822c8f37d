"""What can be wrong with a file, a mapping or a row: stored as codes, shown in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from intake.errors import IntakeError
from web.cleaning import OUT_OF_BOUNDS
from web.formats import number

Words = str | Promise

ERASED = "erased"  # the code of rows that stay out for good and whose cells nobody keeps

# What the fields are called, by their names; `fields` adds them.
FIELD_LABELS: dict[str, Words] = {}

# What is wrong with one cell or one row.
ROW_PROBLEMS: dict[str, Words] = {
    "no_identity": gettext_lazy(
        "Nothing says who this is. Enter an email, an ID, a phone number, or a name with a company."
    ),
    "cells": gettext_lazy(
        "The row has %(found)s cells, the header has %(expected)s. Quote texts with the delimiter, or remove cells."
    ),
    "too_long": gettext_lazy("Longer than %(max)s characters. Shorten it."),
    "nul": gettext_lazy("Contains a NUL character. Remove it."),
    "email": gettext_lazy("“%(value)s” isn’t an email address. Write it like name@example.com."),
    "integer": gettext_lazy("“%(value)s” isn’t a whole number. Write digits only, such as 300."),
    "decimal": gettext_lazy("“%(value)s” isn’t a number. Enter digits only."),
    "range": gettext_lazy("“%(value)s” is out of range. Check the number and its unit."),
    "date": gettext_lazy(
        "“%(value)s” can’t be read as a date. Write the year first, like 2026-11-22 or 2026年11月22日."
    ),
    "no_such_date": gettext_lazy("The date “%(value)s” doesn’t exist. Check the day and the month."),
    "time": gettext_lazy("“%(value)s” can’t be read as a date and time. Write the year first, like 2026-11-22 10:15."),
    "future": gettext_lazy("“%(value)s” is in the future. Enter when it happened."),
    "out_of_bounds": OUT_OF_BOUNDS,
    "date_order": gettext_lazy("“%(value)s” can be two different days. Choose the order of dates for this file."),
    "no_year": gettext_lazy("“%(value)s” has no year. Choose the year of such dates for this file, or write it."),
    "boolean": gettext_lazy("“%(value)s” isn’t yes or no. Write yes or no, or 1 or 0."),
    "choice": gettext_lazy("“%(value)s” isn’t one of: %(choices)s."),
    "source_code": gettext_lazy("“%(value)s” can’t be used as a source. Enter a shorter name of letters and digits."),
    "too_many_sources": gettext_lazy(
        "“%(value)s” would create more than %(max)s new sources. Check the column mapping."
    ),
    "email_taken": gettext_lazy(
        "Another lead already has this email address. Merge the two leads, or enter another address."
    ),
    "external_id_taken": gettext_lazy(
        "Another lead already has this external ID. Merge the two leads, or enter another ID."
    ),
    "not_yours": gettext_lazy("The lead belongs to another team. Ask that team’s manager, or remove the row."),
    "unknown_lead": gettext_lazy("No lead has this value. Check it, or import the lead first."),
    "erased": gettext_lazy("The person’s data was erased. The row stays out, and its cells are not kept."),
    "no_type": gettext_lazy(
        "The activity type is missing. Enter one in this row, or choose one for all rows in the mapping."
    ),
    "no_time": gettext_lazy("The time is missing. Enter when it happened."),
    "no_result": gettext_lazy("The result is missing. Enter won or lost."),
    "currency": gettext_lazy("“%(value)s” isn’t a supported currency. Write it like JPY."),
    "too_exact": gettext_lazy("“%(value)s” has more decimals than %(currency)s allows. Round it."),
    "owner": gettext_lazy(
        "No active user is called “%(value)s”. Enter the user’s email address, or leave the cell empty."
    ),
}

# How a cell was read, or why it stays as it is: the row comes in all the same.
REMARKS: dict[str, Words] = {
    "no_amount": gettext_lazy("No deal amount. It comes in as won, with the amount not known yet."),
    "known_already": gettext_lazy("Already exists."),
    "stage_kept": gettext_lazy("The lead already existed; its stage is unchanged."),
    "former_name": gettext_lazy("“%(value)s” belongs to a lead merged into this one. The current value was kept."),
    "year_added": gettext_lazy("“%(value)s” is read as %(day)s."),
    "approximate": gettext_lazy("“%(value)s” is read as %(number)s."),
    "lower_end": gettext_lazy("“%(value)s” is read as %(number)s, the lower end."),
    "rounded": gettext_lazy("“%(value)s” is rounded down to %(number)s."),
    "dots": gettext_lazy("“%(value)s” is read as %(number)s: the dots separate thousands."),
    "seldom_reached": gettext_lazy("Many email servers can’t deliver to “%(value)s”. Check the address."),
    "zero_lost": gettext_lazy("The leading 0 of “%(value)s” may be missing. Check the number."),
    "cells_beyond": gettext_lazy("Cells to the right of the last column are left out."),
    "refused": gettext_lazy("“%(value)s” is read as a refusal of contact: no consent."),
    "consent_kept": gettext_lazy("Contact was refused earlier. A file can’t change that."),
    "owner_kept": gettext_lazy("The lead already has an owner, who stays."),
    "owner_not_yours": gettext_lazy("The owner is in another team, so the lead has none yet."),
    "shared_address": gettext_lazy("%(other)s has the same email, so the row becomes another lead without it."),
    "name_replaced": gettext_lazy("The lead was called “%(value)s” before."),
    "company_only": gettext_lazy("No person in this row: only the company is imported."),
    "level_derived": gettext_lazy("The title level is read from the job title."),
    "erased_since": gettext_lazy("The person’s data was erased after the import."),
    # What undoing could not take back, and why.
    "kept_changed": gettext_lazy("Kept: changed after the import."),
    "kept_activity": gettext_lazy("Kept: the lead has other activities."),
    "kept_worked_on": gettext_lazy("Kept: sales is working on the lead."),
    "value_changed": gettext_lazy("%(field)s was kept: it changed after the import."),
    "value_taken": gettext_lazy("%(field)s was kept: another lead now has the old value."),
}

# What is said of many rows at once, whose cells differ: the kind, before examples.
GROUPS: dict[str, Words] = {
    "lower_end": gettext_lazy("Ranges and limits are read as their lower end"),
    "approximate": gettext_lazy("About how many is read as a number"),
    "rounded": gettext_lazy("Numbers are rounded down"),
    "year_added": gettext_lazy("Dates without a year get one"),
    "email": gettext_lazy("Not an email address"),
    "integer": gettext_lazy("Not a whole number"),
    "date": gettext_lazy("Can’t be read as a date"),
    "boolean": gettext_lazy("Neither yes nor no"),
    "choice": gettext_lazy("Not one of the known values"),
    "refused": gettext_lazy("Read as a refusal of contact: no consent"),
}

# What keeps a whole file out.
FILE_PROBLEMS: dict[str, Words] = {
    "empty": gettext_lazy("The file is empty. Choose another, with column names and data."),
    "header_only": gettext_lazy(
        "The file has a header row but no data. Choose a file with data, or say in which row the header is."
    ),
    "too_big": gettext_lazy("The file is larger than %(max)s MB. Split it, or use the import_leads command."),
    "kind": gettext_lazy("Only CSV and XLSX files can be imported. Save the table as one of these."),
    "not_xlsx": gettext_lazy("The file is named .xlsx but isn’t an Excel file. Save it again in Excel, or as CSV."),
    "is_xlsx": gettext_lazy("This is an Excel file with another extension. Rename it to .xlsx."),
    "old_excel": gettext_lazy("This is an old Excel file (.xls). Save it as .xlsx or CSV."),
    "xlsx_bomb": gettext_lazy("The Excel file is too large when unpacked. Save the sheet as CSV."),
    "xlsx_password": gettext_lazy("The Excel file is password-protected. Remove the password and try again."),
    "xlsx_broken": gettext_lazy("The Excel file is damaged. Save it again in Excel, or as CSV."),
    "binary": gettext_lazy("This isn’t a text file: it contains NUL bytes. Export the table again as CSV or XLSX."),
    "encoding": gettext_lazy("The text can’t be read as any of: %(encodings)s. Save it as “CSV UTF-8” and try again."),
    "not_in_encoding": gettext_lazy("The file can’t be read as %(encoding)s. Choose another encoding."),
    "columns": gettext_lazy("The file has %(found)s columns; the limit is %(max)s. Remove some."),
    "malformed": gettext_lazy(
        "Line %(line)s isn’t valid CSV: a quotation mark is missing or misplaced. Correct it, or save as CSV again."
    ),
    "unexpected": gettext_lazy(
        "A system error occurred. What was saved so far is kept. Continue the import, or undo it; "
        "if this happens again, tell your administrator."
    ),
    "endless_cell": gettext_lazy(
        "The cell that starts on line %(line)s isn’t closed: a quotation mark is missing. Add it at the cell’s end."
    ),
}

# What is wrong with a mapping; each comes with its path.
MAPPING_PROBLEMS: dict[str, Words] = {
    "not_a_mapping": gettext_lazy("Expected a list of names and values."),
    "yaml": gettext_lazy("This isn’t valid YAML: %(detail)s. Correct that place."),
    "unknown_key": gettext_lazy("There’s no such setting. Available: %(known)s."),
    "needed": gettext_lazy("Required. Map a column to it, or set a value for all rows."),
    "text": gettext_lazy("Expected text."),
    "identity": gettext_lazy("Choose email, external_id or id."),
    "identity_not_mapped": gettext_lazy("Map a column to %(field)s. It identifies the lead."),
    "nobody_mapped": gettext_lazy("Map a column that says who this is: an email, ID, name, phone or company."),
    "unknown_column": gettext_lazy("The file has no column “%(column)s”. Use a name from the header row."),
    "unknown_field": gettext_lazy("There’s no field “%(field)s”. Choose one of the fields offered in the import."),
    "unknown_field_near": gettext_lazy("There’s no field “%(field)s”. Did you mean %(near)s?"),
    "mapped_twice": gettext_lazy("%(field)s is filled twice: by %(first)s and %(second)s. Keep one."),
    "constant_identity": gettext_lazy("A fixed value can’t identify leads. Choose a column."),
    "values_not_mapped": gettext_lazy(
        "%(field)s isn’t mapped, so its values can’t be translated. Map a column to it first."
    ),
    "unknown_type": gettext_lazy("There’s no activity type “%(type)s”. Use an existing one, or create it in Settings."),
    "property_name": gettext_lazy("Use only lowercase letters, digits and _ in property names, with a letter first."),
    "dates": gettext_lazy("Choose dmy, mdy or ymd."),
    "year": gettext_lazy("Choose past, next or a year such as 2026."),
    "names": gettext_lazy("Choose family_first or given_first."),
    "addresses": gettext_lazy("Choose mailbox, people or person."),
    "list": gettext_lazy("Expected a list of texts."),
    "timezone": gettext_lazy("“%(name)s” isn’t a time zone. Write it like Asia/Tokyo."),
    "nothing_mapped": gettext_lazy("No columns mapped yet. Choose what at least one column is imported as."),
    "company_name": gettext_lazy("Map a column to the company name. Without it, company fields can’t be imported."),
}

ROW = ROW_PROBLEMS | REMARKS
WORDS = ROW | FILE_PROBLEMS | MAPPING_PROBLEMS


def words_of(code: str, params: Mapping[str, Any]) -> str:
    """The problem in the language that is active now; fields are called by their labels."""
    text = str(WORDS.get(code, code))
    if "field" in params and not code.startswith("unknown_field"):
        params = {**params, "field": field_words(str(params["field"]))}
    try:
        return text % {name: number(value) if isinstance(value, int) else value for name, value in params.items()}
    except (KeyError, TypeError, ValueError):
        return text


def field_words(name: str) -> str:
    """The label of a field, or of a column of leads and companies; its own name where nobody calls it otherwise."""
    label = FIELD_LABELS.get(name) or FIELD_LABELS.get(f"lead.{name}") or FIELD_LABELS.get(f"company.{name}")
    return str(label or name)


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


def group_text(problems: Sequence[RowProblem]) -> str:
    """Different problems of one kind and one column: the kind, and each as an example."""
    first = problems[0]
    kind = GROUPS.get(str(first.get("code", "")))
    if kind is None or len(problems) == 1:
        return problem_text(first)
    examples = []
    for problem in problems:
        params = problem.get("params", {})
        read = params.get("number", params.get("day"))
        value = f"“{params.get('value', '')}”"
        examples.append(value if read is None else f"{value} → {number(read) if isinstance(read, int) else read}")
    words = _("%(kind)s: %(examples)s") % {"kind": kind, "examples": ", ".join(examples)}
    column = first.get("column")
    return _("%(column)s: %(problem)s") % {"column": column, "problem": words} if column else words
