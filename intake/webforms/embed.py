"""`GET /f.js`: puts a form where the script stands, in a frame whose height follows."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import rjsmin

SOURCE = Path(__file__).parent / "embed.js"


@lru_cache(maxsize=1)
def embed_script() -> str:
    return str(rjsmin.jsmin(SOURCE.read_text(encoding="utf-8")))
