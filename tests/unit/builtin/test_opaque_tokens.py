from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from journiv.builtin.opaque_tokens import OpaqueTokens
from journiv.contracts.tokens import Claims, TokenInvalid

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
KEY, OLD_KEY = b"k" * 32, b"o" * 32
CLAIMS = Claims(
    user_id="0195a1b2-0000-7000-8000-000000000001",
    session_id="0195a1b2-0000-7000-8000-000000000002",
    security_version=2,
    issued_at=AT,
    expires_at=AT + 900,
    authenticated_at=AT - 60,
    methods=("pwd",),
    scopes=("entries:read",),
)


class FixedClock:
    def __init__(self) -> None:
        self.moment = NOW

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def tokens(clock: FixedClock) -> OpaqueTokens:
    return OpaqueTokens((KEY, OLD_KEY), clock)


async def test_a_token_says_what_was_put_in(tokens: OpaqueTokens) -> None:
    assert await tokens.verify(await tokens.issue(CLAIMS)) == CLAIMS


async def test_two_tokens_with_the_same_claims_differ(tokens: OpaqueTokens) -> None:
    assert await tokens.issue(CLAIMS) != await tokens.issue(CLAIMS)


async def test_other_kinds_of_token_are_left_to_others(tokens: OpaqueTokens) -> None:
    assert await tokens.verify("eyJ.a.b") is None


async def test_no_flipped_bit_is_accepted(tokens: OpaqueTokens) -> None:
    dice = random.Random(1660)
    token = (await tokens.issue(CLAIMS)).encode()
    flips = [(len(token) - 1, bit) for bit in range(8)]
    flips += [(dice.randrange(5, len(token)), dice.randrange(8)) for _ in range(300)]
    for place, bit in flips:
        flipped = bytearray(token)
        flipped[place] ^= 1 << bit
        with pytest.raises(TokenInvalid):
            await tokens.verify(flipped.decode("latin-1"))


@pytest.mark.parametrize("text", ["jo_", "jo_a", "jo_a.b", "jo_é.é", "jo_" + "a" * 5000])
async def test_garbage_of_our_shape_is_refused(tokens: OpaqueTokens, text: str) -> None:
    with pytest.raises(TokenInvalid):
        await tokens.verify(text)


@pytest.mark.parametrize(("late", "passes"), [(29, True), (31, False)])
async def test_clocks_may_differ_by_thirty_seconds(
    tokens: OpaqueTokens, clock: FixedClock, late: int, passes: bool
) -> None:
    token = await tokens.issue(CLAIMS)
    clock.moment = NOW + timedelta(seconds=900 + late)
    if passes:
        assert await tokens.verify(token) == CLAIMS
    else:
        with pytest.raises(TokenInvalid):
            await tokens.verify(token)


async def test_a_token_of_the_previous_key_still_verifies(clock: FixedClock) -> None:
    token = await OpaqueTokens((OLD_KEY,), clock).issue(CLAIMS)
    assert await OpaqueTokens((KEY, OLD_KEY), clock).verify(token) == CLAIMS
    with pytest.raises(TokenInvalid):
        await OpaqueTokens((KEY,), clock).verify(token)
