"""What administrators name: sources, kinds of activities, attributes of their own."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lucide import IconDoesNotExist
from lucide.templatetags.lucide import lucide

from leads.enums import AttributeType
from leads.models import ActivityType, AttributeDefinition, Source
from leads.properties import PropertyType
from leads.wording import PROPERTY_TYPES

# What is stored under a code, or written in a rule, would lose its meaning if the code became another.
FIXED = gettext_lazy("Can’t be changed later: rules and stored values use it.")


def _fix(form: forms.BaseForm, *names: str) -> None:
    for name in names:
        form.fields[name].disabled = True


PROPERTY_NAME = re.compile(r"[A-Za-z0-9_\-]{1,60}")


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Source
        fields = ("code", "label_en", "label_ja", "channel")
        help_texts = {"code": FIXED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            _fix(self, "code")


def property_type(text: str) -> PropertyType | None:
    """The type that somebody calls so, in the words of the page or by its code."""
    named = {str(words).casefold(): code for code, words in PROPERTY_TYPES.items()}
    return named.get(text.casefold()) or next((code for code in PropertyType if code == text), None)


class ActivityTypeForm(forms.ModelForm):  # type: ignore[type-arg]
    """The kinds of its properties are typed line by line: `seconds: number`."""

    properties = forms.CharField(
        label=gettext_lazy("Properties"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One per line with its type: text, number, yes/no or date, such as “seconds: number”."),
    )

    class Meta:
        model = ActivityType
        fields = ("code", "label_en", "label_ja", "icon", "is_interest")
        help_texts = {"code": FIXED, "icon": gettext_lazy("The name of a Lucide icon, such as rocket.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            _fix(self, "code")
        types = self.instance.property_types.items()
        self.initial["properties"] = "\n".join(f"{name}: {PROPERTY_TYPES[kind]}" for name, kind in types)

    def clean_properties(self) -> str:
        types: dict[str, str] = {}
        for line in self.cleaned_data["properties"].splitlines():
            name, _colon, kind = (part.strip() for part in line.partition(":"))
            if not line.strip():
                continue
            code = property_type(kind)
            if not PROPERTY_NAME.fullmatch(name) or code is None:
                words = _("“%(line)s” can’t be read. Write a name and its type, such as “seconds: number”.")
                raise ValidationError(words % {"line": line[:60]})
            types[name] = code
        self.instance.property_types = types
        return self.cleaned_data["properties"]  # type: ignore[no-any-return]

    def clean_icon(self) -> str:
        icon: str = self.cleaned_data["icon"]
        try:
            lucide(icon)
        except IconDoesNotExist as error:
            raise ValidationError(_("There’s no icon with this name. See lucide.dev for names.")) from error
        return icon


class AttributeForm(forms.ModelForm):  # type: ignore[type-arg]
    """Type and code stay as they were made: values and rules depend on them."""

    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One per line. Only for “One of a list”."),
    )

    class Meta:
        model = AttributeDefinition
        fields = ("owner", "code", "type", "label_en", "label_ja", "choices", "is_contact_data")
        help_texts = {"code": FIXED, "type": FIXED}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["choices"] = "\n".join(self.instance.choices)
        if self.instance.pk:
            _fix(self, "owner", "code", "type")

    def clean_choices(self) -> list[str]:
        lines = (line.strip() for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("type") == AttributeType.CHOICE and not cleaned.get("choices"):
            self.add_error("choices", _("Enter at least one choice."))
        return cleaned
