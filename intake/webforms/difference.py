"""What publishing a draft would change, in words: fields that come, go, move, and texts."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from intake.webforms.document import FormDocument, FormField
from intake.webforms.lint import TEXT_NAMES
from web.formats import listed


def differences(old: FormDocument | None, new: FormDocument) -> list[str]:
    """One sentence for each change; of a form that was never published, what it will ask."""
    if old is None:
        return [_("The form asks: %(fields)s.") % {"fields": listed(map(_called, new.fields))}]
    return [*_of_texts(old, new), *_of_fields(old, new)]


def _called(field: FormField) -> str:
    return field.label.say(get_language() or "ja") or field.code


def _of_texts(old: FormDocument, new: FormDocument) -> Iterator[str]:
    for name, text in new.texts.items():
        if old.texts.get(name) != text:
            yield _("“%(text)s” changes.") % {"text": TEXT_NAMES[name]}
    if old.languages != new.languages:
        yield _("The languages of the form change.")
    if old.activity != new.activity:
        yield _("Submissions become another type of activity.")
    if old.double_opt_in != new.double_opt_in:
        yield (
            _("An email asks for confirmation before anything is taken in.")
            if new.double_opt_in
            else _("Submissions are taken in without a confirmation email.")
        )


def _of_fields(old: FormDocument, new: FormDocument) -> Iterator[str]:
    before = {each.code: each for each in old.fields}
    after = {each.code: each for each in new.fields}
    for code, each in after.items():
        if code not in before:
            yield _("New field “%(field)s”.") % {"field": _called(each)}
    for code, each in before.items():
        if code not in after:
            yield _("The field “%(field)s” is removed. Answers sent before stay.") % {"field": _called(each)}
    for code, each in after.items():
        if code in before:
            yield from _of_field(before[code], each)
    stayed = [code for code in before if code in after]
    if stayed != [code for code in after if code in before]:
        yield _("The order of the fields changes.")


def _of_field(old: FormField, new: FormField) -> Iterator[str]:
    name = {"field": _called(new)}
    if old.label != new.label or old.help != new.help:
        yield _("The words of “%(field)s” change.") % name
    if old.required != new.required:
        yield (_("“%(field)s” becomes required.") if new.required else _("“%(field)s” becomes optional.")) % name
    if old.options != new.options:
        yield _("The options of “%(field)s” change.") % name
    if old.when != new.when or old.required_when != new.required_when:
        yield _("When “%(field)s” is shown or required changes.") % name
