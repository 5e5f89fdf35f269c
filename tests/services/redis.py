"""A Redis of the tests' own: on a free port, keeping nothing on disk."""

from __future__ import annotations

import socket
import subprocess
import time
from pathlib import Path

from devtools import programs
from tests.ports import free_port

_PATIENCE = 15.0


class RedisServer:
    """`redis-server` in `folder`; after `stop` it starts again, empty, at the same address."""

    def __init__(self, folder: Path, password: str | None = None) -> None:
        self.port = free_port()
        self.log = folder / "redis.log"
        secret = "" if password is None else f":{password}@"
        self.url = f"redis://{secret}127.0.0.1:{self.port}/0"
        self._password = password
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and return when it answers. Raises AssertionError with its log otherwise."""
        program = programs.locate(programs.REDIS)
        assert program is not None, "redis-server is missing; ./dev test installs or names it"
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", ""]
        if self._password is not None:
            options += ["--requirepass", self._password]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [program, *options], cwd=self.log.parent, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, self.log.read_text(errors="replace")
            assert time.monotonic() < deadline, self.log.read_text(errors="replace")
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as asked:
                asked.sendall(b"PING\r\n")
                return asked.recv(100)[:1] in (b"+", b"-")
        except OSError:
            return False
