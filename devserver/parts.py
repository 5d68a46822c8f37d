"""The processes of `make run` and the terminal they share."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress

from devserver.process import kill_group, spawn
from leadqual.env import BASE_DIR

COLOURS = {"web": 36, "worker": 33, "beat": 35, "setup": 32}


class Terminal:
    """Lines with the name of who speaks, in colour where there is one."""

    def __init__(self) -> None:
        self._coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def say(self, line: str, name: str = "setup") -> None:
        """Print one line; a terminal that has gone away is no reason to die half-way."""
        label = f"{name:<6} |"
        if self._coloured:
            label = f"\033[{COLOURS.get(name, 0)}m{label}\033[0m"
        with suppress(OSError):
            print(f"{label} {line}", flush=True)

    def relay(self, process: subprocess.Popen[bytes], name: str) -> None:
        """Repeat what a process prints until it closes its output."""
        for raw in process.stdout or ():
            line = raw.decode("utf-8", "replace").rstrip()
            if line:
                self.say(line, name)


class Part:
    """A process that is started again when it ends by itself, each time a little later."""

    def __init__(self, name: str, *words: str, patience: float) -> None:
        self.name = name
        self.words = words
        self.patience = patience
        self.failures = 0
        self.started_at = self.next_start = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, environment: dict[str, str], terminal: Terminal) -> None:
        """Start it and relay its output."""
        self.started_at = time.monotonic()
        command = [sys.executable, "-m", *self.words]
        self.process = spawn(command, output=subprocess.PIPE, env=environment, cwd=BASE_DIR)
        threading.Thread(target=terminal.relay, args=(self.process, self.name), daemon=True).start()

    def tend(self, environment: dict[str, str], terminal: Terminal) -> None:
        """Start it again if it ended and its time has come."""
        if self.process is None:
            if time.monotonic() >= self.next_start:
                self.start(environment, terminal)
        elif self.process.poll() is not None:
            kill_group(self.process)
            lived = time.monotonic() - self.started_at
            self.failures = 1 if lived > 60 else self.failures + 1
            pause = min(30.0, 2**self.failures / 2)
            terminal.say(f"ended with {self.process.returncode}; starts again in {pause:.0f} s", self.name)
            self.process, self.next_start = None, time.monotonic() + pause

    def ask_to_stop(self) -> None:
        """Tell it to finish what it does, without waiting."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        """Wait until it has finished; what then still runs is killed."""
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(self.patience)
            kill_group(self.process)
            self.process.wait()
