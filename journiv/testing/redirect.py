"""A kit for authenticators that send the browser elsewhere."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from journiv.contracts.auth import Credentials, Proof, RedirectAuthenticator, Redirection
from journiv.domain.errors import AuthenticationFailed, BadRequest, Forbidden, Unavailable

Approve = Callable[[Redirection], Mapping[str, str]]
CLAIMS: Mapping[str, tuple[type, ...]] = {
    "email": (str, type(None)),
    "name": (str, type(None)),
    "email_verified": (bool,),
    "admin": (bool, type(None)),
    "second_factor": (bool,),
    "session": (str, type(None)),
    "hint": (str, type(None)),
}


class RedirectAuthenticatorConformance:
    """Subclass it and override `authenticator`, `approve` and `outage`."""

    @pytest.fixture
    def authenticator(self) -> RedirectAuthenticator:
        """The authenticator under test; the fixture closes it."""
        raise NotImplementedError("override the fixture `authenticator`")

    @pytest.fixture
    def approve(self) -> Approve:
        """Plays the provider: takes a redirection, returns the query the browser comes with."""
        raise NotImplementedError("override the fixture `approve`")

    @pytest.fixture
    def outage(self) -> Callable[[], Awaitable[None]]:
        """Awaited, takes the provider away."""
        raise NotImplementedError("override the fixture `outage`")

    def test_it_is_offered_as_a_button(self, authenticator: RedirectAuthenticator) -> None:
        option = authenticator.option()
        assert (option.kind, option.name) == ("redirect", authenticator.name)
        assert option.label
        assert option.url

    async def test_the_browser_is_sent_away_with_its_state(
        self, authenticator: RedirectAuthenticator
    ) -> None:
        sent = await authenticator.begin()
        parts = urlsplit(sent.url)
        assert parts.scheme in ("http", "https")
        assert parts.netloc
        assert dict(parse_qsl(parts.query))["state"] == sent.state
        assert len(sent.state) >= 22, "a state that can be guessed"

    async def test_every_sign_in_has_secrets_of_its_own(
        self, authenticator: RedirectAuthenticator
    ) -> None:
        first, second = await authenticator.begin(), await authenticator.begin()
        assert first.state != second.state
        assert first.kept != second.kept
        assert json.loads(json.dumps(dict(first.kept))) == dict(first.kept)
        assert all(isinstance(value, str) for value in first.kept.values())

    async def test_who_comes_back_is_proved(
        self, authenticator: RedirectAuthenticator, approve: Approve
    ) -> None:
        sent = await authenticator.begin()
        proof = await authenticator.complete(sent.kept, approve(sent))
        assert proof.provider == authenticator.name
        assert proof.subject
        for name, kinds in CLAIMS.items():
            assert isinstance(proof.claims.get(name), kinds), name

    async def test_the_same_person_is_the_same_subject(
        self, authenticator: RedirectAuthenticator, approve: Approve
    ) -> None:
        proofs: list[Proof] = []
        for _ in range(2):
            sent = await authenticator.begin()
            proofs.append(await authenticator.complete(sent.kept, approve(sent)))
        assert proofs[0].subject == proofs[1].subject

    async def test_a_changed_state_is_refused(
        self, authenticator: RedirectAuthenticator, approve: Approve
    ) -> None:
        sent = await authenticator.begin()
        returned = dict(approve(sent))
        for state in (f"{sent.state}x", sent.state[:-1], "", "é\0"):
            await expect_refusal(authenticator, sent.kept, {**returned, "state": state})
        del returned["state"]
        await expect_refusal(authenticator, sent.kept, returned)

    async def test_what_another_sign_in_kept_does_not_do(
        self, authenticator: RedirectAuthenticator, approve: Approve
    ) -> None:
        mine, theirs = await authenticator.begin(), await authenticator.begin()
        returned = approve(theirs)
        await expect_refusal(authenticator, mine.kept, returned)
        await expect_refusal(authenticator, mine.kept, {**returned, "state": mine.state})

    async def test_a_refusal_or_nonsense_is_refused(
        self, authenticator: RedirectAuthenticator
    ) -> None:
        sent = await authenticator.begin()
        state = {"state": sent.state}
        await expect_refusal(authenticator, sent.kept, {})
        await expect_refusal(authenticator, sent.kept, state)
        await expect_refusal(authenticator, sent.kept, {**state, "error": "access_denied"})

    async def test_there_is_nothing_to_type_in(self, authenticator: RedirectAuthenticator) -> None:
        for stored in (None, {}, {"hash": ""}):
            with pytest.raises(AuthenticationFailed):
                await authenticator.authenticate(
                    Credentials(subject="a", secret="b", stored=stored)  # noqa: S106  no secret
                )

    async def test_secrets_are_not_shown(self, authenticator: RedirectAuthenticator) -> None:
        sent = await authenticator.begin()
        for secret in (sent.state, *sent.kept.values()):
            assert secret not in repr(sent)

    async def test_leaving_leads_somewhere_or_nowhere(
        self, authenticator: RedirectAuthenticator
    ) -> None:
        url = await authenticator.leave(None, "a-state")
        assert url is None or "a-state" in url

    async def test_a_message_nobody_signed_ends_nothing(
        self, authenticator: RedirectAuthenticator
    ) -> None:
        for token in ("", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."):
            with pytest.raises(BadRequest):
                await authenticator.ended(token)

    async def test_an_outage_on_the_way_back_is_said(
        self,
        authenticator: RedirectAuthenticator,
        approve: Approve,
        outage: Callable[[], Awaitable[None]],
    ) -> None:
        sent = await authenticator.begin()
        returned = approve(sent)
        await outage()
        with pytest.raises(Unavailable):
            await authenticator.complete(sent.kept, returned)


async def expect_refusal(
    authenticator: RedirectAuthenticator, kept: Mapping[str, str], returned: Mapping[str, str]
) -> None:
    """Come back with what must not do; the sentence is for the person."""
    with pytest.raises((BadRequest, Forbidden), match=r"\w"):
        await authenticator.complete(kept, returned)
