"""An authenticator app, from RFC 6238 alone, and the way of a sign-in that asks for it."""

from __future__ import annotations

import base64
import hmac
import struct
import time

from tests.api.client import Answer, ApiClient

STEP = 30


def step_now() -> int:
    """The present time step."""
    return int(time.time()) // STEP


def code_at(secret: str, step: int) -> str:
    """The six digits of a time step."""
    seed = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.digest(seed, struct.pack(">Q", step), "sha1")
    [number] = struct.unpack_from(">I", mac, mac[-1] & 15)
    return f"{(number & 0x7FFFFFFF) % 1_000_000:06}"


def number_of(secret: str, ahead: int = 0) -> str:
    """What the app shows now, or in `ahead` steps."""
    return code_at(secret, step_now() + ahead)


async def switch_on(person: ApiClient) -> tuple[str, list[str]]:
    """Enrol with the code of the step before, so that the present one is still good."""
    made = await person.post("/users/me/totp")
    assert made.status == 201, made.json
    secret = made.json["secret"]
    answer = await person.post("/users/me/totp/confirm", {"code": number_of(secret, -1)})
    assert answer.status == 200, answer.json
    return secret, answer.json["recovery_codes"]


async def challenge(person: ApiClient) -> str:
    """Pass the first factor; return what stands for that."""
    body = {"email": person.user["email"], "password": person.password}
    answer = await person.anonymous().post("/auth/login", body)
    assert (answer.status, answer.json["error"]) == (401, "mfa_required")
    token: str = answer.json["mfa_token"]
    return token


async def answer_with(person: ApiClient, token: str, code: str) -> Answer:
    """Give a code to a challenge."""
    return await person.anonymous().post("/auth/mfa", {"mfa_token": token, "code": code})


async def finish(person: ApiClient, code: str) -> Answer:
    """Sign in with password and code."""
    return await answer_with(person, await challenge(person), code)
