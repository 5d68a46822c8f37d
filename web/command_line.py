"""What a command is given: numbers within bounds and files of text. What is wrong with them is said in words."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from web import formats


def check_number(option: str, value: int, *, first: int, last: int) -> int:
    """The value of an option. Raises CommandError with the bounds for one outside of them."""
    if first <= value <= last:
        return value
    words = {"option": option, "first": formats.number(first), "last": formats.number(last)}
    raise CommandError(_("Enter a whole number from %(first)s to %(last)s for %(option)s.") % words)


def read_text(file: Path | IO[bytes], *, most_bytes: int) -> str:
    """What a file, or an open one such as the standard input, says in UTF-8.

    Raises CommandError where it cannot be read, is no text or is longer.
    """
    name = file if isinstance(file, Path) else "-"
    try:
        with file.open("rb") if isinstance(file, Path) else nullcontext(file) as opened:
            content = opened.read(most_bytes + 1)
    except OSError as error:
        raise CommandError(_unreadable(name, error)) from error
    if len(content) > most_bytes:
        words = {"file": name, "most": formats.number(most_bytes // 1_000_000)}
        raise CommandError(_("%(file)s is larger than %(most)s MB. Shorten it.") % words)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(_("%(file)s isn’t UTF-8 text. Save it as UTF-8.") % {"file": name}) from error


def _unreadable(file: object, error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return _("There’s no file %(file)s. Check the spelling.") % {"file": file}
    if isinstance(error, IsADirectoryError):
        return _("%(file)s is a folder. Give a file.") % {"file": file}
    if isinstance(error, PermissionError):
        return _("%(file)s may not be read. Check its permissions.") % {"file": file}
    return _("Can’t read %(file)s: %(reason)s") % {"file": file, "reason": error.strerror}
