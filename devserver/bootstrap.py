"""From a bare Python to a ready directory: `python3 -I devserver/bootstrap.py demo|dev`. Standard library only.

Makes .venv, installs requirements/NAME.txt by hash, brings the browser files, compiles the message catalogs. A mark in
.venv says what was installed to its end; without one the environment is taken for half-made and made anew.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INCLUDED_IN = {"demo": ["demo", "dev"], "dev": ["dev"]}  # requirements/dev.txt holds all of demo.txt
MINIMUM = (3, 11)


class SetupError(Exception):
    """Why the directory cannot be made ready, in one line."""


def make_ready(name: str, root: Path = ROOT) -> None:
    """Do whatever is missing for `make run` (demo) or for tests and lint (dev)."""
    if sys.version_info < MINIMUM:
        found = ".".join(map(str, sys.version_info[:2]))
        raise SetupError(f"Python 3.11 or newer is needed; {sys.executable} is {found}. Try PYTHON=/path/to/it")
    environment = root / ".venv"
    with taking_turns(root):
        if not any(is_installed(environment, root, other) for other in INCLUDED_IN[name]):
            install(environment, root, name)
        run(environment / "bin" / "python", "-m", "devserver.assets", root=root)
        run(environment / "bin" / "python", "-m", "devserver.catalogs", root=root)


@contextmanager
def taking_turns(directory: Path) -> Iterator[None]:
    """Let one setup at a time work in a directory: two makes may start at once."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def is_installed(environment: Path, root: Path, name: str) -> bool:
    """Whether requirements/NAME.txt, as it is now, was installed to its end into an environment that still works."""
    mark = environment / f"leadqual-{name}"
    return mark.is_file() and mark.read_text() == digest(root, name) and works(environment)


def works(environment: Path) -> bool:
    """Whether the environment's Python starts: the one it was made from may have gone."""
    python = environment / "bin" / "python"
    if not python.exists() or not (environment / "pyvenv.cfg").is_file():
        return False
    return subprocess.run([str(python), "-I", "-c", "import pip"], capture_output=True).returncode == 0


def install(environment: Path, root: Path, name: str) -> None:
    """Install the locked packages; on top of a complete environment, else into a new one."""
    marks = list(environment.glob("leadqual-*"))
    if not marks or not works(environment):
        say(f"Making {environment.name} with Python {sys.version.split()[0]}")
        make_environment(environment)
    for mark in marks:
        mark.unlink(missing_ok=True)
    requirements = f"requirements/{name}.txt"
    say(f"Installing {requirements} (a minute or two the first time)")
    pip = ["-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check", "--root-user-action=ignore"]
    run(environment / "bin" / "python", *pip, "--only-binary=:all:", "--require-hashes", "-r", requirements, root=root)
    (environment / f"leadqual-{name}").write_text(digest(root, name))


def make_environment(environment: Path) -> None:
    """A new environment, whatever lies in its place."""
    if environment.is_symlink() or environment.is_file():
        environment.unlink()
    try:
        venv.create(environment, clear=True, with_pip=True)
    except (subprocess.CalledProcessError, ImportError) as error:
        raise SetupError("no environment without `venv`: apt-get install python3-venv") from error


def digest(root: Path, name: str) -> str:
    """What the mark of a complete install says."""
    return hashlib.sha256((root / "requirements" / f"{name}.txt").read_bytes()).hexdigest()


def run(*words: str | Path, root: Path) -> None:
    """Run a command of ours; it has said itself what went wrong."""
    if subprocess.run([str(word) for word in words], cwd=root).returncode:
        step = " ".join(str(word) for word in words[1:4])
        raise SetupError(f"stopped at `{step}` (see above); run it again to go on")


def say(text: str) -> None:
    """Tell what takes time."""
    print(text, flush=True)


def main() -> None:
    """Make ready for what the command line names."""
    try:
        make_ready(sys.argv[1] if len(sys.argv) > 1 else "demo")
    except (SetupError, OSError) as error:
        sys.exit(f"Setup: {error}")
    except KeyboardInterrupt:
        sys.exit("Setup: interrupted; run it again to go on")


if __name__ == "__main__":
    main()
