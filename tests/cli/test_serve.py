from __future__ import annotations

import http.client
import json
import signal
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import command, environment

NOT_CONFIGURED = 78
Serve = Callable[..., "Server"]


class Server:
    """A server on a free port; `first` is the line that announces it."""

    def __init__(self, data: Path, log: Path, settings: dict[str, str]) -> None:
        self.log = log
        with log.open("wb") as errors:
            self.process = subprocess.Popen(
                command("serve", "--port", "0"),
                env=environment(data, **settings),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self.process.stdout is not None
        self.first = self.process.stdout.readline()
        self.port = int(self.first.rpartition(":")[2] or 0)

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        finally:
            connection.close()

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    started: list[Server] = []

    def start(**settings: str) -> Server:
        log = tmp_path / f"log-{len(started)}"
        started.append(Server(tmp_path / "data", log, settings))
        return started[-1]

    yield start
    for server in started:
        if server.process.poll() is None:
            server.process.kill()
        server.process.communicate()


def test_it_announces_itself_answers_and_stops_in_good_order(serve, journiv):
    server = serve()
    assert server.first.startswith("Journiv 0.1.0 serves http://127.0.0.1:")
    assert server.get("/api/v1/health") == 200
    assert journiv("health", APP_PORT=str(server.port)).returncode == 0
    assert server.stop(signal.SIGTERM) == 0
    assert journiv("health", APP_PORT=str(server.port)).returncode == 1


def test_ctrl_c_stops_it_too(serve):
    assert serve().stop(signal.SIGINT) == 0


def test_what_it_writes_is_nobody_elses(serve, tmp_path):
    server = serve(ENVIRONMENT="development", SECRET_KEY="")
    assert server.get("/livez") == 200
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "data").iterdir()}
    assert {"journiv.db", "secret.key"} <= set(modes)
    assert modes.pop("media") == 0o700
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_a_taken_port_is_a_sentence(journiv):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = journiv("serve", APP_PORT=str(port))
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr.splitlines()[-1] == (
        f"journiv: Cannot listen on 127.0.0.1, port {port}: address already in use. "
        "Choose another with APP_HOST and APP_PORT."
    )


def test_production_without_a_key_does_not_start(journiv, tmp_path):
    refused = journiv("serve", ENVIRONMENT="production", SECRET_KEY="")
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr == (
        "journiv: SECRET_KEY is not set, and production needs one. "
        "Make one with: openssl rand -base64 32\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_used_is_said_at_once(journiv, tmp_path):
    (tmp_path / "file").write_text("")
    refused = journiv("serve", JOURNIV_DATA=str(tmp_path / "file" / "data"))
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr.splitlines()[-1] == (
        f"journiv: {tmp_path}/file/data/journiv.db cannot be opened: Not a directory. "
        "Set JOURNIV_DATA or DATABASE_URL to a place this account may write to."
    )


def test_a_database_of_a_newer_release_is_left_alone(journiv, tmp_path):
    assert journiv("migrate").returncode == 0
    with closing(sqlite3.connect(tmp_path / "data" / "journiv.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
    refused = journiv("serve")
    assert refused.returncode == NOT_CONFIGURED
    assert "newer" in refused.stderr.splitlines()[-1]
    assert "Traceback" not in refused.stderr


def test_manual_migration_is_waited_for(journiv):
    refused = journiv("serve", JOURNIV_MIGRATE="manual", APP_PORT="0")
    assert refused.returncode == NOT_CONFIGURED
    assert refused.stderr.splitlines()[-1].endswith(
        "and JOURNIV_MIGRATE=manual. Run: journiv migrate"
    )


def test_it_warns_while_anybody_may_become_the_administrator(serve):
    warned = "whoever registers first becomes the administrator"
    for settings, expected in (({}, True), ({"SETUP_TOKEN": "only-the-owner-knows"}, False)):
        server = serve(ENVIRONMENT="production", **settings)
        assert server.stop(signal.SIGTERM) == 0
        assert (warned in server.log.read_text()) is expected


def test_logs_are_json_outside_development(serve):
    server = serve(ENVIRONMENT="production")
    server.get("/api/v1/health?token=not-for-logs")
    assert server.stop(signal.SIGTERM) == 0
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(one["route"], one["status"]) for one in requests] == [("/api/v1/health", 200)]
    assert "not-for-logs" not in server.log.read_text()
