"""`GET /t.js`: the script with the settings of a site in it, small and compressed once."""

from __future__ import annotations

import gzip
import json
from functools import lru_cache
from pathlib import Path

import brotli
import rjsmin

from intake.models import Site

SOURCE = Path(__file__).parent / "script.js"
UNKNOWN = b"// leadqual: no website has this write key\n"


def script_of(site: Site, *, url: str) -> str:
    """The script for the pages of a site, which sends to `url`."""
    config = {"site": site.write_key, "url": url, "consent": int(site.needs_consent), "cookie": int(site.uses_cookie)}
    return minified().replace("CONFIG", json.dumps(config, separators=(",", ":")))


@lru_cache(maxsize=1)
def minified() -> str:
    """The source without its comments and spaces."""
    return str(rjsmin.jsmin(SOURCE.read_text(encoding="utf-8")))


@lru_cache(maxsize=64)
def compressed(script: str, accepted: str) -> tuple[bytes, str]:
    """The script in the best encoding that the browser accepts, with the name of it."""
    if "br" in accepted:
        return brotli.compress(script.encode()), "br"
    if "gzip" in accepted:
        return gzip.compress(script.encode(), mtime=0), "gzip"
    return script.encode(), ""


def encoding_of(header: str) -> str:
    """Which of our encodings an Accept-Encoding names."""
    names = {part.split(";")[0].strip() for part in header.lower().split(",")}
    return "br" if "br" in names else "gzip" if "gzip" in names else ""
