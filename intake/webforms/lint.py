"""What is wrong with a form before it is published. What blocks must be corrected; the rest is worth a look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from intake.imports.fields import CONSENT, ENQUIRY, CleaningContext
from intake.imports.problems import Words
from intake.webforms.document import NEEDED_TEXTS, FormDocument, FormField
from intake.webforms.targets import EMAIL, IDENTITY, QUESTION, FieldKind, FormTarget, kind_of, target_of
from leads.models import ActivityType
from web.cleaning import CleaningError

MOST_FIELDS, MOST_OPTIONS = 60, 300
SEVERAL = frozenset({ENQUIRY})  # that several fields may write

LANGUAGE_NAMES: Mapping[str, Words] = {"ja": _("Japanese"), "en": _("English")}
WORDS: Mapping[str, Words] = {
    "no_fields": _("The form asks nothing yet. Add a field."),
    "too_many_fields": _("A form can have up to %(max)s fields. Remove some."),
    "no_identity": _("Nothing says who sends it. Add the email or the phone number."),
    "identity_optional": _("Email and phone can both be left empty. Make one of them required."),
    "identity_hidden": _("What says who sends it must always be shown. Remove the condition."),
    "no_text": _("“%(text)s” is missing in %(language)s."),
    "no_label": _("The label is missing in %(language)s."),
    "no_help": _("The help text is missing in %(language)s."),
    "no_option_label": _("The option “%(option)s” has no name in %(language)s."),
    "unknown_target": _("What this field wrote no longer exists. Remove the field."),
    "unknown_option": _("“%(option)s” isn’t a value that can be stored here. Remove it."),
    "option_twice": _("The option “%(option)s” is there twice."),
    "no_options": _("There is nothing to choose from. Enter the options."),
    "too_many_options": _("A field can have up to %(max)s options. Remove some."),
    "written_twice": _("Two fields write the same. Remove one of them."),
    "unknown_activity": _("The activity type isn’t in use. Choose another one."),
    "opt_in_without_email": _("A confirmation email needs the email as a required field."),
    "unsound_condition": _("The condition names a field or a value that isn’t there. Choose it again."),
    "circle": _("Whether this field is shown depends on itself, by way of others. Remove one of the conditions."),
    "never_shown": _("No answer ever shows this field."),
    "always_shown": _("Every answer shows this field. The condition changes nothing."),
    "never_required": _("No answer ever makes this field required."),
    "required_but_hidden": _("Some answers make this field required while it is hidden. Then it isn’t asked."),
    "no_consent": _("The form doesn’t ask for consent to contact. Consent stays unknown."),
}
REMARKS = frozenset({"no_consent", "always_shown", "never_required", "required_but_hidden"})
TEXT_NAMES: Mapping[str, Words] = {
    "title": _("Title of the form"),
    "intro": _("Text above the fields"),
    "submit": _("Words on the button"),
    "thanks": _("Text after sending"),
}


@dataclass(frozen=True, kw_only=True)
class FormProblem:
    """Something to correct: in a field, by its code, or in the form as a whole."""

    code: str
    where: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        return self.code not in REMARKS

    @property
    def text(self) -> str:
        return str(WORDS[self.code]) % self.params


Check = Callable[[FormDocument, Mapping[str, FormTarget]], Iterator[FormProblem]]
_checks: list[Check] = []


def problems_of(document: FormDocument, known: Mapping[str, FormTarget]) -> list[FormProblem]:
    """Everything that is wrong, in the order of the page."""
    found = [problem for check in _checks for problem in check(document, known)]
    places = {each.code: place for place, each in enumerate(document.fields)}
    return sorted(found, key=lambda problem: places.get(problem.where, -1))


def missing_in(problems: list[FormProblem], language: str) -> int:
    """How many texts are missing in a language."""
    return sum(problem.params.get("code") == language for problem in problems)


def checking(check: Check) -> Check:
    _checks.append(check)
    return check


def _missing(code: str, language: str, name: str = "", **params: Any) -> FormProblem:
    words = {"language": LANGUAGE_NAMES[language], "code": language, **params}
    return FormProblem(code=code, where=name, params=words)


@checking
def of_the_whole(document: FormDocument, known: Mapping[str, FormTarget]) -> Iterator[FormProblem]:
    """Texts, the activity, and how many fields there are."""
    for language in document.languages:
        for name, text in document.texts.items():
            needed = name in NEEDED_TEXTS or not text.is_empty
            if needed and not getattr(text, language):
                yield _missing("no_text", language, text=TEXT_NAMES[name])
    if not document.fields:
        yield FormProblem(code="no_fields")
    if len(document.fields) > MOST_FIELDS:
        yield FormProblem(code="too_many_fields", params={"max": MOST_FIELDS})
    if not ActivityType.objects.filter(code=document.activity, is_active=True).exists():
        yield FormProblem(code="unknown_activity")
    if document.fields and not any(document.writing(CONSENT)):
        yield FormProblem(code="no_consent")


@checking
def of_identity(document: FormDocument, known: Mapping[str, FormTarget]) -> Iterator[FormProblem]:
    """Somebody must be able to answer: the e-mail or the telephone is asked, required, and never hidden."""
    asked = list(document.writing(*IDENTITY))
    required = [each for each in asked if each.required]
    if document.fields and not asked:
        yield FormProblem(code="no_identity")
    elif asked and not required:
        yield FormProblem(code="identity_optional", where=asked[0].code)
    elif required and all(each.when for each in required):
        yield FormProblem(code="identity_hidden", where=required[0].code)
    if document.double_opt_in and not any(each.required and not each.when for each in document.writing(EMAIL)):
        yield FormProblem(code="opt_in_without_email")


@checking
def of_fields(document: FormDocument, known: Mapping[str, FormTarget]) -> Iterator[FormProblem]:
    """What each field writes, and its words."""
    written = Counter(each.writes for each in document.fields if each.writes not in SEVERAL)
    for each in document.fields:
        target = target_of(each, known)
        if target is None:
            yield FormProblem(code="unknown_target", where=each.code)
            continue
        if written[each.writes] > 1:
            yield FormProblem(code="written_twice", where=each.code)
        for language in document.languages:
            if not getattr(each.label, language):
                yield _missing("no_label", language, each.code)
            if not each.help.is_empty and not getattr(each.help, language):
                yield _missing("no_help", language, each.code)
        yield from _of_options(each, target, document.languages)


def _of_options(each: FormField, target: FormTarget, languages: tuple[str, ...]) -> Iterator[FormProblem]:
    if kind_of(each, target) is FieldKind.CHOICE and not each.options:
        yield FormProblem(code="no_options", where=each.code)
    if len(each.options) > MOST_OPTIONS:
        yield FormProblem(code="too_many_options", where=each.code, params={"max": MOST_OPTIONS})
    allowed = {option.value for option in target.options}
    context = CleaningContext(zone=timezone.get_current_timezone(), now=timezone.now())
    seen = Counter(option.value for option in each.options)
    for option in each.options[:MOST_OPTIONS]:
        if seen[option.value] > 1:
            yield FormProblem(code="option_twice", where=each.code, params={"option": option.value})
        if not _is_storable(option.value, target, allowed, context):
            yield FormProblem(code="unknown_option", where=each.code, params={"option": option.value})
        for language in languages:
            if not getattr(option.label, language):
                yield _missing("no_option_label", language, each.code, option=option.value)


def _is_storable(value: str, target: FormTarget, allowed: set[str], context: CleaningContext) -> bool:
    if allowed:
        return value in allowed
    try:
        return bool(value) and target.clean(value, context) is not None
    except CleaningError:
        return False


def is_question(each: FormField) -> bool:
    return each.writes.startswith(QUESTION)
