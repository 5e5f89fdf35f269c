"""Access tokens (security.md §4.3, JWT): only what the server has issued, while it holds."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator

import pytest

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewUser
from tests.api.server import SECRET_KEY
from tests.security.forging import Token, decoded, encoded, key_id, sub_key

INVALID = (401, "Could not validate credentials")
FLIPS = 500
SKEW = 30
PURPOSES = (
    "refresh/1", "media-url/1", "oidc-flow/1", "field-enc/1", "audit/1", "pseudonym/1",
    "sign-in-backoff/1", "export-url/1",
)  # fmt: skip


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
def good(person: ApiClient) -> Token:
    """The person's token, which may be signed anew with the server's own key."""
    return Token.of(person.token or "", sub_key(SECRET_KEY, "access-jwt/1"))


async def refused(person: ApiClient, token: str) -> None:
    answer = await person.with_token(token).get("/users/me")
    assert (answer.status, answer.detail) == INVALID, token


async def answer_to(person: ApiClient, token: Token) -> Answer:
    return await person.with_token(token.text()).get("/users/me")


async def test_a_token_signed_anew_with_the_right_key_is_good(
    person: ApiClient, good: Token
) -> None:
    """Otherwise the refusals below would prove nothing."""
    assert (await answer_to(person, good.claiming(jti=new_id()))).status == 200


async def test_JWT_1_only_hs256_is_taken(person: ApiClient, good: Token) -> None:
    for name in ("none", "None", "NONE", "", None, "RS256", "ES256", "EdDSA", "hs256", ...):
        forged = good.headed(alg=name)
        await refused(person, forged.text())
        await refused(person, f"{forged.unsigned()}.")
    for name, digest in (("HS384", "sha384"), ("HS512", "sha512")):
        await refused(person, good.headed(alg=name).text(digest))
    public = b"-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA\n-----END PUBLIC KEY-----\n"
    await refused(person, Token(good.headed(alg="RS256").header, good.claims, public).text())
    await refused(person, ".".join((person.token or "").split(".")[:2]))


@pytest.mark.parametrize(
    "header",
    [{"typ": "JWT"}, {"typ": ...}, {"typ": "rt+jwt"}, {"typ": 1}, {"kid": "00000000"},
     {"kid": ...}, {"kid": None}, {"kid": ["x"]}, {"kid": "../../dev/null"}],
)  # fmt: skip
async def test_JWT_2_a_header_of_another_kind_is_refused(
    person: ApiClient, good: Token, header: dict[str, object]
) -> None:
    await refused(person, good.headed(**header).text())


def _wrong_claims() -> Iterator[dict[str, object]]:
    now = int(time.time())
    for claim in ("iss", "aud", "sub", "sid", "exp", "iat", "nbf", "sv", "auth_time", "type"):
        yield {claim: ...}
        yield {claim: None}
    for value in ("http://evil.example", "", ["x"]):
        yield {"iss": value}
    for value in ("other", "", [], ["journal-api", "other"], ["journal-api"]):
        yield {"aud": value}
    for value in (str(now + 900), float(now + 900) + 0.5, 10**30, -1, True, [now], {"at": now}):
        yield {"exp": value}
    yield {"exp": now - 3600}
    yield {"nbf": now + 3600}
    yield {"iat": now + 3600}
    yield {"type": "refresh"}
    for value in (new_id(), "x", "", 7, "' OR 1=1 --"):
        yield {"sub": value}
        yield {"sid": value}


@pytest.mark.parametrize("claims", [*_wrong_claims()], ids=repr)
async def test_JWT_2_claims_that_are_wrong_missing_or_of_a_wrong_type_are_refused(
    person: ApiClient, good: Token, claims: dict[str, object]
) -> None:
    await refused(person, good.claiming(**claims).text())


async def test_JWT_3_no_other_key_of_the_server_signs_access_tokens(
    person: ApiClient, good: Token
) -> None:
    keys = [sub_key(SECRET_KEY, purpose) for purpose in PURPOSES]
    keys += [SECRET_KEY.encode(), b"", bytes(32)]
    for key in keys:
        forged = Token(good.header, good.claims, key)
        await refused(person, forged.text())
        await refused(person, forged.headed(kid=key_id(key)).text())


async def test_JWT_3_other_tokens_of_the_server_are_no_access_tokens(person: ApiClient) -> None:
    body = {"email": person.user["email"], "password": person.password}
    signed_in = await person.anonymous().post("/auth/login", body)
    await refused(person, signed_in.json["refresh_token"])


@pytest.mark.parametrize("name", ["jku", "jwk", "x5u", "x5c", "x5t", "crit", "zip", "cty", "b64"])
async def test_JWT_4_a_header_that_brings_its_own_key_is_refused_unread(
    person: ApiClient, good: Token, name: str
) -> None:
    asked: list[object] = []
    listener = await asyncio.start_server(lambda *both: asked.append(both), "127.0.0.1", 0)
    async with listener:
        url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/keys.json"
        own = {"kty": "oct", "k": encoded(good.key), "kid": good.header["kid"]}
        values = {"jwk": own, "x5c": [url], "crit": ["exp"], "zip": "DEF", "b64": False}
        await refused(person, good.headed(**{name: values.get(name, url)}).text())
    assert asked == []


async def test_JWT_5_no_token_with_a_flipped_bit_is_accepted(person: ApiClient) -> None:
    """Of the text and of what it decodes to; the last letters too, where bits mean nothing."""
    text = person.token or ""
    tries = {_flipped_text(text, len(text) - 1, bit) for bit in range(7)}
    while len(tries) < FLIPS // 2:
        tries.add(_flipped_text(text, random.randrange(len(text)), random.randrange(7)))
    while len(tries) < FLIPS:
        tries.add(_flipped_part(text, random.randrange(3)))
    sendable = [token for token in tries if token.isprintable() and not token.endswith(" ")]
    accepted = [token for token in sendable if (await _status(person, token)) != 401]
    assert accepted == []
    assert len(sendable) > FLIPS * 0.8


async def test_JWT_5_bytes_that_decoders_skip_are_not_skipped(person: ApiClient) -> None:
    text = person.token or ""
    for junk in ("!", "=", "==", "*", "."):
        for place in (0, text.index(".") + 3, len(text) - 4, len(text)):
            await refused(person, text[:place] + junk + text[place:])


async def test_JWT_6_a_deleted_accounts_token_is_dead_at_once(
    person: ApiClient, admin: ApiClient
) -> None:
    assert (await admin.delete(f"/admin/users/{person.user['id']}")).status == 200
    await refused(person, person.token or "")


async def test_JWT_6_a_disabled_accounts_token_opens_nothing_at_once(
    person: ApiClient, admin: ApiClient
) -> None:
    """403 with its sentence, as api-v1 has it, and 401 for good once it is enabled again."""
    path = f"/admin/users/{person.user['id']}"
    assert (await admin.patch(path, {"is_active": False})).status == 200
    answer = await person.get("/users/me")
    assert (answer.status, answer.detail) == (403, "User account is inactive")
    assert (await admin.patch(path, {"is_active": True})).status == 200
    await refused(person, person.token or "")


async def test_JWT_7_a_changed_role_counts_from_the_next_request_on(
    person: ApiClient, admin: ApiClient
) -> None:
    path = f"/admin/users/{person.user['id']}"
    for _ in range(3):
        assert (await person.get("/admin/users?limit=1")).status == 403
        assert (await admin.patch(path, {"role": "admin"})).status == 200
        assert (await person.get("/admin/users?limit=1")).status == 200
        assert (await admin.patch(path, {"role": "user"})).status == 200


async def test_JWT_7_a_role_is_not_taken_from_the_token(person: ApiClient, good: Token) -> None:
    forged = person.with_token(good.claiming(role="admin", scope="admin:users").text())
    assert (await forged.get("/admin/users")).status == 403


async def test_JWT_8_clocks_may_differ_by_thirty_seconds_and_no_more(
    person: ApiClient, good: Token
) -> None:
    assert await _in_time(person, good, SKEW - 1) == 200
    assert (await answer_to(person, _expired(good, SKEW + 1))).status == 401
    ahead = int(time.time()) + SKEW
    assert (await answer_to(person, good.claiming(nbf=ahead - 1))).status == 200
    assert (await answer_to(person, good.claiming(nbf=ahead + 5))).status == 401


async def _in_time(person: ApiClient, good: Token, late: int) -> int:
    """Ask with a token `late` seconds over; again when the asking itself took too long."""
    for _ in range(10):
        token = _expired(good, late)
        answer = await answer_to(person, token)
        if time.time() <= token.claims["exp"] + SKEW:
            return answer.status
    raise AssertionError("this machine is too slow for the test")


def _expired(good: Token, late: int) -> Token:
    return good.claiming(exp=int(time.time()) - late, jti=new_id())


async def _status(person: ApiClient, token: str) -> int:
    return (await person.with_token(token).get("/users/me")).status


def _flipped_text(text: str, place: int, bit: int) -> str:
    return text[:place] + chr(ord(text[place]) ^ 1 << bit) + text[place + 1 :]


def _flipped_part(text: str, number: int) -> str:
    parts = text.split(".")
    data = bytearray(decoded(parts[number]))
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    parts[number] = encoded(bytes(data))
    return ".".join(parts)
