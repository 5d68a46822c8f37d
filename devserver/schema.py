"""Which schema the code wants, as a digest: migrating takes seconds even where there is nothing to do."""

from __future__ import annotations

import hashlib

from leadqual.env import BASE_DIR


def wanted_schema() -> str:
    """A digest of every migration there is, with the rows they ship: ours by content, those of libraries by the locked
    versions."""
    digest = hashlib.sha256((BASE_DIR / "requirements" / "base.txt").read_bytes())
    for path in sorted((*BASE_DIR.glob("*/migrations/*.py"), *BASE_DIR.glob("*/shipped.py"))):
        digest.update(path.relative_to(BASE_DIR).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def migration_digests() -> dict[str, str]:
    """A digest of each of our migrations by its path. One that was applied never changes, unless somebody writes it
    anew, and then what it once made is another build's."""
    paths = sorted(BASE_DIR.glob("*/migrations/0*.py"))
    return {path.relative_to(BASE_DIR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
