"""Who gets what at the addresses of imports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from intake.imports.correction import fingerprint
from intake.models import ImportRow
from tests.intake.importing import imported, received

TABLE = """
intake:imports           GET  -         login 403 403 200 200 200
intake:import_new        GET  -         login 403 403 200 200 200
intake:import_new        POST -         login 403 403 422 422 422
intake:import            GET  file      login 403 403 404 200 200
intake:import            GET  own_file  login 403 403 200 200 200
intake:import_mapping    GET  file      login 403 403 404 200 200
intake:import_mapping    POST file      login 403 403 404 303 303
intake:import_mapping    POST own_file  login 403 403 303 303 303
intake:import_columns    POST file      login 403 403 404 200 200
intake:import_format     POST file      login 403 403 404 303 303
intake:import_run        POST file      login 403 403 404 303 303
intake:import_progress   GET  file      login 403 403 404 303 303
intake:import_report     GET  file      login 403 403 404 200 200
intake:import_correct    GET  run_file  login 403 403 404 200 200
intake:import_correct    POST run_file  login 403 403 404 303 303
intake:import_correct    POST own_run   login 403 403 303 303 303
intake:import_undo       POST file      login 403 403 404 303 303
intake:import_remove     POST file      login 403 403 404 302 302
"""


def import_of(by: Any) -> dict[str, Any]:
    """A file that somebody sent and has not run yet."""
    return {"pk": received("mail,name\na@example.jp,A\n", by, datetime.now(UTC)).pk}


def run_by(person: Any) -> dict[str, Any]:
    """A file that was run and has a row that stayed out."""
    columns = {"columns": {"mail": "lead.email", "name": "lead.name"}}
    return {"pk": imported("mail,name\nno-address,A\n", columns, person, datetime.now(UTC)).pk}


def corrected(world: Any) -> dict[str, Any]:
    """The row that stayed out, with an address."""
    row = ImportRow.objects.latest("pk")
    return {"row": ["1"], "seen-1": fingerprint(row), "cell-1-0": f"a{row.pk}@example.jp"}


OBJECTS = {
    "run_file": lambda world: run_by(world.marketer),
    "own_run": lambda world: run_by(world.manager),
    "file": lambda world: import_of(world.marketer),
    "own_file": lambda world: import_of(world.manager),
}
FORMS = {
    "intake:import_mapping POST": lambda world: {"identity": "email", "timezone": "UTC", "column_0": "lead.email"},
    "intake:import_correct POST": corrected,
    "intake:import_columns POST": lambda world: {"column_0": "lead.email"},
    "intake:import_format POST": lambda world: {"encoding": "utf-8", "header_row": "1"},
}
