"""`manage.py bench [NAME] [--scale N ...]`: the figures of docs/benchmarks.md, in a database of its own."""

from __future__ import annotations

import os
import platform
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

NAMES = ("scoring", "latency", "intake", "duplicate_search", "preview", "editing", "wide", "pages", "routing")
ALONE = ("crowd", "beacon")  # take the whole machine for a minute: only when named
SECTIONS = ("enquiries", "duplicates")  # need no leads and no database; each writes its section of docs/benchmarks.md


class Command(BaseCommand):
    help = "Measure, and print one table. Several scales also give the exponent by which cost grows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=(*NAMES, *ALONE, *SECTIONS), help="only this one")
        parser.add_argument("--scale", type=int, nargs="+", default=[10_000], help="leads; ten activities each")
        parser.add_argument("--write", type=Path, help="also write the table to this file")
        parser.add_argument("--keep", action="store_true", help="also put it into docs/benchmarks.md, under its name")

    def handle(self, *args: Any, name: str | None, scale: list[int], write: Path | None, **options: Any) -> None:
        from benchmarks.report import replace_section, table  # not installed with the product

        if name in SECTIONS:
            self.write_section(name)
            return
        figures = []
        for leads in scale:
            for bench in [name] if name else NAMES:
                with empty_database():
                    for figure in import_module(f"benchmarks.{bench}").run(leads):
                        self.stdout.write(f"{leads:>9,}  {figure.work}: {figure.shown}")
                        self.stdout.flush()
                        figures.append(figure)
        text = table(figures)
        self.stdout.write(f"\n{text}\n")
        if write:
            write.write_text(f"{heading()}\n\n{text}\n")
        if options["keep"] and name:
            replace_section(name, f"{heading()}\n\n{text}")

    def write_section(self, name: str) -> None:
        """Print what the benchmark reports, and put it between its marks in docs/benchmarks.md."""
        from benchmarks.report import replace_section

        text = f"{heading()}\n\n{import_module(f'benchmarks.{name}').report()}"
        self.stdout.write(text)
        replace_section(name, text)


@contextmanager
def empty_database() -> Iterator[None]:
    """A migrated database of our own beside the product's, which is not touched."""
    product = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"]["NAME"] = f"leadqual_bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(product, verbosity=0)


def heading() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    machine = f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}"
    return f"Measured {timezone.localdate()}: {machine}, Python {platform.python_version()}, embedded PostgreSQL."
