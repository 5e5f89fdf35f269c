"""Authenticators and token handlers with one fault each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, ClassVar

import pytest

from journiv.builtin.opaque_tokens import OpaqueTokens
from journiv.contracts.auth import Credentials, Proof, Redirection
from journiv.contracts.tokens import Claims, TokenInvalid
from journiv.domain.errors import AuthenticationFailed, Unavailable, Violation
from journiv.domain.ids import new_id
from journiv.testing.auth import PasswordAuthenticatorConformance
from journiv.testing.tokens import MakeTokens, TokenHandlerConformance
from journiv_auth_local.authenticator import LocalAuthenticator
from journiv_auth_local.hashing import LOW, PasswordHashes
from journiv_auth_local.policy import PasswordPolicy
from journiv_auth_local.pool import HashPool
from journiv_auth_oidc.authenticator import OidcAuthenticator
from tests.conformance.test_authenticators import TestOidc as HonestOidc
from tests.conformance.test_authenticators import key

__all__ = ["key"]


class FaultyPasswords(PasswordAuthenticatorConformance):
    """The authenticator of auth_local, or one made from it."""

    kit: ClassVar = "password authenticator"
    caught_by: ClassVar[tuple[str, ...]]
    made: ClassVar[type[LocalAuthenticator]]

    @pytest.fixture
    async def authenticator(self) -> AsyncIterator[LocalAuthenticator]:
        policy = PasswordPolicy(8, "Journiv", "http://localhost:8000")
        made = self.made(PasswordHashes(LOW), HashPool(2), policy)
        yield made
        await made.close()


class Cutting(LocalAuthenticator):
    def cut(self, secret: str) -> str:
        return secret[:72]

    async def authenticate(self, credentials: Credentials) -> Proof:
        secret = self.cut(credentials.secret)
        return await super().authenticate(replace(credentials, secret=secret))

    async def enrol(self, password: str) -> Mapping[str, Any]:
        return await super().enrol(self.cut(password))


class TestCutsPasswords(FaultyPasswords):
    """Only 72 letters count, as with bcrypt."""

    made = Cutting
    caught_by = ("test_every_letter_of_a_long_password_counts",)


class Trimming(Cutting):
    def cut(self, secret: str) -> str:
        return secret.strip().lower()


class TestTrimsPasswords(FaultyPasswords):
    """Spaces and case do not count."""

    made = Trimming
    caught_by = ("test_nothing_but_the_password_will_do",)


class Hasty(LocalAuthenticator):
    async def authenticate(self, credentials: Credentials) -> Proof:
        if credentials.stored is None:
            raise AuthenticationFailed("There is no such account")
        return await super().authenticate(credentials)


class TestTellsWhoHasAnAccount(FaultyPasswords):
    """Somebody unknown is refused at once, in other words."""

    made = Hasty
    caught_by = (
        "test_an_unknown_subject_costs_work_too",
        "test_wrong_and_unknown_are_told_the_same",
    )


class Open(LocalAuthenticator):
    async def enrol(self, password: str) -> Mapping[str, Any]:
        return {**await super().enrol(password), "reminder": password}


class TestKeepsThePassword(FaultyPasswords):
    """The password itself is stored."""

    made = Open
    caught_by = ("test_what_is_stored_keeps_the_password_to_itself",)


class Blocking(LocalAuthenticator):
    async def enrol(self, password: str) -> Mapping[str, Any]:
        return self._hashes.make(password)


class TestBlocksTheLoop(FaultyPasswords):
    """Hashing stops the event loop."""

    made = Blocking
    caught_by = ("test_the_event_loop_turns_while_a_password_is_checked",)


class Repeating(LocalAuthenticator):
    def check_policy(self, password: str, person: Any) -> list[Violation]:
        found = super().check_policy(password, person)
        return [replace(one, msg=f"{password} will not do") for one in found]


class TestRepeatsThePassword(FaultyPasswords):
    """The policy's sentence holds the password."""

    made = Repeating
    caught_by = ("test_a_policy_says_why_and_never_repeats_the_password",)


class FaultyRedirects(HonestOidc):
    """The authenticator of auth_oidc, changed by `plant`."""

    kit: ClassVar = "redirect authenticator"
    caught_by: ClassVar[tuple[str, ...]]

    @pytest.fixture(autouse=True)
    def planted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.plant(monkeypatch)

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        raise NotImplementedError


class TestIgnoresState(FaultyRedirects):
    """The state that comes back is not compared."""

    caught_by = ("test_a_changed_state_is_refused",)

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        honest = OidcAuthenticator.complete

        async def complete(self: OidcAuthenticator, kept: Any, returned: Any) -> Proof:
            return await honest(self, kept, {**returned, "state": kept["state"]})

        patch.setattr(OidcAuthenticator, "complete", complete)


class TestIsGuessable(FaultyRedirects):
    """The state is short."""

    caught_by = ("test_the_browser_is_sent_away_with_its_state",)

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        begin = OidcAuthenticator.begin

        async def short(self: OidcAuthenticator) -> Redirection:
            made = await begin(self)
            url = made.url.replace(made.state, made.state[:8])
            return replace(made, url=url, state=made.state[:8])

        patch.setattr(OidcAuthenticator, "begin", short)


class TestIsSomebodyElseEachTime(FaultyRedirects):
    """The same person gets another subject at each sign-in."""

    caught_by = ("test_the_same_person_is_the_same_subject",)

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(OidcAuthenticator, "_subject", lambda self, sub: new_id())


class TestTakesAnOutageForARefusal(FaultyRedirects):
    """A provider that does not answer is told as a wrong sign-in."""

    caught_by = ("test_an_outage_on_the_way_back_is_said",)

    def plant(self, patch: pytest.MonkeyPatch) -> None:
        honest = OidcAuthenticator.complete

        async def complete(self: OidcAuthenticator, kept: Any, returned: Any) -> Proof:
            try:
                return await honest(self, kept, returned)
            except Unavailable as error:
                raise AuthenticationFailed("Sign-in failed") from error

        patch.setattr(OidcAuthenticator, "complete", complete)


class FaultyTokens(TokenHandlerConformance):
    """The sealed tokens of `builtin`, or ones made from them."""

    kit: ClassVar = "token handler"
    caught_by: ClassVar[tuple[str, ...]]
    made: ClassVar[type[OpaqueTokens]]

    @pytest.fixture
    def make_tokens(self) -> MakeTokens:
        return lambda ctx: self.made(ctx.secrets("opaque/1"), ctx.clock)


class Remembering(OpaqueTokens):
    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.issued: dict[str, Claims] = {}

    async def issue(self, claims: Claims) -> str:
        token = await super().issue(claims)
        self.issued[token] = claims
        return token

    async def verify(self, token: str) -> Claims | None:
        return self.issued.get(token) or await super().verify(token)


class TestNeverDies(FaultyTokens):
    """A token is good for ever."""

    made = Remembering
    caught_by = ("test_a_token_is_dead_after_its_time", "test_a_token_of_the_future_is_dead")


class Unsealed(OpaqueTokens):
    def _sealed(self, body: str, seal: str) -> bool:
        return True


class TestTakesAnySeal(FaultyTokens):
    """The seal is not checked."""

    made = Unsealed
    caught_by = (
        "test_a_changed_token_never_holds",
        "test_another_installations_token_never_holds",
    )


class Stubborn(OpaqueTokens):
    def __init__(self, keys: Any, clock: Any) -> None:
        super().__init__(keys[:1], clock)


class TestForgetsEarlierKeys(FaultyTokens):
    """After a new key everybody is signed out."""

    made = Stubborn
    caught_by = ("test_after_a_new_key_old_tokens_hold_and_new_ones_use_it",)


class Repeated(OpaqueTokens):
    async def issue(self, claims: Claims) -> str:
        if not hasattr(self, "first"):
            self.first = await super().issue(claims)
        return self.first


class TestRepeatsTokens(FaultyTokens):
    """Two tokens with the same claims are the same."""

    made = Repeated
    caught_by = ("test_no_two_tokens_are_the_same",)


class Greedy(OpaqueTokens):
    async def verify(self, token: str) -> Claims | None:
        found = await super().verify(token)
        if found is None:
            raise TokenInvalid("format")
        return found


class TestRefusesTokensOfOthers(FaultyTokens):
    """What is another handler's is refused instead of left to it."""

    made = Greedy
    caught_by = ("test_another_kind_of_token_is_left_to_others[Bearer]",)
