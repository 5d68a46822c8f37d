#!/usr/bin/env python
"""Django's command line. Without DATABASE_URL it uses the embedded servers of var/ (make run, make services)."""

import os
import sys


def main() -> None:
    """Run a command; without a database say how to get one."""
    embedded = not os.environ.get("DATABASE_URL")
    os.environ["LEADQUAL_ROLE"] = "command"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")
    if embedded and not os.environ.get("LEADQUAL_SECRET_KEY"):
        os.environ.setdefault("LEADQUAL_DEMO", "1")
    try:
        from django.core.management import execute_from_command_line
        from django.db import OperationalError
    except ImportError:
        sys.exit("Django is not installed here: `make setup`, then .venv/bin/python manage.py.")
    try:
        execute_from_command_line(sys.argv)
    except OperationalError as error:
        if embedded and not embedded_postgres_listens():
            sys.exit("No database: start the embedded one (`make run` or `make services`), or set DATABASE_URL.")
        if getattr(error.__cause__, "sqlstate", "") is None:  # it never got as far as the server
            sys.exit(f"The database does not answer: {str(error).splitlines()[0]}")
        raise


def embedded_postgres_listens() -> bool:
    """Whether the embedded PostgreSQL of var/ has its socket open."""
    from leadqual.env import postgres_home, socket_directory, var_directory

    return (socket_directory(postgres_home(var_directory())) / ".s.PGSQL.5432").exists()


if __name__ == "__main__":
    main()
