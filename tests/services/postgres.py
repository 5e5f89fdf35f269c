"""A PostgreSQL of the tests' own: on a free port, as another account where root is refused."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from devtools import programs
from tests.ports import free_port

_PATIENCE = 60.0
_ROLE = "journiv"


class PostgresServer:
    """`postgres` with a folder of its own; after `stop` it starts again with what it had.

    `durable` keeps fsync on, for tests that end it the hard way. The folder is not one of
    pytest's, which only their owner may enter: as root, PostgreSQL has to be another account.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="journiv-postgres-"))
        self._data = self._folder / "cluster"
        self._log = self._folder / "postgres.log"
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0

    def start(self) -> None:
        """Start, and return when it answers. Raises AssertionError with its log otherwise."""
        if not self._data.exists():
            self._initialise()
        options = ["-D", str(self._data), "-k", str(self._folder), "-p", str(self.port)]
        options += ["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=200"]
        if not self._durable:
            options.append("-F")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [_program("postgres"), *options], stdout=log, stderr=log, **_account()
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self._log.read_text(errors="replace")
            assert time.monotonic() < deadline, self._log.read_text(errors="replace")
            time.sleep(0.05)

    def stop(self, *, kill: bool = False) -> None:
        """End it; `kill` leaves it no time to write anything down."""
        if self._process is not None:
            self._process.kill() if kill else self._process.terminate()
            self._process.wait()
            self._process = None

    def abort(self) -> None:
        """End it as `pg_ctl stop -m immediate` does: the next start has to recover."""
        assert self._process is not None
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        self._process = None

    def remove(self) -> None:
        """End it and delete its files."""
        self.stop(kill=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def replica(self) -> PostgresServer:
        """Return a server that streams from this one; start it like any other."""
        made = PostgresServer(durable=self._durable)
        if os.geteuid() == 0:
            shutil.chown(made._folder, _account_name())
        command = [_program("pg_basebackup"), "-D", str(made._data), "-R", "-c", "fast"]
        command += ["--no-sync", "-d", f"postgresql://{_ROLE}@127.0.0.1:{self.port}"]
        copied = subprocess.run(command, capture_output=True, text=True, cwd="/", **_account())
        assert copied.returncode == 0, copied.stderr
        return made

    @property
    def pid(self) -> int:
        """Its first process."""
        assert self._process is not None
        return self._process.pid

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        self._made += 1
        name = f"journiv_{self._made}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, database: str, role: str = _ROLE) -> str:
        """Return the URL of a database."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    @property
    def socket_folder(self) -> Path:
        """Where its local socket is."""
        return self._folder

    def run(self, sql: str, database: str = "postgres") -> str:
        """Run SQL as the owner of everything and return what psql prints, bare."""
        command = [_program("psql"), "-qAt", "-v", "ON_ERROR_STOP=1", "-c", sql, self.url(database)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def _initialise(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self._folder, _account_name())
        command = [_program("initdb"), "-D", str(self._data), "-U", _ROLE, "-A", "trust"]
        command += ["--no-sync", "--locale=C.UTF-8", "--encoding=UTF8"]
        made = subprocess.run(command, capture_output=True, text=True, cwd="/", **_account())
        assert made.returncode == 0, made.stderr

    def _answers(self) -> bool:
        command = [_program("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0


def _program(name: str) -> str:
    found = programs.locate(programs.POSTGRES._replace(name=name))
    assert found is not None, f"{name} is missing; ./dev test installs or names it"
    return found


def _account_name() -> str:
    """Return whom PostgreSQL may run as: it refuses root."""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _account() -> Mapping[str, str]:
    return {"user": _account_name()} if os.geteuid() == 0 else {}
