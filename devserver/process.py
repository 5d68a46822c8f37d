"""Child processes that end with us, and the lock that keeps two of us from one directory."""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1


class DevserverError(Exception):
    """What we cannot do, in one line for the person at the terminal."""


def account_arguments(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of subprocess that drop root to `account`."""
    if account is None:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def spawn(
    argv: Sequence[str | Path],
    *,
    output: IO[bytes] | int,
    env: Mapping[str, str] | None = None,
    cwd: Path | str = "/",
    account: pwd.struct_passwd | None = None,
    stop_signal: int = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own, so that Ctrl-C reaches only us; it gets `stop_signal` if we die.

    Call it from the main thread: Linux sends the signal when the *thread* that started the process ends.
    """
    return subprocess.Popen(
        [str(word) for word in argv],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=env,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=_end_with_parent(stop_signal),
        **account_arguments(account),
    )


def _end_with_parent(stop_signal: int) -> Callable[[], None] | None:
    """What the new process does first: ask Linux for the signal that it gets when we end."""
    if sys.platform != "linux":
        return None
    parent, libc = os.getpid(), ctypes.CDLL(None, use_errno=True)

    def follow() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(stop_signal))
        if os.getppid() != parent:  # it died in between
            os._exit(1)

    return follow


def stop(process: subprocess.Popen[bytes], *, stop_signal: int = signal.SIGTERM, patience: float = 30) -> None:
    """Ask a process to stop, wait, and kill what is left of its group."""
    if process.poll() is None:
        process.send_signal(stop_signal)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    kill_group(process)
    process.wait()


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and every child it left behind."""
    with suppress(ProcessLookupError, PermissionError):  # nothing left (macOS says EPERM for a group of zombies)
        os.killpg(process.pid, signal.SIGKILL)


class Lock:
    """An advisory lock on a file that names its holder. A file left by a killed holder is no lock."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a+")

    def acquire(self, *, note: str) -> str | None:
        """Take the lock and leave `note` for others; the holder's note where it is taken."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.seek(0)
            return self._file.read().strip() or "another process"
        self._file.seek(0)
        self._file.truncate()
        self._file.write(note)
        self._file.flush()
        return None

    def release(self) -> None:
        """Let others have it. The file stays: removing it would let two holders lock two files."""
        self._file.close()
