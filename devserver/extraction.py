"""Keep the message catalogs equal to the code: extract with Babel, merge with polib, and say what is wrong with them.

An entry names the files it is used in but neither lines nor dates, and entries are sorted by their text: a catalog
changes only where words do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import polib
from babel.messages.extract import extract
from django.utils.translation import templatize

from devserver.catalogs import APPS, LANGUAGE, ROOT, catalog_path

FRAME = "leadqual"
HEADER = {
    "Language": LANGUAGE,
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
SINGULAR, PLURAL = (1,), (1, 2)
CONTEXT, CONTEXT_PLURAL = ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), SINGULAR),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), CONTEXT_PLURAL),
}
PLACEHOLDER = re.compile(r"%\([a-z_]\w*\)[sdf]|%[sd](?!\w)|\{[a-z_]\w*\}", re.IGNORECASE)


class Message(NamedTuple):
    """What makes two strings of the code one entry of a catalog."""

    context: str | None
    text: str
    plural: str | None


def refreshed_catalog(owner: str, root: Path = ROOT) -> polib.POFile:
    """The owner's catalog as its code wants it: new strings empty, gone ones dropped, translations kept."""
    path = catalog_path(owner_directory(owner, root))
    known = {_message(entry): entry for entry in polib.pofile(str(path))} if path.is_file() else {}
    catalog = polib.POFile(wrapwidth=100)
    catalog.metadata = dict(HEADER)
    used = used_messages(owner, root)
    for message in sorted(used, key=lambda message: (message.text, message.context or "")):
        catalog.append(_entry(message, used[message], known.get(message)))
    return catalog


def is_stale(owner: str, root: Path = ROOT) -> bool:
    """Whether the catalog on disk differs from the refreshed one."""
    path = catalog_path(owner_directory(owner, root))
    fresh = refreshed_catalog(owner, root)
    return bool(fresh) and (not path.is_file() or path.read_text(encoding="utf-8") != f"{fresh}\n")


def write_catalog(owner: str, root: Path = ROOT) -> polib.POFile:
    """Refresh the catalog on disk. An owner without a string gets none."""
    catalog = refreshed_catalog(owner, root)
    path = catalog_path(owner_directory(owner, root))
    if catalog:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{catalog}\n", encoding="utf-8")
    else:
        path.unlink(missing_ok=True)
    return catalog


def owners() -> tuple[str, ...]:
    """Who has a catalog: each app, and the frame (`/templates`, `/static/js` and the project package)."""
    return (FRAME, *APPS)


def owner_directory(owner: str, root: Path = ROOT) -> Path:
    """The directory that holds the owner's `locale`."""
    return root if owner == FRAME else root / owner


def problems(owner: str, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with the owner's catalog, a line each."""
    for entry in refreshed_catalog(owner, root):
        if not entry.translated() and not entry.fuzzy:
            yield f"not translated: {entry.msgid!r}"
        if entry.fuzzy:
            yield f"fuzzy: {entry.msgid!r}"
        for translation in (entry.msgstr_plural or {0: entry.msgstr}).values():
            wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
            if translation and set(PLACEHOLDER.findall(translation)) != wanted:
                yield f"placeholders differ: {entry.msgid!r} -> {translation!r}"
    if is_stale(owner, root):
        yield "not what the code says: make messages"


def contradictions(root: Path = ROOT) -> Iterator[str]:
    """Strings that two catalogs translate differently: Django shows one of the two everywhere."""
    seen: dict[Message, tuple[str, object]] = {}
    for owner in owners():
        for entry in refreshed_catalog(owner, root):
            words = entry.msgstr_plural or entry.msgstr
            first_owner, first = seen.setdefault(_message(entry), (owner, words))
            if words and first and words != first:
                yield f"{first_owner} and {owner} translate {entry.msgid!r} differently: {first!r}, {words!r}"


def used_messages(owner: str, root: Path) -> dict[Message, set[str]]:
    """Every string of the owner's code and templates, with the files it is used in.

    gettext knows one entry for a text: where it has a plural somewhere, that entry serves the singular use too.
    """
    used: dict[Message, set[str]] = {}
    for path in source_files(owner, root):
        for message in messages_of(path):
            used.setdefault(message, set()).add(path.relative_to(root).as_posix())
    plurals = {(message.context, message.text): message for message in used if message.plural}
    merged: dict[Message, set[str]] = {}
    for message, files in used.items():
        merged.setdefault(plurals.get((message.context, message.text), message), set()).update(files)
    return merged


def source_files(owner: str, root: Path) -> Iterator[Path]:
    """The owner's code and templates; of the frame also the scripts."""
    package = root / owner
    for path in sorted(package.rglob("*.py")):
        if not {"migrations", "tests"} & set(path.relative_to(package).parts):
            yield path
    templates = root / "templates" if owner == FRAME else package / "templates"
    yield from sorted(path for path in templates.rglob("*") if path.suffix in {".html", ".txt"})
    if owner == FRAME:
        yield from sorted((root / "static" / "js").rglob("*.js"))


def messages_of(path: Path) -> Iterator[Message]:
    """The strings of one file, as often as they stand there."""
    source = path.read_text(encoding="utf-8")
    method = "javascript" if path.suffix == ".js" else "python"
    if path.suffix in {".html", ".txt"}:
        # It reads Python now, which would mind how a template is indented.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).split("\n"))
    for _line, found, _comments, context in extract(
        method, BytesIO(source.encode()), KEYWORDS, options={"encoding": "utf-8"}
    ):
        texts = (found,) if isinstance(found, str) else found
        if texts[0]:
            yield Message(context, texts[0], texts[1] if len(texts) > 1 else None)


def _entry(message: Message, files: set[str], known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=message.context,
        msgid=message.text,
        msgid_plural=message.plural or "",
        occurrences=[(name, "") for name in sorted(files)],
        tcomment=known.tcomment if known else "",
        flags=[flag for flag in known.flags if flag == "fuzzy"] if known else [],
    )
    if "%" in message.text and PLACEHOLDER.search(message.text):
        entry.flags.append("python-format")
    if message.plural:
        entry.msgstr_plural = {0: known.msgstr_plural.get(0, "") if known else ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    return entry


def _message(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt, entry.msgid, entry.msgid_plural or None)
