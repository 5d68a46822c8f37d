"""What a new form begins with: the texts of a plain request in both languages, and what is nearly always asked."""

from __future__ import annotations

from dataclasses import replace

from intake.imports.fields import CONSENT
from intake.webforms.document import Bilingual, FormDocument
from intake.webforms.targets import EMAIL, PERSON, new_field, targets

STARTING_FIELDS = ("company.name", PERSON, EMAIL, CONSENT)
CONSENT_TEXT = Bilingual(
    ja="入力した内容をお問い合わせへの対応とご案内のために利用することに同意します。",
    en="I agree that you use what I entered to answer me and to send me information.",
)


def starting_document(name: str) -> FormDocument:
    """A form that could be published as it is."""
    known = targets()
    document = FormDocument(
        texts={
            "title": Bilingual(ja=name, en=name),
            "intro": Bilingual(),
            "submit": Bilingual(ja="送信する", en="Send"),
            "thanks": Bilingual(ja="送信しました。ありがとうございます。", en="Sent. Thank you."),
        }
    )
    for target in STARTING_FIELDS:
        field = new_field(known[target], document.free_code(known[target].code))
        if target == CONSENT:
            field = replace(field, label=CONSENT_TEXT)
        required = field.required or target != CONSENT
        document = replace(document, fields=(*document.fields, replace(field, required=required)))
    return document
