"""A management command on servers made for it and thrown away after: `python -m devserver.scratch bench`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devserver.process import DevserverError
from devserver.services import Services
from leadqual.env import BASE_DIR


@contextmanager
def scratch_servers() -> Iterator[dict[str, str]]:
    """Environment of a PostgreSQL and a Valkey that live as long as the block."""
    directory = Path(tempfile.mkdtemp(prefix="leadqual-scratch-"))
    directory.chmod(0o711)  # PostgreSQL, run by root, enters as another account
    services = Services(directory, durable=False)
    try:
        services.start()
        yield os.environ | services.environment | {"LEADQUAL_VAR": str(directory), "LEADQUAL_DEMO": "1"}
    finally:
        services.stop()
        shutil.rmtree(directory, ignore_errors=True)


def main() -> None:
    """Migrate, run the command, exit as it did."""
    try:
        with scratch_servers() as environment:
            for words in (["migrate", "--verbosity=0"], sys.argv[1:]):
                code = subprocess.run([sys.executable, "manage.py", *words], cwd=BASE_DIR, env=environment).returncode
                if code:
                    sys.exit(code)
    except DevserverError as error:
        sys.exit(f"leadqual: {error}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
