"""Sources named by files: found by code or by name in either language, else made."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import slugify

from leads.models import Source
from web.cleaning import CleaningError, excerpt, folded

MAX_NEW = 50  # more than this is a column of free text, not of sources


class SourceRegistry:
    """The words for sources, and those that this file adds."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}
        self.words: dict[str, str] = {}
        self.new: dict[str, str] = {}
        self.created: list[str] = []
        for source in Source.objects.all():
            self.ids[source.code] = source.pk
            self.words |= {folded(word): source.code for word in (source.label_en, source.label_ja, source.code)}

    def clean(self, text: str) -> str:
        """The code of the source; an unknown one gets a code of its own, and is made when a good row needs it."""
        word = folded(text)
        if word in self.words:
            return self.words[word]
        code = slugify(word, allow_unicode=True).replace("-", "_")[:60].strip("_")
        if not code:
            raise CleaningError("source_code", value=excerpt(text))
        if code not in self.ids and code not in self.new:
            if len(self.new) >= MAX_NEW:
                raise CleaningError("too_many_sources", value=excerpt(text), max=MAX_NEW)
            self.new[code] = text[:80]
        self.words[word] = code
        return code

    def make(self, codes: Iterable[str]) -> None:
        """Store those of `codes` that do not exist yet."""
        for code in sorted(set(codes) - self.ids.keys()):
            label = self.new[code]
            source, made = Source.objects.get_or_create(code=code, defaults={"label_en": label, "label_ja": label})
            self.ids[code] = source.pk
            if made:
                self.created.append(code)

    def pretend(self, codes: Iterable[str]) -> None:
        """As `make`, for a rehearsal: ids that no row has."""
        for code in sorted(set(codes) - self.ids.keys()):
            self.ids[code] = -1 - len(self.created)
            self.created.append(code)
