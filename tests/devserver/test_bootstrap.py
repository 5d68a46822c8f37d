from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from devserver import bootstrap


class Machine:
    """A project directory where installing and making environments is written down instead of done."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environment = root / ".venv"
        self.done: list[str] = []
        self.broken = False

    def make_environment(self, environment: Path) -> None:
        self.done.append("make")
        (environment / "bin").mkdir(parents=True, exist_ok=True)
        (environment / "bin" / "python").touch()
        (environment / "pyvenv.cfg").touch()

    def run(self, *words: str | Path, root: Path) -> None:
        self.done.append(str(words[-1]))
        if self.broken:
            raise bootstrap.SetupError("no network")

    def make_ready(self, name: str) -> list[str]:
        self.done.clear()
        bootstrap.make_ready(name, self.root)
        return self.done


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    (tmp_path / "requirements").mkdir()
    for name in ("demo", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text(f"{name} 1")
    found = Machine(tmp_path)
    monkeypatch.setattr(bootstrap, "make_environment", found.make_environment)
    monkeypatch.setattr(bootstrap, "run", found.run)
    monkeypatch.setattr(bootstrap, "works", lambda environment: (environment / "bin" / "python").exists())
    return found


FINISH = ["devserver.assets", "devserver.catalogs"]


def test_the_first_time_everything_is_made(machine: Machine) -> None:
    assert machine.make_ready("demo") == ["make", "requirements/demo.txt", *FINISH]


def test_a_second_time_nothing_is_installed(machine: Machine) -> None:
    machine.make_ready("demo")
    assert machine.make_ready("demo") == FINISH


def test_an_environment_for_tests_serves_the_demo_too(machine: Machine) -> None:
    machine.make_ready("dev")
    assert machine.make_ready("demo") == FINISH


def test_tests_install_what_the_demo_lacks_on_top(machine: Machine) -> None:
    machine.make_ready("demo")
    assert machine.make_ready("dev") == ["requirements/dev.txt", *FINISH]


def test_changed_requirements_are_installed_on_top(machine: Machine) -> None:
    machine.make_ready("demo")
    (machine.root / "requirements" / "demo.txt").write_text("demo 2")
    assert machine.make_ready("demo") == ["requirements/demo.txt", *FINISH]


def test_a_half_made_environment_is_made_anew(machine: Machine) -> None:
    machine.broken = True
    with pytest.raises(bootstrap.SetupError):
        machine.make_ready("demo")
    machine.broken = False
    assert machine.make_ready("demo") == ["make", "requirements/demo.txt", *FINISH]


def test_an_environment_whose_python_is_gone_is_made_anew(machine: Machine) -> None:
    machine.make_ready("demo")
    (machine.environment / "bin" / "python").unlink()
    assert machine.make_ready("demo") == ["make", "requirements/demo.txt", *FINISH]


def test_it_needs_nothing_but_the_standard_library() -> None:
    source = bootstrap.__file__
    isolated = subprocess.run(
        [sys.executable, "-I", "-S", source, "nothing-of-that-name"], capture_output=True, text=True
    )
    assert isolated.returncode == 1
    assert "KeyError" in isolated.stderr  # it got as far as reading its argument


def test_an_old_python_is_told_in_one_line(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "MINIMUM", (99, 0))
    with pytest.raises(bootstrap.SetupError, match=r"Python 3\.11 or newer is needed"):
        machine.make_ready("demo")
