from __future__ import annotations

import base64
import json
import random
import string
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from journiv.contracts.tokens import Claims, TokenInvalid
from journiv.domain.ids import new_id
from journiv_auth_local.jwt_tokens import JwtTokens

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY, OLD_KEY, OTHER_KEY = (bytes([number]) * 32 for number in (1, 2, 3))
ISSUER = "https://diary.example"


class FixedClock:
    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def claims(**changes: Any) -> Claims:
    usual: dict[str, Any] = {
        "user_id": new_id(),
        "session_id": new_id(),
        "security_version": 3,
        "issued_at": AT,
        "expires_at": AT + 900,
        "authenticated_at": AT - 5,
        "methods": ("pwd",),
    }
    return Claims(**{**usual, **changes})


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def tokens(clock: FixedClock) -> JwtTokens:
    return JwtTokens((KEY, OLD_KEY), ISSUER, clock)


def forge(
    token: str, *, header: Mapping[str, Any] | None = None, key: bytes = KEY, **payload: Any
) -> str:
    """Sign the token anew with parts of it changed; None takes a part away."""
    head = {**jwt.get_unverified_header(token), **(header or {})}
    body = {**jwt.decode(token, options={"verify_signature": False}), **payload}
    head, body = ({k: v for k, v in part.items() if v is not None} for part in (head, body))
    signing = ".".join(map(segment, (head, body)))
    signature = jwt.api_jws.PyJWS().get_algorithm_by_name("HS256").sign(signing.encode(), key)
    return f"{signing}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def segment(part: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


async def test_a_token_says_what_was_put_in(tokens: JwtTokens) -> None:
    given = claims(scopes=("entries:read", "media:read"))
    assert await tokens.verify(await tokens.issue(given)) == given


async def test_two_tokens_with_the_same_claims_differ(tokens: JwtTokens) -> None:
    given = claims()
    assert await tokens.issue(given) != await tokens.issue(given)


async def test_the_form_is_the_published_one(tokens: JwtTokens) -> None:
    token = await tokens.issue(claims())
    header = jwt.get_unverified_header(token)
    assert (header["alg"], header["typ"], len(header["kid"])) == ("HS256", "at+jwt", 8)
    payload = jwt.decode(token, options={"verify_signature": False})
    assert payload["type"] == "access"
    assert (payload["iss"], payload["aud"]) == (ISSUER, "journal-api")


async def test_a_forgery_with_nothing_changed_would_pass(tokens: JwtTokens) -> None:
    assert await tokens.verify(forge(await tokens.issue(claims()))) is not None


HEADERS: list[dict[str, Any]] = [
    {"alg": "none"}, {"alg": "None"}, {"alg": "HS384"}, {"alg": "RS256"}, {"alg": None},
    {"typ": "JWT"}, {"typ": None}, {"typ": "AT+JWT"},
    {"kid": "00000000"}, {"kid": None}, {"kid": 5}, {"kid": []},
    {"crit": ["exp"]}, {"jku": "https://evil.example"}, {"jwk": {"kty": "oct", "k": "AA"}},
    {"x5u": "https://evil.example"}, {"zip": "DEF"}, {"b64": False},
]  # fmt: skip
PAYLOADS: list[dict[str, Any]] = [
    {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None},
    {"aud": ["journal-api", "other"]}, {"aud": ["journal-api"]},
    {"exp": AT - 31}, {"exp": None}, {"exp": str(AT + 900)}, {"exp": AT + 900.5},
    {"exp": 10**400}, {"exp": True}, {"exp": -1}, {"exp": [AT]},
    {"nbf": AT + 31}, {"nbf": None}, {"iat": AT + 31}, {"iat": None}, {"iat": "now"},
    {"sub": None}, {"sub": 1}, {"sub": "me"}, {"sub": "{}"}, {"sid": None}, {"sid": "x"},
    {"sv": None}, {"sv": "3"}, {"sv": False}, {"type": "refresh"}, {"type": None},
    {"auth_time": None}, {"amr": None}, {"amr": 7}, {"scope": None}, {"scope": 7},
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS, ids=str)
async def test_other_headers_are_refused(tokens: JwtTokens, header: dict[str, Any]) -> None:
    forged = forge(await tokens.issue(claims()), header=header)
    with pytest.raises(TokenInvalid):
        await tokens.verify(forged)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda part: str(part)[:40])
async def test_other_payloads_are_refused(tokens: JwtTokens, payload: dict[str, Any]) -> None:
    forged = forge(await tokens.issue(claims()), **payload)
    with pytest.raises(TokenInvalid):
        await tokens.verify(forged)


async def test_an_unsigned_token_is_refused(tokens: JwtTokens) -> None:
    head, body, _ = (await tokens.issue(claims())).split(".")
    for first in (head, segment({"alg": "none", "typ": "at+jwt", "kid": "x"})):
        with pytest.raises(TokenInvalid):
            await tokens.verify(f"{first}.{body}.")


async def test_another_key_is_refused_even_under_our_key_id(tokens: JwtTokens) -> None:
    with pytest.raises(TokenInvalid):
        await tokens.verify(forge(await tokens.issue(claims()), key=OTHER_KEY))


async def test_no_flipped_bit_is_accepted(tokens: JwtTokens) -> None:
    dice = random.Random(1660)
    token = (await tokens.issue(claims())).encode()
    flips = [(dice.randrange(3, len(token)), dice.randrange(8)) for _ in range(500)]
    for place, bit in flips:
        flipped = bytearray(token)
        flipped[place] ^= 1 << bit
        try:
            found = await tokens.verify(flipped.decode("latin-1"))
        except TokenInvalid:
            continue
        assert found is None, (place, bit)


async def test_a_signature_has_one_spelling(tokens: JwtTokens) -> None:
    token = await tokens.issue(claims())
    alphabet = string.ascii_letters + string.digits + "-_"
    spellings = [token[:-1] + last for last in alphabet]  # base64 ignores two bits of the last
    accepted = []
    for spelling in (*spellings, f"{token}=", f"{token}=="):
        try:
            await tokens.verify(spelling)
        except TokenInvalid:
            continue
        accepted.append(spelling)
    assert accepted == [token]


@pytest.mark.parametrize("text", ["eyJ..", "eyJ.a.b", "eyJ" + "a" * 5000 + ".b.c", "eyJé.é.é"])
async def test_garbage_of_our_shape_is_refused(tokens: JwtTokens, text: str) -> None:
    with pytest.raises(TokenInvalid):
        await tokens.verify(text)


@pytest.mark.parametrize("text", ["", "jst1.abc", "eyJ", "eyJ.a", "jpat_1.2.3"])
async def test_other_kinds_of_token_are_left_to_others(tokens: JwtTokens, text: str) -> None:
    assert await tokens.verify(text) is None


@pytest.mark.parametrize(("late", "passes"), [(29, True), (31, False)])
async def test_clocks_may_differ_by_thirty_seconds(
    tokens: JwtTokens, clock: FixedClock, late: int, passes: bool
) -> None:
    token = await tokens.issue(claims())
    clock.moment = NOW + timedelta(seconds=900 + late)
    if passes:
        assert await tokens.verify(token) is not None
    else:
        with pytest.raises(TokenInvalid):
            await tokens.verify(token)


async def test_a_token_of_the_previous_key_still_verifies(clock: FixedClock) -> None:
    given = claims()
    token = await JwtTokens((OLD_KEY,), ISSUER, clock).issue(given)
    assert await JwtTokens((KEY, OLD_KEY), ISSUER, clock).verify(token) == given
    with pytest.raises(TokenInvalid):
        await JwtTokens((KEY,), ISSUER, clock).verify(token)
