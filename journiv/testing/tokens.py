"""A kit for token handlers that issue."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from journiv.contracts.context import PluginContext
from journiv.contracts.tokens import CLOCK_SKEW, Claims, TokenHandler, TokenInvalid
from journiv.domain.ids import new_id
from journiv.testing.clock import HandClock
from journiv.testing.context import HandContext

MakeTokens = Callable[[PluginContext], TokenHandler]
LIFE = 900
FIRST, SECOND = "the first key of this installation 01", "the second key of this installation 02"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
FOREIGN = ("", " ", "token", "Bearer", "jpat_0123456789", "a.b.c", "x" * 200, "\0", "é\U0001f600")


class TokenHandlerConformance:
    """Subclass it and override `make_tokens`: what makes the handler of a context.

    The handler's clock is `ctx.clock` and its keys are `ctx.secrets(…)`.
    """

    @pytest.fixture
    def make_tokens(self) -> MakeTokens:
        """Makes the token handler under test."""
        raise NotImplementedError("override the fixture `make_tokens`")

    @pytest.fixture
    def tokens(self, make_tokens: MakeTokens, journiv_clock: HandClock) -> TokenHandler:
        """A handler with one key."""
        return make_tokens(HandContext(clock=journiv_clock, keys=[FIRST]))

    @pytest.fixture
    def claims(self, journiv_clock: HandClock) -> Claims:
        """What a token says that is issued now."""
        now = int(journiv_clock.now().timestamp())
        return Claims(
            user_id=new_id(),
            session_id=new_id(),
            security_version=3,
            issued_at=now,
            expires_at=now + LIFE,
            authenticated_at=now - 60,
            methods=("pwd", "otp"),
            scopes=("entries:read", "entries:write"),
        )

    async def test_a_token_says_what_it_was_issued_with(
        self, tokens: TokenHandler, claims: Claims
    ) -> None:
        assert await tokens.verify(await tokens.issue(claims)) == claims
        bare = replace(claims, methods=(), scopes=())
        assert await tokens.verify(await tokens.issue(bare)) == bare

    async def test_no_two_tokens_are_the_same(self, tokens: TokenHandler, claims: Claims) -> None:
        assert len({await tokens.issue(claims) for _ in range(20)}) == 20

    async def test_a_token_can_stand_in_a_header(
        self, tokens: TokenHandler, claims: Claims
    ) -> None:
        token = await tokens.issue(claims)
        assert token.isascii()
        assert token.isprintable()
        assert " " not in token
        assert len(token) < 2048

    @pytest.mark.parametrize("token", FOREIGN)
    async def test_another_kind_of_token_is_left_to_others(
        self, tokens: TokenHandler, token: str
    ) -> None:
        assert await tokens.verify(token) is None

    async def test_a_changed_token_never_holds(self, tokens: TokenHandler, claims: Claims) -> None:
        token = await tokens.issue(claims)
        for at, letter in enumerate(token):
            if letter in _ALPHABET:
                other = _ALPHABET[(_ALPHABET.index(letter) + 32) % 64]
                await expect_refusal(tokens, token[:at] + other + token[at + 1 :])

    async def test_a_cut_or_lengthened_token_never_holds(
        self, tokens: TokenHandler, claims: Claims
    ) -> None:
        token = await tokens.issue(claims)
        for size in range(len(token) - 1):
            await expect_refusal(tokens, token[:size])
        for end in ("A", ".", ".A", "=", " ", "\n", "\0", "é", "A" * 1_000_000):
            await expect_refusal(tokens, token + end)

    async def test_a_token_is_dead_after_its_time(
        self, tokens: TokenHandler, claims: Claims, journiv_clock: HandClock
    ) -> None:
        token = await tokens.issue(claims)
        journiv_clock.later(LIFE + CLOCK_SKEW - 1)
        assert await tokens.verify(token) == claims
        journiv_clock.later(2)
        with pytest.raises(TokenInvalid):
            await tokens.verify(token)

    async def test_a_token_of_the_future_is_dead(
        self, tokens: TokenHandler, claims: Claims, journiv_clock: HandClock
    ) -> None:
        token = await tokens.issue(claims)
        journiv_clock.later(1 - CLOCK_SKEW)
        assert await tokens.verify(token) == claims
        journiv_clock.later(-2)
        with pytest.raises(TokenInvalid):
            await tokens.verify(token)

    async def test_another_installations_token_never_holds(
        self, make_tokens: MakeTokens, tokens: TokenHandler, claims: Claims
    ) -> None:
        other = make_tokens(HandContext(clock=HandClock(), keys=[SECOND]))
        with pytest.raises(TokenInvalid):
            await tokens.verify(await other.issue(claims))

    async def test_after_a_new_key_old_tokens_hold_and_new_ones_use_it(
        self,
        make_tokens: MakeTokens,
        tokens: TokenHandler,
        claims: Claims,
        journiv_clock: HandClock,
    ) -> None:
        rotated = make_tokens(HandContext(clock=journiv_clock, keys=[SECOND, FIRST]))
        only_new = make_tokens(HandContext(clock=journiv_clock, keys=[SECOND]))
        assert await rotated.verify(await tokens.issue(claims)) == claims
        assert await only_new.verify(await rotated.issue(claims)) == claims
        with pytest.raises(TokenInvalid):
            await only_new.verify(await tokens.issue(claims))

    async def test_a_token_nobody_signed_never_holds(
        self, tokens: TokenHandler, claims: Claims
    ) -> None:
        body = {
            "sub": claims.user_id,
            "sid": claims.session_id,
            "exp": claims.expires_at,
            "iat": claims.issued_at,
        }
        for algorithm in ("none", "None", "HS256"):
            header = {"alg": algorithm, "typ": "at+jwt"}
            for seal in ("", "AAAA"):
                await expect_refusal(tokens, f"{_encoded(header)}.{_encoded(body)}.{seal}")

    async def test_keys_are_not_shown(self, tokens: TokenHandler) -> None:
        keys = HandContext(keys=[FIRST]).secret("any")
        assert FIRST not in repr(tokens)
        assert repr(keys) not in repr(tokens)

    async def test_ping_raises_nothing(self, tokens: TokenHandler) -> None:
        await tokens.ping()


async def expect_refusal(tokens: TokenHandler, token: str) -> None:
    """Fail when a token is good: it must be dead or of another kind."""
    try:
        assert await tokens.verify(token) is None, f"{token[:100]} is good"
    except TokenInvalid:
        return


def _encoded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
