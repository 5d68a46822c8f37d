"""The file, and how it is to be read, as a person says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from intake.imports.batches import KINDS
from intake.imports.encodings import ENCODINGS
from intake.imports.layout import FileFormat

OFFERED_ENCODINGS = ("utf-8", "cp932", "euc_jp", "iso2022_jp", "cp1252", "utf-16", "utf-16-le", "utf-16-be")


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")},
        max_length=None,
    )
    kind = forms.ChoiceField(label=gettext_lazy("What’s in the file"), initial="leads")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in KINDS.values()]  # type: ignore[attr-defined]


class FormatForm(forms.Form):
    """How the file is to be read, where what was found out is not right."""

    encoding = forms.ChoiceField(label=gettext_lazy("Encoding"), required=False)
    sheet = forms.ChoiceField(label=gettext_lazy("Sheet"), required=False)
    header_row = forms.IntegerField(label=gettext_lazy("Row with the column names"), min_value=1, max_value=20)

    def __init__(self, data: Mapping[str, Any] | None = None, *, form: FileFormat, sheets: Sequence[str]) -> None:
        super().__init__(data, initial=form.as_data())
        self.fields["encoding"].choices = [(code, ENCODINGS[code]) for code in OFFERED_ENCODINGS]  # type: ignore[attr-defined]
        self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        del self.fields["encoding" if form.is_sheet else "sheet"]

    def format(self) -> FileFormat:
        """What the person says."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        return FileFormat(**given)
