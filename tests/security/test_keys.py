"""Keys (security.md §4.3, KEY): changed, refused at start, kept from processes.

What a change does under load is in tests/soak/test_key_changes.py.
"""

from __future__ import annotations

import asyncio
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.conftest import StartServer, sign_in
from tests.api.server import SECRET_KEY, ServerProcess
from tests.security.second_factor import answer_with, challenge, finish, number_of, switch_on
from tests.security.stages import log_in, people_at, refresh, renewed, status_of

UNREADABLE = "A stored secret cannot be read with this SECRET_KEY"


def change_key(server: ServerProcess, key: str, previous: str) -> str:
    """Restart with another key; the one that was is still known when it is `previous`."""
    server.restart(SECRET_KEY=key, SECRET_KEY_PREVIOUS=previous)
    return key


@pytest.mark.parametrize("mode", ["strict", "adaptive"])
async def test_KEY_1_without_the_old_key_every_session_is_over_and_signing_in_works(
    start_server: StartServer, session: ClientSession, mode: str
) -> None:
    server = start_server(REFRESH_ROTATION=mode)
    [person] = await people_at(server, session, "a")
    fresh, used = await log_in(person), await log_in(person)
    used = (await refresh(person, used["refresh_token"])).json
    await asyncio.to_thread(change_key, server, secrets.token_urlsafe(48), "")
    for tokens in (fresh, used):
        assert await status_of(person, tokens["access_token"]) == 401
        assert (await refresh(person, tokens["refresh_token"])).status == 401
    again = await sign_in(person.anonymous(), person.user["email"])
    assert (await again.get("/users/me")).status == 200
    events = {one["event"] for one in (await again.get("/users/me/audit")).json}
    assert "token.reuse" not in events


async def test_KEY_1_a_forgotten_old_key_may_be_brought_back(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    [person] = await people_at(server, session, "a")
    tokens = await log_in(person)
    key = await asyncio.to_thread(change_key, server, secrets.token_urlsafe(48), "")
    assert (await refresh(person, tokens["refresh_token"])).status == 401
    await asyncio.to_thread(change_key, server, key, SECRET_KEY)
    assert (await refresh(person, tokens["refresh_token"])).status == 200


async def test_KEY_1_what_was_renewed_with_the_new_key_needs_the_old_one_no_longer(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    [person] = await people_at(server, session, "a")
    used, unused = await log_in(person), await log_in(person)
    key = await asyncio.to_thread(change_key, server, secrets.token_urlsafe(48), SECRET_KEY)
    second = await renewed(person, used["refresh_token"])
    third = await renewed(person, second)  # of the new key, as adaptive sessions rotate here first
    await asyncio.to_thread(change_key, server, key, "")
    await renewed(person, third)
    assert (await refresh(person, unused["refresh_token"])).status == 401


async def test_KEY_1_a_second_factor_needs_the_old_key_and_recovery_codes_do_not(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    [person] = await people_at(server, session, "a")
    secret, codes = await switch_on(person)
    first = secrets.token_urlsafe(48)
    await asyncio.to_thread(change_key, server, first, SECRET_KEY)
    assert (await finish(person, number_of(secret))).status == 200
    await asyncio.to_thread(change_key, server, secrets.token_urlsafe(48), "")
    unread = await answer_with(person, await challenge(person), number_of(secret, 1))
    assert (unread.status, unread.detail) == (503, UNREADABLE)
    assert (await answer_with(person, await challenge(person), codes[0])).status == 200


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (None, "SECRET_KEY is not set, and production needs one."),
        ("", "SECRET_KEY is not set, and production needs one."),
        ("your-secret-key-change-me-in-production", "SECRET_KEY is a placeholder"),
        ("changeme", "SECRET_KEY is a placeholder"),
        ("0" * 64, "SECRET_KEY is a placeholder"),
        ("x" * 64, "SECRET_KEY is a placeholder"),
    ],
)
def test_KEY_2_production_refuses_to_start_with_a_key_that_is_none(
    tmp_path: Path, key: str | None, said: str
) -> None:
    settings = {"ENVIRONMENT": "production", "JOURNIV_DATA": str(tmp_path), "APP_PORT": "0"}
    if key is not None:
        settings["SECRET_KEY"] = key
    ended = subprocess.run(
        [sys.executable, "-m", "journiv", "serve"],
        env=settings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode != 0
    assert said in ended.stderr
    assert "openssl rand -base64 32" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not key or key not in ended.stdout + ended.stderr


async def test_KEY_2_a_short_key_is_warned_of(start_server: StartServer) -> None:
    server = start_server(ENVIRONMENT="production", SECRET_KEY="mQ4v9Lk2Tz")
    assert "SECRET_KEY has 10 characters; use at least 32." in server.log.read_text()
    assert "mQ4v9Lk2Tz" not in server.log.read_text()


def processes_of(pid: int) -> list[int]:
    """A process and all below it."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for thread in threads for child in thread.read_text().split()]
    return [pid, *(one for child in children for one in processes_of(child))]


async def test_KEY_4_the_environment_of_the_processes_holds_no_secret(
    start_server: StartServer, session: ClientSession
) -> None:
    given = {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SECRET_KEY_PREVIOUS": secrets.token_urlsafe(48),
        "SETUP_TOKEN": secrets.token_urlsafe(16),
        "OIDC_CLIENT_SECRET": secrets.token_urlsafe(16),
        "REDIS_URL": f"redis://:{secrets.token_urlsafe(16)}@127.0.0.1:1/0",
    }
    # No Redis listens there, and a limiter that uses it waits for it before the server answers.
    server = start_server(
        **given, APP_NAME="Diary of this test", JOURNIV_PLUGINS_DISABLED="ratelimit_redis"
    )
    for pid in processes_of(server.pid):
        seen = Path(f"/proc/{pid}/environ").read_bytes()
        assert [name for name, value in given.items() if value.encode() in seen] == []
        assert b"APP_NAME=Diary of this test" in seen
