"""What names and telephone numbers are searched by, as PostgreSQL computes it. `web.cleaning.search_form` and
`phone_key` are the same for what somebody types."""

from __future__ import annotations

from django.db import models

from web.cleaning.contact import EXTENSION_PATTERN, HOME_PREFIX_PATTERN
from web.cleaning.text import HIRAGANA, KATAKANA


class Folded(models.Func):
    """One width, small letters, kana of one kind: サトウ, ｻﾄｳ and さとう are the same."""

    template = f"lower(translate(normalize(%(expressions)s, NFKC), '{HIRAGANA}', '{KATAKANA}'))"
    output_field = models.TextField()


class Joined(models.Func):
    """Without any space: a name that is typed in one piece is found, too."""

    template = r"regexp_replace(normalize(%(expressions)s, NFKC), '\s+', '', 'g')"
    output_field = models.TextField()


class PhoneKey(models.Func):
    """The digits to dial within Japan, without an extension; several numbers keep the `/` between them."""

    template = (
        "regexp_replace(regexp_replace(regexp_replace(normalize(%(expressions)s, NFKC), "
        f"'{EXTENSION_PATTERN}', '', 'gi'), '{HOME_PREFIX_PATTERN}', '\\10', 'g'), '[^0-9/]', '', 'g')"
    )
    output_field = models.TextField()


class PhoneNumbers(models.Func):
    """Every number of a telephone field between slashes, so that a whole one can be looked for."""

    template = f"('/' || {PhoneKey.template} || '/')"
    output_field = models.TextField()


class Contains(models.Func):
    """Whether a text contains another one, taken as it is: no character of it stands for others."""

    template = "(position(%(expressions)s) > 0)"
    arg_joiner = " in "
    output_field = models.BooleanField()
    conditional = True

    def __init__(self, text: models.expressions.Combinable, part: models.expressions.Combinable) -> None:
        super().__init__(part, text)
