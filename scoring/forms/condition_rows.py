"""One row a condition: a nested condition as a flat list of rows with a depth each, so that plain controls can say it.

A row that looks at `group:all` or `group:any` opens a group: the rows behind it that stand deeper belong to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.formsets import BaseFormSet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from engine import limits
from engine.catalog import Catalog
from engine.nodes import AllOf, AnyOf, Condition, Not
from engine.parse import parse_condition
from scoring.forms.condition import GROUPS, ConditionForm, FormCannotShowError, initial_row

Plan = tuple[list[dict[str, Any]], list[tuple[str, ConditionForm]]]
"""The outermost conditions as the language writes them, and every row with its path: `[1].any[0]`."""


class ConditionRows(BaseFormSet):  # type: ignore[type-arg]
    """The rows of one condition. Rows without a subject are left out, as are those marked for removal."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "missing_management_form": _("The form was incomplete. Try again."),
        "too_many_forms": _("At most %(num)d conditions are possible. Remove some."),
    }

    @cached_property
    def plan(self) -> Plan:
        """What the rows say, read once: a problem marked at a row takes what was typed there out of its clean data."""
        return build_tree([row for row in self.forms if not row.cleaned_data.get("DELETE") and row.raw is not None])

    def kept(self) -> list[ConditionForm]:
        return [row for _path, row in self.plan[1]]

    def complaints(self) -> list[str]:
        """What is wrong with the list; where it is only with rows, a word that sends the reader there."""
        whole = [str(words) for words in self.non_form_errors()]
        marked = any(row.errors for row in self.forms)
        return whole or ([str(_("Check the highlighted conditions. Nothing has been saved yet."))] if marked else [])

    def add_fields(self, form: ConditionForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")

    def raw(self, joined: str) -> dict[str, Any] | None:
        """The whole condition: `all` or `any` of the outermost rows, or the only one by itself."""
        rows = self.plan[0]
        if len(rows) < 2:
            return rows[0] if rows else None
        return {joined if joined in GROUPS else "all": rows}

    def mark(self, place: str, words: str) -> bool:
        """Put a problem on the row it speaks of; whether there was such a row. `place` begins under the condition."""
        rows, paths = self.plan
        place = re.sub(r"^(?:all|any)(?=\[)", "", place) if len(rows) > 1 else f"[0].{place}"
        above = [(path, row) for path, row in paths if place == path or place.startswith((f"{path}.", f"{path}["))]
        if not above:
            return False
        path, row = max(above, key=lambda path_and_row: len(path_and_row[0]))
        row.mark(place.removeprefix(path).lstrip("."), words)
        return True


def build_tree(rows: list[ConditionForm]) -> Plan:
    """The tree that the rows say by their depths, and each row with its path in it: `[1].any[0]`.

    A row that stands deeper than any group above it allows belongs to the group above it.
    """
    outermost: list[dict[str, Any]] = []
    open_groups, paths = [(-1, "", outermost)], []
    for row in rows:
        while len(open_groups) > 1 and open_groups[-1][0] >= row.depth:
            open_groups.pop()
        _depth, above, members = open_groups[-1]
        raw, path = row.raw or {}, f"{above}[{len(members)}]"
        members.append(raw)
        paths.append((path, row))
        if row.opens:
            inner = raw.get("not", raw)
            negation = ".not" if "not" in raw else ""
            open_groups.append((row.depth, f"{path}{negation}.{row.opens}", inner[row.opens]))
    return outermost, paths


Rows = forms.formset_factory(
    ConditionForm,
    formset=ConditionRows,
    extra=0,
    can_delete=True,
    max_num=limits.MAX_LEAVES,
    absolute_max=limits.MAX_LEAVES + 10,
)


def rows_for(
    data: Mapping[str, Any] | None,
    *,
    prefix: str,
    catalog: Catalog,
    scores: bool = False,
    when: Condition | None = None,
) -> ConditionRows:
    """The rows as posted, or as they stand for `when` (one empty row for none). Raises FormCannotShowError."""
    first = [] if data is not None else initial_rows(when, catalog, scores=scores)
    options = {"catalog": catalog, "scores": scores}
    return Rows(data, prefix=prefix, initial=first or [{"count": "1"}], form_kwargs=options)  # type: ignore[return-value]


def initial_rows(when: Condition | None, catalog: Catalog, *, scores: bool) -> list[dict[str, Any]]:
    """The rows that say `when`. Raises FormCannotShowError when they, sent back untouched, would say something else."""
    parts = when.parts if isinstance(when, AllOf | AnyOf) else (when,) if when else ()
    rows = [row for part in parts for row in _rows(part, 0)]
    if len(rows) > limits.MAX_LEAVES:
        raise FormCannotShowError
    sent = [
        ConditionForm({name: value for name, value in row.items() if value}, catalog=catalog, scores=scores)
        for row in rows
    ]
    if not all(form.is_valid() for form in sent):
        raise FormCannotShowError
    if tuple(parse_condition(raw)[0] for raw in build_tree(sent)[0]) != tuple(parts):
        raise FormCannotShowError
    return rows


def _rows(node: Condition, level: int) -> Iterator[dict[str, Any]]:
    """One condition as rows: a group is its own row, then its members one step deeper."""
    part = node.part if isinstance(node, Not) else node
    if not isinstance(part, AllOf | AnyOf):
        yield initial_row(node) | {"level": level}
        return
    yield {"subject": f"group:{joined_by(part)}", "negate": part is not node, "level": level}
    for member in part.parts:
        yield from _rows(member, level + 1)


def joined_by(when: Condition | None) -> str:
    return "any" if isinstance(when, AnyOf) else "all"
