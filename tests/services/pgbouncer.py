"""A pgbouncer of the tests' own, in transaction mode, in front of their PostgreSQL."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time

from devtools import programs
from tests.ports import free_port
from tests.services.postgres import PostgresServer

_PATIENCE = 15.0


class PgBouncer:
    """Gives each transaction whichever of its few connections is free."""

    def __init__(self, server: PostgresServer, connections: int = 3) -> None:
        self.port = free_port()
        self._settings = server.socket_folder / f"pgbouncer-{self.port}.ini"
        self._settings.write_text(
            f"[databases]\n* = host=127.0.0.1 port={server.port} user=journiv\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\n"
            "unix_socket_dir =\nauth_type = any\npool_mode = transaction\n"
            f"default_pool_size = {connections}\nmax_client_conn = 100\n"
        )
        if os.geteuid() == 0:
            shutil.chown(self._settings, server.socket_folder.owner())
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers."""
        program = programs.locate(programs.PGBOUNCER)
        assert program is not None, "pgbouncer is missing; ./dev test installs or names it"
        user = ["-u", self._settings.owner()] if os.geteuid() == 0 else []
        command = [program, "-q", *user, str(self._settings)]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, "pgbouncer ended"
            assert time.monotonic() < deadline, "pgbouncer does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def url(self, url: str) -> str:
        """Return the URL of the same database by way of the pooler."""
        return f"postgresql://journiv@127.0.0.1:{self.port}/{url.rpartition('/')[2]}"

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return True
        except OSError:
            return False
