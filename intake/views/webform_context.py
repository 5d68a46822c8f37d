"""What the pages of a form show: the draft's state, its fields with what they write, and who reads that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake.forms.form_conditions import ConditionLine, condition_lines, join_of, operator_choices
from intake.forms.webform import options_text
from intake.models import WebForm
from intake.queries.submissions import FieldCount, funnel_of
from intake.webforms.document import LANGUAGES, TEXTS, Bilingual, FormDocument, FormField
from intake.webforms.guards import test_mark
from intake.webforms.lint import LANGUAGE_NAMES, TEXT_NAMES, FormProblem, missing_in, problems_of
from intake.webforms.readers import rules_reading
from intake.webforms.targets import IDENTITY, QUESTION, FieldKind, FormTarget, target_of, targets
from leads.models import ActivityType
from web.formats import listed

MOST_RULES = 3


@dataclass(frozen=True, kw_only=True)
class FieldRow:
    """One field of the builder in ready words."""

    field: FormField
    writes: str
    rules: str
    options: str
    takes_options: bool
    is_identity: bool
    problems: list[FormProblem]
    count: FieldCount
    conditions: list[tuple[str, str, list[ConditionLine]]]

    @property
    def name(self) -> str:
        return self.field.label.say(get_language() or "ja") or self.field.code


def state_context(webform: WebForm) -> dict[str, Any]:
    """What is said beside the fields: saved when, which languages are complete, what must be corrected."""
    document = FormDocument.of(webform.draft)
    problems = problems_of(document, targets())
    names = {each.code: each.label.say(get_language() or "ja") or each.code for each in document.fields}
    return {
        "webform": webform,
        "document": document,
        "problems": [(problem, names.get(problem.where, "")) for problem in problems],
        "is_sound": not any(problem.blocks for problem in problems),
        "is_changed": webform.published is None or webform.published.document != webform.draft,
        "languages": [
            (LANGUAGE_NAMES[each], each in document.languages, missing_in(problems, each)) for each in LANGUAGES
        ],
        "sighting": webform.sightings.order_by("-seen_at").first(),
    }


def builder_context(webform: WebForm) -> dict[str, Any]:
    """The whole builder."""
    context = state_context(webform)
    document: FormDocument = context["document"]
    known = targets()
    rules = rules_reading([each.writes for each in document.fields])
    problems = defaultdict(list)
    for problem, _name in context["problems"]:
        problems[problem.where].append(problem)
    funnel = funnel_of(webform, timezone.localdate())
    nobody = FieldCount()
    return context | {
        "funnel": funnel,
        "test": test_mark(webform),
        "rows": [
            _row(each, known, rules[each.writes], problems[each.code], funnel.fields.get(each.code, nobody))
            for each in document.fields
        ],
        "texts": [(name, TEXT_NAMES[name], document.texts.get(name, Bilingual())) for name in TEXTS],
        "shelf": [each for each in known.values() if each.is_often and not any(document.writing(each.name))],
        "known": [str(each.label) for each in known.values()],
        "operators": operator_choices(),
        "activities": ActivityType.objects.filter(is_active=True),
    }


def _row(
    field: FormField, known: dict[str, FormTarget], rules: list[str], problems: list[FormProblem], count: FieldCount
) -> FieldRow:
    target = target_of(field, known)
    kind = target.kind if target else FieldKind.TEXT
    more = len(rules) - MOST_RULES
    named = [*rules[:MOST_RULES], *([_("%(n)s more") % {"n": more}] if more > 0 else [])]
    return FieldRow(
        field=field,
        writes=_writes(field, target),
        rules=listed(named),
        options=options_text(field),
        takes_options=kind in (FieldKind.TEXT, FieldKind.NUMBER, FieldKind.CHOICE),
        is_identity=field.writes in IDENTITY,
        problems=problems,
        count=count,
        conditions=[
            ("when", join_of(field.when), condition_lines(field.when)),
            ("need", join_of(field.required_when), condition_lines(field.required_when)),
        ],
    )


def _writes(field: FormField, target: FormTarget | None) -> str:
    """What the field fills, in words."""
    if field.writes.startswith(QUESTION):
        return _("property %(name)s of the activity") % {"name": field.writes.removeprefix(QUESTION)}
    return str(target.label) if target else field.writes
