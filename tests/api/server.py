"""A real server in a process of its own."""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from tests.api.contract import Contract
from tests.api.secrecy import secrets_in
from tests.ports import free_port

SECRET_KEY = "a-key-for-tests-and-for-nothing-else-0123456789"

_PATIENCE = 30.0
_ENVIRONMENT = {
    "ENVIRONMENT": "test",
    "SECRET_KEY": SECRET_KEY,
    "ARGON2_PROFILE": "low",
    "LOG_LEVEL": "DEBUG",
    "JOURNIV_WEB": "off",
    "PYTHONWARNINGS": "error::DeprecationWarning:journiv",
}
_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "COVERAGE_PROCESS_START")


class ServerProcess:
    """`journiv serve` on a free port, with the given settings and a data folder of its own.

    `within` is put before the command, for a namespace of its own.
    """

    def __init__(
        self, folder: Path, settings: Mapping[str, str], within: Sequence[str] = ()
    ) -> None:
        self._within = within
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self._settings = dict(settings)
        self._process: subprocess.Popen[bytes] | None = None
        self._contract: Contract | None = None

    @property
    def database_url(self) -> str | None:
        """Where it keeps its data, unless that is its own folder."""
        return self._settings.get("DATABASE_URL")

    @property
    def location(self) -> dict[str, str]:
        """The settings that lead a command to the same data."""
        data = {"JOURNIV_DATA": str(self.folder / "data")}
        return data if self.database_url is None else data | {"DATABASE_URL": self.database_url}

    @property
    def contract(self) -> Contract:
        """What this server promises, read once."""
        if self._contract is None:
            self._contract = Contract(self.get("/api/v1/openapi.json"))
        return self._contract

    def start(self, **settings: str) -> None:
        """Start, with some settings changed, and return when it answers.

        Raises AssertionError with its log otherwise.
        """
        self._settings.update(settings)
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment = {
            **kept,
            **_ENVIRONMENT,
            "APP_PORT": str(self.port),
            "JOURNIV_DATA": str(self.folder / "data"),
            **self._settings,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*self._within, sys.executable, "-m", "journiv", "serve"],
                env=environment,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self._await_answer(self._process)

    def stop(self, patience: float = 30.0) -> int:
        """Ask it to end and return its exit code."""
        if self._process is None:
            return 0
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(patience)
        finally:
            self._process.kill()
            self._process.wait()
        self._keeps_secrets()
        return code

    def restart(self, **settings: str) -> None:
        """Stop, and start again on the same data and port with some settings changed."""
        assert self.stop() == 0, self.log.read_text(errors="replace")
        self._settings.update(settings)
        self.start()

    @property
    def pid(self) -> int:
        """The process that answers."""
        assert self._process is not None
        return self._process.pid

    def kill(self) -> None:
        """End it the hard way."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._keeps_secrets()

    def _keeps_secrets(self) -> None:
        """Raise AssertionError when its log, at DEBUG, holds what it was told in confidence."""
        assert secrets_in(self.log.read_text(errors="replace")) == []

    def get(self, path: str) -> Any:
        """Read one JSON document, unchecked."""
        return self._ask("GET", path, None)

    def post(self, path: str, body: Any) -> Any:
        """Send one JSON document, unchecked, and return the answer's."""
        return self._ask("POST", path, orjson.dumps(body))

    def _ask(self, method: str, path: str, body: bytes | None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            read = answer.read()
            assert answer.status in (200, 201), read
            return orjson.loads(read)
        finally:
            connection.close()

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            assert process.poll() is None, self.log.read_text(errors="replace")
            try:
                self.get("/livez")
            except OSError:
                time.sleep(0.02)
            else:
                return
        process.kill()
        raise AssertionError(f"no answer in time: {self.log.read_text(errors='replace')}")
