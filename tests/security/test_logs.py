"""Logs: lines nobody can forge, ids that lead from an error to its line, and the audit log."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.api.client import ApiClient
from tests.api.conftest import StartServer, register
from tests.api.server import ServerProcess
from tests.cli.conftest import command, environment
from tests.security.mishaps import FAIL, SAY, installed
from tests.security.raw import ask

FORGED = '{"level":"ERROR","message":"forged"}'
ENDS = ("\n", "\r\n", "\u2028", "\u2029", "\x85", "\x1b[2K\r", "\x0b", "\x0c", "\x1e", "\b" * 200)
INTERNAL = re.compile(r"Traceback|Error|Exception|SELECT|sqlite|\.py\b|mishaps", re.IGNORECASE)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with the plugin of mishaps."""
    settings = {"LOG_LEVEL": "DEBUG", **installed(tmp_path_factory.mktemp("site"))}
    process = ServerProcess(tmp_path_factory.mktemp("logs"), settings)
    process.start()
    yield process
    process.kill()


@pytest.fixture
async def stranger(server: ServerProcess) -> AsyncIterator[ApiClient]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield ApiClient(session, server.url, server.contract)


def lines_with(server: ServerProcess, words: str, count: int = 1) -> list[str]:
    """Wait until `count` lines of the log hold the words, and return those that do."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        text = server.log.read_text()
        found = [line for line in text.splitlines() if words in line]
        if len(found) >= count:
            return found
        time.sleep(0.02)
    raise AssertionError(f"{words} is not in the log")


async def fail(stranger: ApiClient, text: str) -> tuple[int, dict[str, str], Any]:
    """Force an error inside a handler; past the contract, which allows no 500."""
    url = f"{stranger.url}/api/v1{FAIL}"
    async with stranger.session.post(url, json={"text": text}) as answer:
        return answer.status, dict(answer.headers), await answer.json(content_type=None)


@pytest.mark.parametrize("end", ENDS)
async def test_LOG_2_what_ends_a_line_somewhere_ends_none_in_the_log(
    server: ServerProcess, stranger: ApiClient, end: str
) -> None:
    mark = f"mark-{ENDS.index(end)}-"
    text = f"{mark}{end}{FORGED}{end}tail-of-it"
    await stranger.post(SAY, {"text": text.encode("unicode_escape").decode()})
    [line] = lines_with(server, mark)
    assert "tail-of-it" in line
    assert json.loads(line)["level"] == "WARNING"
    assert line.isprintable()
    assert line.isascii()


async def test_LOG_2_a_forwarded_address_cannot_forge_a_line(start_server: StartServer) -> None:
    server = start_server(TRUSTED_PROXIES="127.0.0.1/32")
    for address in ("fe80::1%\xe2\x80\xa8forged", "1.2.3.4\tforged", "::1%forged"):
        await ask(server, "GET", "/livez", f"X-Forwarded-For: {address}")
    await ask(server, "GET", "/livez", "X-Request-ID: the-last-one")
    lines_with(server, "the-last-one")
    assert "forged" not in server.log.read_text()


async def test_ERR_4_the_id_of_an_error_is_the_logs_wherever_it_came_from(
    server: ServerProcess, stranger: ApiClient
) -> None:
    for sent in ({}, {"X-Request-ID": "chosen-by-the-client"}):
        answer = await stranger.get("/nothing-here", headers=sent)
        request_id = answer.json["request_id"]
        assert answer.headers["X-Request-ID"] == request_id == sent.get("X-Request-ID", request_id)
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert {"type", "title", "status", "detail"} <= answer.json.keys()
        [line] = lines_with(server, request_id)
        assert json.loads(line)["request_id"] == request_id
        assert json.loads(line)["status"] == 404


async def test_ERR_5_an_internal_error_tells_its_id_and_nothing_else(
    server: ServerProcess, stranger: ApiClient
) -> None:
    status, headers, body = await fail(stranger, "dear diary")
    assert status == 500
    assert body == {
        "type": "about:blank",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "An unexpected error occurred.",
        "error": "internal_server_error",
        "message": "Something went wrong here.",
        "request_id": headers["X-Request-ID"],
    }
    assert [value for value in headers.values() if INTERNAL.search(value)] == []


async def test_ERR_4_the_log_says_where_an_internal_error_happened_and_quotes_nobody(
    server: ServerProcess, stranger: ApiClient
) -> None:
    _, headers, _ = await fail(stranger, "dear diary, dear diary")
    failed, answered = lines_with(server, headers["X-Request-ID"], 2)
    assert json.loads(answered)["status"] == 500
    record = json.loads(failed)
    assert record["level"] == "ERROR"
    assert "in fail" in record["trace"]
    assert record["trace"].endswith("builtins.ValueError")
    assert "dear diary" not in server.log.read_text()


async def test_LOG_4_a_flood_of_csp_reports_is_bounded_and_said_in_one_line(
    start_server: StartServer,
) -> None:
    server = start_server(RATE_LIMIT_ENABLED="true", LOG_LEVEL="DEBUG")
    body = json.dumps({"csp-report": {"document-uri": "https://diary/flooding-secret"}}).encode()
    statuses, started = [], time.monotonic()
    for _ in range(100):
        answer = await ask(
            server, "POST", "/api/v1/security/csp-report",
            "Content-Type: application/csp-report", body=body,
        )  # fmt: skip
        statuses.append(answer.status)
    refilled = int((time.monotonic() - started) / 6) + 1
    assert 10 <= statuses.count(200) <= 10 + refilled
    assert set(statuses) == {200, 429}
    [_] = lines_with(server, "CSP violations")
    assert "flooding-secret" not in server.log.read_text()


def _flip(server: ServerProcess, column: str) -> None:
    """Change one byte in one row of the audit log."""
    with closing(sqlite3.connect(server.folder / "data" / "journiv.db")) as connection, connection:
        old = connection.execute(f"SELECT {column} FROM audit WHERE number = 1").fetchone()[0]
        new = chr(ord(old[0]) ^ 1) + old[1:]
        connection.execute(f"UPDATE audit SET {column} = ? WHERE number = 1", (new,))


def _verified(server: ServerProcess) -> tuple[int, str]:
    done = subprocess.run(
        command("audit", "verify"),
        env=environment(server.folder / "data"),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


async def test_LOG_5_the_audit_log_verifies_and_one_flipped_byte_is_found(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    await register(ApiClient(session, server.url, server.contract), "sam@example.org")
    assert server.stop() == 0
    code, told = _verified(server)
    assert (code, "as it was written" in told) == (0, True)
    for column in ("event", "seal"):
        _flip(server, column)
        code, told = _verified(server)
        assert (code, "Row 1 is not as it was written" in told) == (1, True)
        _flip(server, column)
        assert _verified(server)[0] == 0


async def test_LOG_6_what_the_server_writes_is_its_owners_alone(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(JOURNIV_TYPING_ERROR="x")
    await register(ApiClient(session, server.url, server.contract), "sam@example.org")
    modes = {path: _mode(path) for path in (server.folder / "data").rglob("*")}
    names = {path.name for path in modes}
    assert {"journiv.db", "journiv.db-wal", "warnings.log"} <= names
    assert {oct(mode) for path, mode in modes.items() if path.is_file()} == {"0o600"}
    assert _mode(server.folder / "data") == 0o700


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
