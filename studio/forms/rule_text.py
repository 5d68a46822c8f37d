"""One rule as text, for what its form cannot show; and the choice between the two."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from engine.catalog import Catalog
from scoring import yaml_text
from scoring.forms.condition import FormCannotShowError
from scoring.queries.validation import alone, canonical, language, problems_of, read_rule
from studio.draft.document import EXAMPLE, Document, Entry, RuleEdit, RulePlace, groups_of, rule_at, rules_of, with_rule
from studio.forms.document import TextForm
from studio.forms.rule import RuleForm


class RuleTextForm(TextForm):
    """The rule `at` its place, or a new one of `group`. `edit` is the document with it, once it is valid."""

    is_text: ClassVar[bool] = True

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        catalog: Catalog,
        document: Document,
        at: RulePlace | None = None,
        rule: Entry | None = None,
        group: int = 0,
    ) -> None:
        super().__init__(data, catalog=catalog, written=rule)
        self.fields["text"].widget.attrs["rows"] = 16
        self.document, self.at, self.from_group = document, at, at.group if at else group
        self.edit: RuleEdit | None = None

    def check_document(self, written: yaml_text.YamlDocument) -> None:
        problems = problems_of(alone(written.raw), self.catalog)
        for problem in problems:
            path = problem.path.removeprefix("groups[0].rules[0]").lstrip(".")
            self.add_problem(written, path, problem.text(language()))
        if problems:
            return
        rule = canonical(written.raw)
        others = rules_of(groups_of(self.document)[self.from_group])
        names = [other.get("name") for index, other in enumerate(others) if not self.at or index != self.at.rule]
        if rule["name"] in names:
            self.add_problem(written, "name", _("The name “%(name)s” is used twice.") % {"name": rule["name"]})
        else:
            self.edit = with_rule(self.document, rule, group=self.from_group, at=self.at)


def rule_form(
    data: Mapping[str, Any] | None,
    *,
    catalog: Catalog,
    document: Document,
    at: RulePlace | None,
    group: int,
    as_text: bool = False,
) -> RuleForm | RuleTextForm:
    """The form of the rule `at` its place, or of a new one in `group`; as text for a rule that the form cannot show."""
    entry = rule_at(document, at) if at else None
    if not as_text:
        try:
            rule = entry if data is None else None
            return RuleForm(data, catalog=catalog, document=document, at=at, rule=rule, group=group)
        except FormCannotShowError:
            pass
    entry = entry or EXAMPLE
    written = canonical(entry) if read_rule(entry) else entry
    return RuleTextForm(data, catalog=catalog, document=document, at=at, rule=written, group=group)
