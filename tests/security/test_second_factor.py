"""The second factor (security.md §4.3, MFA)."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer
from tests.security.second_factor import (
    STEP,
    answer_with,
    challenge,
    code_at,
    finish,
    number_of,
    step_now,
    switch_on,
)
from tests.security.stages import MINUTE, later, log_in, people_at

Protected = tuple[ApiClient, str, list[str]]


@pytest.fixture
async def protected(new_user: NewUser) -> Protected:
    """Somebody with a second factor, its secret and recovery codes."""
    person = await new_user()
    return (person, *await switch_on(person))


async def test_MFA_1_a_code_signs_in_once(protected: Protected) -> None:
    person, secret, _ = protected
    code = number_of(secret)
    assert (await finish(person, code)).status == 200
    assert (await finish(person, code)).status == 401


async def test_MFA_1_of_eight_sign_ins_at_once_with_one_code_one_succeeds(
    protected: Protected,
) -> None:
    person, secret, _ = protected
    tokens = [await challenge(person) for _ in range(8)]
    code = number_of(secret)
    answers = await asyncio.gather(*(answer_with(person, token, code) for token in tokens))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 7


async def test_MFA_1_codes_before_the_last_accepted_one_are_over(protected: Protected) -> None:
    person, secret, _ = protected
    assert (await finish(person, number_of(secret, 1))).status == 200
    assert (await finish(person, number_of(secret, 0))).status == 401


async def test_MFA_2_one_step_to_each_side_is_accepted_and_two_are_not(
    start_server: StartServer, session: ClientSession
) -> None:
    # The server's clock starts in the first second of a step, so that no step ends meanwhile.
    step = step_now() + 10
    start = datetime.fromtimestamp(step * STEP + 1, UTC).isoformat()
    server = start_server(JOURNIV_TEST_CLOCK=start)
    began = time.monotonic()
    verdicts = {}
    for ahead, person in zip(
        (-2, -1, 0, 1, 2), await people_at(server, session, *"abcde"), strict=True
    ):
        secret = (await person.post("/users/me/totp")).json["secret"]
        body = {"code": code_at(secret, step + ahead)}
        verdicts[ahead] = (await person.post("/users/me/totp/confirm", body)).status
    assert time.monotonic() - began < STEP - 5, "this machine is too slow for the test"
    assert verdicts == {-2: 400, -1: 200, 0: 200, 1: 200, 2: 400}


async def test_MFA_3_the_sixth_guess_is_blocked_even_when_it_is_right(
    protected: Protected,
) -> None:
    person, secret, _ = protected
    token = await challenge(person)
    for _ in range(5):
        assert (await answer_with(person, token, "000000x")).status == 401
    assert (await answer_with(person, token, number_of(secret))).status == 401


async def test_MFA_3_twenty_wrong_codes_a_day_are_the_end_of_guessing(
    protected: Protected,
) -> None:
    person, secret, _ = protected
    for _ in range(4):
        token = await challenge(person)
        for _ in range(5):
            assert (await answer_with(person, token, "000000x")).status == 401
    assert (await finish(person, number_of(secret))).status == 401


async def test_MFA_4_a_recovery_code_works_once_however_it_is_typed(
    protected: Protected,
) -> None:
    person, _, codes = protected
    assert (await finish(person, codes[0].replace("-", " ").upper())).status == 200
    assert (await finish(person, codes[0])).status == 401
    assert (await finish(person, codes[1])).status == 200


async def test_MFA_4_of_eight_uses_of_a_recovery_code_at_once_one_succeeds(
    protected: Protected,
) -> None:
    person, _, codes = protected
    tokens = [await challenge(person) for _ in range(8)]
    answers = await asyncio.gather(*(answer_with(person, token, codes[2]) for token in tokens))
    assert sorted(answer.status for answer in answers) == [200] + [401] * 7


async def test_MFA_5_without_the_first_factor_no_code_counts(
    protected: Protected, new_user: NewUser
) -> None:
    person, secret, codes = protected
    other = await new_user()
    await switch_on(other)
    for token in ("", "x", "jmfa_" + "A" * 43, "y" * 200, await challenge(other)):
        for code in (number_of(secret), codes[0]):
            assert (await answer_with(person, token, code)).status == 401
    assert (await finish(person, number_of(secret))).status == 200


async def test_MFA_5_the_first_factor_alone_opens_nothing(protected: Protected) -> None:
    person, _, _ = protected
    token = await challenge(person)
    for path in ("/users/me", "/entries/", "/tokens"):
        assert (await person.with_token(token).get(path)).status == 401
    refreshed = await person.anonymous().post("/auth/refresh", {"refresh_token": token})
    assert refreshed.status == 401
    form = {"username": person.user["email"], "password": person.password}
    answer = await person.anonymous().request("POST", "/auth/token", data=form)
    assert (answer.status, "access_token" in answer.json) == (401, False)


async def test_MFA_5_a_challenge_dies_after_five_minutes(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    [person] = await people_at(server, session, "a")
    _, codes = await switch_on(person)
    early, late = await challenge(person), await challenge(person)
    await asyncio.to_thread(later, server, 4 * MINUTE)
    assert (await answer_with(person, early, codes[0])).status == 200
    await asyncio.to_thread(later, server, 6 * MINUTE)
    assert (await answer_with(person, late, codes[1])).status == 401


async def test_MFA_6_switching_off_needs_a_recent_sign_in_and_a_code(
    start_server: StartServer, session: ClientSession
) -> None:
    server = start_server()
    [person] = await people_at(server, session, "a")
    kept = await log_in(person)
    _, codes = await switch_on(person)
    await asyncio.to_thread(later, server, 11 * MINUTE)
    old = person.with_token(kept["access_token"])
    answer = await old.post("/users/me/totp/disable", {"code": codes[0]})
    assert (answer.status, answer.json["error"]) == (403, "reauth-required")
    proof = {"password": person.password}
    assert (await old.post("/auth/reauthenticate", proof)).status == 400
    assert (await old.post("/auth/reauthenticate", {**proof, "code": codes[1]})).status == 204
    assert (await old.post("/users/me/totp/disable", {"code": "000000"})).status == 400
    assert (await old.post("/users/me/totp/disable", {"code": codes[1]})).status == 400
    assert (await old.post("/users/me/totp/disable", {"code": codes[2]})).status == 204
    await log_in(person)
