from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientSession

from journiv.domain import totp
from tests.api import database
from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.api.server import ServerProcess
from tests.cli.conftest import Journiv, journiv

__all__ = ["journiv"]

NEXT = 1
NOW = "2026-03-15T12:00:10Z"
STANDS_STILL = {"JOURNIV_TEST_CLOCK": f"={NOW}"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server whose clock stands still, so that no code grows old during a test."""
    process = ServerProcess(tmp_path_factory.mktemp("still"), STANDS_STILL)
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


@pytest.fixture(scope="module")
def signed_in() -> dict[str, ApiClient]:
    return {}


def code(secret: str, ahead: int = 0) -> str:
    seed = base64.b32decode(secret + "=" * (-len(secret) % 8))
    return totp.code_at(seed, int(datetime.fromisoformat(NOW).timestamp()) // totp.STEP + ahead)


async def switch_on(person: ApiClient) -> tuple[str, list[str]]:
    """Enrol with the code of the step before, so that the present one is still good."""
    made = await person.post("/users/me/totp")
    assert made.status == 201, made.json
    secret = made.json["secret"]
    answer = await person.post("/users/me/totp/confirm", {"code": code(secret, -1)})
    assert answer.status == 200, answer.json
    return secret, answer.json["recovery_codes"]


async def knock(person: ApiClient) -> Answer:
    body = {"email": person.user["email"], "password": person.password}
    return await person.anonymous().post("/auth/login", body)


async def finish(person: ApiClient, token: str, number: str) -> Answer:
    return await person.anonymous().post("/auth/mfa", {"mfa_token": token, "code": number})


async def challenge(person: ApiClient) -> str:
    token: str = (await knock(person)).json["mfa_token"]
    return token


async def test_a_password_alone_gives_no_token(new_user: NewUser) -> None:
    person = await new_user()
    await switch_on(person)
    answer = await knock(person)
    assert (answer.status, answer.json["error"]) == (401, "mfa_required")
    assert "access_token" not in answer.json
    form = {"username": person.user["email"], "password": person.password}
    other = await person.anonymous().request("POST", "/auth/token", data=form)
    assert (other.status, other.json["error"]) == (401, "mfa_required")
    assert (await person.with_token(answer.json["mfa_token"]).get("/users/me")).status == 401


async def test_a_code_finishes_the_sign_in_once(new_user: NewUser) -> None:
    person = await new_user()
    secret, _ = await switch_on(person)
    token, number = await challenge(person), code(secret)
    done = await finish(person, token, number)
    assert done.status == 200
    assert (await person.with_token(done.json["access_token"]).get("/users/me")).status == 200
    assert (await finish(person, token, code(secret, NEXT))).status == 401
    assert (await finish(person, await challenge(person), number)).status == 401
    assert (await finish(person, await challenge(person), code(secret, NEXT))).status == 200


async def test_a_recovery_code_works_once(new_user: NewUser) -> None:
    person = await new_user()
    _, codes = await switch_on(person)
    assert len(codes) == 10
    assert (await finish(person, await challenge(person), codes[3].upper())).status == 200
    assert (await finish(person, await challenge(person), codes[3])).status == 401
    assert (await person.get("/users/me/totp")).json == {"is_on": True, "recovery_codes_left": 9}


async def test_the_sixth_guess_is_too_many(new_user: NewUser) -> None:
    person = await new_user()
    secret, _ = await switch_on(person)
    token = await challenge(person)
    for _ in range(5):
        assert (await finish(person, token, "no code")).status == 401
    assert (await finish(person, token, code(secret))).status == 401
    assert (await finish(person, await challenge(person), code(secret))).status == 200


@pytest.mark.parametrize("token", ["", "jmfa_made-up", "x" * 200])
async def test_without_the_first_factor_a_code_is_nothing(new_user: NewUser, token: str) -> None:
    person = await new_user()
    secret, _ = await switch_on(person)
    assert (await finish(person, token, code(secret))).status == 401


async def test_switching_off_takes_a_code_and_ends_other_sessions(new_user: NewUser) -> None:
    person = await new_user()
    secret, codes = await switch_on(person)
    other = (await finish(person, await challenge(person), code(secret))).json["access_token"]
    assert (await person.post("/users/me/totp/disable", {"code": "no code"})).status == 400
    assert (await person.post("/users/me/totp/disable", {"code": codes[0]})).status == 204
    assert (await person.get("/users/me")).status == 200
    assert (await person.with_token(other).get("/users/me")).status == 401
    assert (await knock(person)).status == 200


async def test_twenty_wrong_codes_a_day_end_guessing_with_an_open_session_too(
    new_user: NewUser,
) -> None:
    person = await new_user()
    secret, codes = await switch_on(person)
    for _ in range(10):
        wrong = await person.post("/users/me/totp/disable", {"code": "no code"})
        assert (wrong.status, wrong.detail) == (400, "This code is not right")
        body = {"password": person.password, "code": "no code"}
        assert (await person.post("/auth/reauthenticate", body)).status == 400
    for right in (code(secret), codes[0]):
        assert (await person.post("/users/me/totp/disable", {"code": right})).status == 400
        assert (await finish(person, await challenge(person), right)).status == 401


async def test_wrong_codes_while_enrolling_are_no_guesses(new_user: NewUser) -> None:
    person = await new_user()
    secret = (await person.post("/users/me/totp")).json["secret"]
    for _ in range(25):
        await person.post("/users/me/totp/confirm", {"code": "no code"})
    confirmed = await person.post("/users/me/totp/confirm", {"code": code(secret)})
    assert confirmed.status == 200


async def test_confirming_who_one_is_takes_the_code_too(new_user: NewUser) -> None:
    person = await new_user()
    secret, _ = await switch_on(person)
    body: dict[str, Any] = {"password": person.password}
    assert (await person.post("/auth/reauthenticate", body)).status == 400
    body["code"] = code(secret)
    assert (await person.post("/auth/reauthenticate", body)).status == 204


async def test_an_unconfirmed_secret_asks_for_nothing(new_user: NewUser) -> None:
    person = await new_user()
    await person.post("/users/me/totp")
    assert (await person.post("/users/me/totp/confirm", {"code": "000"})).status == 400
    assert (await knock(person)).status == 200


async def test_a_reset_link_does_not_replace_the_second_factor(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    await switch_on(person)
    link = (await admin.post(f"/admin/users/{person.user['id']}/reset-link")).json["token"]
    person.password = "another-Lantern-quite-48"
    body = {"token": link, "password": person.password}
    assert (await person.anonymous().post("/auth/reset", body)).status == 204
    assert (await knock(person)).json["error"] == "mfa_required"


async def test_an_administrator_switches_off_what_somebody_has_lost(
    new_user: NewUser, admin: ApiClient
) -> None:
    person = await new_user()
    await switch_on(person)
    token = await challenge(person)
    path = f"/admin/users/{person.user['id']}/totp"
    assert (await (await new_user()).delete(path)).status == 403
    answer = await admin.delete(path)
    assert (answer.status, answer.body) == (204, b"")
    assert (await person.get("/users/me")).status == 401
    assert (await finish(person, token, "000000")).status == 401
    entered = await knock(person)
    assert entered.status == 200
    person = person.with_token(entered.json["access_token"])
    assert (await person.get("/users/me/totp")).json == {"is_on": False, "recovery_codes_left": 0}
    told = [(one["event"], one["by"]) for one in (await person.get("/users/me/audit")).json]
    assert ("totp.off", "administrator") in told
    again = await admin.delete(path)
    assert (again.status, again.detail) == (400, "This account has no second factor")


async def test_an_administrator_does_not_switch_off_their_own(admin: ApiClient) -> None:
    own = await admin.delete(f"/admin/users/{admin.user['id']}/totp")
    assert (own.status, "with one of its codes" in own.detail) == (400, True)


async def test_the_shell_switches_off_what_somebody_has_lost(
    start_server: StartServer, session: ClientSession, journiv: Journiv
) -> None:
    server = start_server(**STANDS_STILL)
    person = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    await switch_on(person)
    done = journiv("user", "mfa-off", "A@example.org", **server.location)
    assert done.returncode == 0, done.stderr
    assert (await person.get("/users/me")).status == 401
    assert (await knock(person)).status == 200
    for email in ("a@example.org", "nobody@example.org"):
        assert journiv("user", "mfa-off", email, **server.location).returncode == 1


async def test_the_database_holds_no_secret_in_the_clear_and_forgets_the_deleted(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server(**STANDS_STILL)
    stranger = ApiClient(session, server.url, server.contract)
    await register(stranger, "a@example.org")
    person = await register(stranger, "b@example.org")
    secret, codes = await switch_on(person)
    stored = database.dump(server)
    assert secret not in stored
    assert codes[0] not in stored
    assert (await person.delete("/users/me")).status == 200
    left = database.run(server, "SELECT key FROM key_values WHERE namespace = 'totp'")
    assert left == []
