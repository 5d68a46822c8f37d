from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from devserver.services import postgres_install
from leadqual.env import postgres_url
from tests.chaos.conftest import Site

pytestmark = [pytest.mark.deep, pytest.mark.chaos]

COUNTS = {
    table: f"SELECT count(*) FROM {table}"
    for table in ("leads_lead", "leads_activity", "leads_activitykey", "scoring_leadscore", "handoff_handoff")
}
SCORES = "SELECT md5(string_agg(s::text, '|' ORDER BY id)) FROM scoring_leadscore s"


def test_a_dump_restored_elsewhere_holds_the_same_and_equals_its_recomputation(site: Site) -> None:
    site.build(300)
    site.start("worker", "beat")
    site.settle()
    site.kill("worker")
    site.kill("beat")
    before = {name: site.asks(query) for name, query in COUNTS.items()}, site.asks(SCORES)

    dump = site.var / "leadqual.dump"
    _run("pg_dump", "--format=custom", f"--file={dump}", site.services.environment["DATABASE_URL"])
    restored = postgres_url(site.var, "restored")
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    _run(
        "createdb",
        "--template=template0",
        *locale,
        f"--maintenance-db={postgres_url(site.var, 'postgres')}",
        "restored",
    )
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={restored}", str(dump))

    site.services.environment["DATABASE_URL"] = site.environment["DATABASE_URL"] = restored
    assert ({name: site.asks(query) for name, query in COUNTS.items()}, site.asks(SCORES)) == before
    print(site.verify())


def _run(program: str, *words: str) -> None:
    path: Path = postgres_install() / "bin" / program
    done = subprocess.run([path, *words], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
