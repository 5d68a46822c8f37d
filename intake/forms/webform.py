"""What a marketer types in the builder: the whole draft as one form, saved as it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from intake.forms.form_conditions import typed_condition
from intake.models import Site, WebForm
from intake.webforms.document import LANGUAGES, TEXTS, Bilingual, FormDocument, FormField, FormOption
from intake.webforms.targets import QUESTION, FormTarget, new_field, target_of

LONGEST, LONGEST_OPTIONS = 2_000, 40_000


class WebFormForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = WebForm
        fields = ("name", "site", "is_active")
        labels = {"name": pgettext_lazy("thing", "Name"), "site": gettext_lazy("Website")}
        help_texts = {
            "name": gettext_lazy("For yourselves. Visitors read the title."),
            "site": gettext_lazy("Its pages may show the form, and earlier visits there belong to whoever sends it."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.filter(is_active=True)  # type: ignore[attr-defined]
        if not self.instance.pk:
            del self.fields["is_active"]


def document_of(data: QueryDict, old: FormDocument, known: Mapping[str, FormTarget]) -> FormDocument:
    """The draft as it was typed. Fields are named after their codes; what was not sent stays as it is."""
    texts = {name: _bilingual(data, f"text-{name}", old.texts.get(name, Bilingual())) for name in TEXTS}
    languages = tuple(name for name in LANGUAGES if data.get(f"language-{name}"))
    return replace(
        old,
        texts=texts,
        fields=tuple(_field(data, each, old, known) for each in old.fields),
        languages=languages or old.languages,
        activity=_text(data, "activity", old.activity),
        double_opt_in=bool(data.get("double_opt_in")),
    )


def _text(data: QueryDict, name: str, old: str, longest: int = LONGEST) -> str:
    return str(data[name]).replace("\0", "").replace("\r\n", "\n").strip()[:longest] if name in data else old


def _bilingual(data: QueryDict, name: str, old: Bilingual) -> Bilingual:
    return Bilingual(**{each: _text(data, f"{name}-{each}", getattr(old, each)) for each in LANGUAGES})


def _field(data: QueryDict, old: FormField, whole: FormDocument, known: Mapping[str, FormTarget]) -> FormField:
    name = f"field-{old.code}"
    if f"{name}-label-ja" not in data and f"{name}-label-en" not in data:
        return old
    lines = _text(data, f"{name}-options", options_text(old), LONGEST_OPTIONS)
    return replace(
        old,
        label=_bilingual(data, f"{name}-label", old.label),
        help=_bilingual(data, f"{name}-help", old.help),
        required=bool(data.get(f"{name}-required")),
        options=options_of(lines, old.options),
        when=typed_condition(data, f"{name}-when", whole, known, old.when),
        required_when=typed_condition(data, f"{name}-need", whole, known, old.required_when),
    )


def options_text(field: FormField) -> str:
    """The options as they are typed, one a line."""
    return "\n".join(option.line for option in field.options)


def options_of(text: str, old: tuple[FormOption, ...] = ()) -> tuple[FormOption, ...]:
    """A pasted list: `value = 日本語 | English`, `日本語 | English`, or the word alone, which stands for itself.

    A value whose names are known already keeps them where only the value is given.
    """
    known = {option.value: option.label for option in old}
    options = []
    for line in filter(None, (each.strip() for each in text.splitlines())):
        value, equals, names = (part.strip() for part in line.partition("="))
        ja, bar, en = (part.strip() for part in (names if equals else line).partition("|"))
        value = value if equals else ja or en
        label = Bilingual(ja=ja, en=en) if bar or equals else known.get(value, Bilingual(ja=ja))
        options.append(FormOption(value=value[:200], label=label))
    return tuple(options)


def added(document: FormDocument, wanted: str, known: Mapping[str, FormTarget]) -> FormDocument | None:
    """The draft with a field for the target that is called so, in either language or by its name; None for none."""
    said = wanted.strip().casefold()
    if said.startswith(QUESTION.rstrip(".")) and said != QUESTION:
        said = QUESTION
    target = next(
        (each for each in known.values() if said in _called(each)),
        next((each for each in known.values() if said and any(said in name for name in _called(each))), None),
    )
    if said == QUESTION:
        code = document.free_code("question")
        target = target_of(FormField(code=code, writes=f"{QUESTION}{code}", label=Bilingual()), known)
    elif target is not None:
        code = document.free_code(target.code)
    if target is None:
        return None
    return replace(document, fields=(*document.fields, new_field(target, code)))


def _called(target: FormTarget) -> set[str]:
    label = target.bilingual
    return {target.name.casefold(), str(target.label).casefold(), label.ja.casefold(), label.en.casefold()}


def moved(document: FormDocument, code: str, do: str) -> FormDocument:
    """The draft with one field up, down, or gone."""
    fields = list(document.fields)
    place = next((at for at, each in enumerate(fields) if each.code == code), None)
    if place is None:
        return document
    taken = fields.pop(place)
    if do in ("up", "down"):
        fields.insert(max(0, place - 1) if do == "up" else place + 1, taken)
    return replace(document, fields=tuple(fields))
