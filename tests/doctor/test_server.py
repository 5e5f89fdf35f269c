"""The checklist of a running server: over HTTP for administrators, and beside it."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from aiohttp import ClientSession

from journiv.domain.scope import SYSTEM
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.api.server import ServerProcess
from tests.cli.conftest import command, environment
from tests.conftest import sqlite_store
from tests.doctor.installation import ago
from tests.security.second_factor import switch_on

BEHIND = {"DOMAIN_SCHEME": "https", "TRUSTED_PROXIES": "127.0.0.1/32"}
FORWARDED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
PATH = "/admin/doctor"


async def statuses(admin: ApiClient, **headers: str) -> dict[str, str]:
    answer = await admin.get(PATH, headers=headers)
    assert answer.status == 200, answer.body
    return {row["id"]: row["status"] for row in answer.json}


def beside(server: ServerProcess, **settings: str) -> list[dict[str, Any]]:
    """Return what the command finds in a server's data folder."""
    done = subprocess.run(
        command("doctor", "--json"),
        env=environment(server.folder / "data", ARGON2_PROFILE="low", **settings),
        cwd=server.folder,
        capture_output=True,
        text=True,
        timeout=60,
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


async def test_an_administrator_gets_what_the_command_prints(admin: ApiClient, server):
    answer = await admin.get(PATH)
    shown = beside(server, APP_PORT=str(server.port))
    assert [(row["id"], row["title"]) for row in answer.json] == [
        (row["id"], row["title"]) for row in shown
    ]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_nobody_else_gets_it(client: ApiClient, new_user: NewUser):
    assert (await client.get(PATH)).status == 401
    assert (await (await new_user()).get(PATH)).status == 403


async def test_a_personal_token_does_not_open_it(admin: ApiClient):
    wanted = {"name": "all", "scopes": ["entries:read", "profile:read", "admin:users"]}
    made = await admin.post("/tokens", wanted)
    assert made.status == 201, made.json
    assert (await admin.with_token(made.json["token"]).get(PATH)).status in (401, 403)


async def connect(session: ClientSession, server: ServerProcess) -> ApiClient:
    return await register(ApiClient(session, server.url, server.contract), "sam@example.org")


@pytest.mark.parametrize(
    ("settings", "headers", "proxy", "https"),
    [
        (BEHIND, {}, "warn", "manual"),
        (BEHIND, FORWARDED, "pass", "pass"),
        (BEHIND, FORWARDED | {"X-Forwarded-Proto": "http"}, "pass", "warn"),
        ({}, FORWARDED, "warn", "manual"),
    ],
    ids=["silent proxy", "good proxy", "plain http", "untrusted peer"],
)
async def test_what_requests_show_is_judged_at_once_and_after_the_end(
    session, start_server: StartServer, settings, headers, proxy, https
):
    server = start_server(**settings)
    session.headers.update(headers)
    admin = await connect(session, server)
    found = await statuses(admin)
    assert (found["N1"], found["I5"]) == (proxy, https)
    assert server.stop() == 0
    noted = {row["id"]: row["status"] for row in beside(server, **settings)}
    assert (noted["N1"], noted["I5"], noted["X2"]) == (proxy, https, "pass")
    assert noted["M5"] == "pass"


async def test_what_a_crash_leaves_is_no_damage(session, start_server):
    server = start_server()
    await connect(session, server)
    server.kill()
    found = {row["id"]: row["status"] for row in beside(server)}
    assert (found["D4"], found["E1"]) == ("pass", "pass")


async def test_probes_past_the_proxy_are_no_sign_of_a_silent_one(session, start_server):
    server = start_server(**BEHIND)  # which is asked /livez until it answers
    assert server.stop() == 0
    assert {row["id"]: row["status"] for row in beside(server, **BEHIND)}["N1"] == "manual"


async def test_a_second_factor_is_known_once_it_is_on(session, start_server):
    admin = await connect(session, start_server())
    assert (await statuses(admin))["E2"] == "warn"
    await switch_on(admin)
    assert (await statuses(admin))["E2"] == "pass"


async def test_a_session_that_never_rotates_is_known_after_a_day(session, start_server):
    server = start_server()
    await connect(session, server)
    assert server.stop() == 0
    later = {days: beside(server, JOURNIV_TEST_CLOCK=f"+{days * 86400}") for days in (0, 2)}
    [now, after] = [{row["id"]: row["status"] for row in found} for found in later.values()]
    assert (now["E4"], after["E4"]) == ("pass", "warn")


async def test_a_key_is_old_after_a_year(session, start_server):
    server = start_server()
    assert server.stop() == 0
    found = beside(server, JOURNIV_TEST_CLOCK=f"+{366 * 86400}")
    assert {row["id"]: row["status"] for row in found}["M5"] == "warn"


async def test_wrong_passwords_are_what_refused_sign_ins_counts(session, start_server):
    server = start_server()
    await connect(session, server)
    stranger = ApiClient(session, server.url, server.contract)
    wrong = {"email": "sam@example.org", "password": "not-this-one-at-all"}
    assert (await stranger.post("/auth/login", wrong)).status == 401
    server.kill()
    async with sqlite_store(server.folder / "data" / "journiv.db") as store:
        count = await store.read(SYSTEM, lambda tx: tx.audit.count("refused", ago(hours=1)))
    assert count == 1
