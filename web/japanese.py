"""The dictionary of Japanese words, loaded by whoever needs it first."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sudachipy import Dictionary, Tokenizer

_tokenizers = threading.local()  # one cannot be shared by threads; the dictionary can
_loading = threading.Lock()


def tokenizer() -> Tokenizer:
    """The dictionary takes 50 ms and is mapped into memory when it is first asked for, not before."""
    if not hasattr(_tokenizers, "tokenizer"):
        with _loading:
            _tokenizers.tokenizer = _dictionary().tokenizer()
    return cast("Tokenizer", _tokenizers.tokenizer)


@cache
def _dictionary() -> Dictionary:
    from sudachipy import Dictionary  # loads 200 MB of dictionary lazily

    return Dictionary(dict="core")
