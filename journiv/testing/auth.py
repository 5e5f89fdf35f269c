"""A kit for authenticators that take passwords."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable

import pytest

from journiv.contracts.auth import Credentials, PasswordAuthenticator, Person, Proof
from journiv.domain.errors import AuthenticationFailed

SUBJECT = "pepys@example.org"
PASSWORD = "quill-Lantern-harbour-47"  # noqa: S105  an account of nobody
OTHERS = (
    "", " ", PASSWORD[:-1], f"{PASSWORD} ", f" {PASSWORD}", PASSWORD.lower(), PASSWORD.upper(),
    f"{PASSWORD}\0", "\0", "\ud800", "x" * 100_000, f"{PASSWORD}\0{PASSWORD}",
)  # fmt: skip
GOOD = (
    "Überzwerg-Straße-99",
    "пароль-длинный-47",
    "pass \U0001f600 with \t tab 93",
    "k%:/@&?=#8" * 4,
)
LEAST_TURNS = 10
"""How often the event loop must turn while a secret is checked elsewhere."""


class PasswordAuthenticatorConformance:
    """Subclass it and override `authenticator`; the fixture closes it."""

    @pytest.fixture
    def authenticator(self) -> PasswordAuthenticator:
        """The authenticator under test."""
        raise NotImplementedError("override the fixture `authenticator`")

    def test_it_is_offered_as_a_form(self, authenticator: PasswordAuthenticator) -> None:
        option = authenticator.option()
        assert (option.kind, option.name) == ("password", authenticator.name)
        assert option.label

    async def test_the_right_password_proves_who_it_is(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        proof = await enter(authenticator, PASSWORD, await authenticator.enrol(PASSWORD))
        assert (proof.provider, proof.subject) == (authenticator.name, SUBJECT)
        assert proof.data is None, "what was stored just now need not be stored anew"

    @pytest.mark.parametrize("password", GOOD)
    async def test_any_letters_make_a_password(
        self, authenticator: PasswordAuthenticator, password: str
    ) -> None:
        stored = await authenticator.enrol(password)
        await enter(authenticator, password, stored)
        await expect_refusal(authenticator, password[:-1], stored)

    async def test_every_letter_of_a_long_password_counts(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        stored = await authenticator.enrol("a" * 100 + "b")
        await enter(authenticator, "a" * 100 + "b", stored)
        await expect_refusal(authenticator, "a" * 100 + "c", stored)

    async def test_nothing_but_the_password_will_do(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        stored = await authenticator.enrol(PASSWORD)
        for other in (*OTHERS, *map(str, stored.values())):
            await expect_refusal(authenticator, other, stored)

    async def test_wrong_and_unknown_are_told_the_same(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        stored = await authenticator.enrol(PASSWORD)
        wrong = await expect_refusal(authenticator, "another-Password-47", stored)
        unknown = await expect_refusal(authenticator, PASSWORD, None)
        assert type(wrong) is type(unknown)
        assert str(wrong) == str(unknown)

    async def test_a_damaged_row_is_told_the_same(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        stored = await authenticator.enrol(PASSWORD)
        unknown = await expect_refusal(authenticator, PASSWORD, None)
        for damaged in ({}, dict.fromkeys(stored, ""), dict.fromkeys(stored, "x"), {"other": 1}):
            refusal = await expect_refusal(authenticator, PASSWORD, damaged)
            assert str(refusal) == str(unknown)

    async def test_what_is_stored_keeps_the_password_to_itself(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        first, second = await authenticator.enrol(PASSWORD), await authenticator.enrol(PASSWORD)
        assert json.loads(json.dumps(dict(first))) == dict(first), "it is kept as JSON"
        assert first != second, "two people with one password must not look alike"
        for word in re.split(r"\W", PASSWORD)[:-1]:
            assert word not in json.dumps(dict(first))
        assert not authenticator.outdated(first)

    async def test_a_password_is_never_logged_nor_shown(
        self, authenticator: PasswordAuthenticator, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        stored = await authenticator.enrol(PASSWORD)
        proof = await enter(authenticator, PASSWORD, stored)
        refusal = await expect_refusal(authenticator, f"{PASSWORD}!", stored)
        for shown in (caplog.text, repr(proof), repr(authenticator), str(refusal)):
            assert PASSWORD not in shown

    async def test_a_policy_says_why_and_never_repeats_the_password(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        person = Person(email=SUBJECT, name="Samuel Pepys")
        assert authenticator.check_policy(PASSWORD, person) == []
        for weak in ("", "zq"):
            violations = authenticator.check_policy(weak, person)
            assert violations, f"{weak!r} is taken as a password"
            for violation in violations:
                assert violation.loc == ()
                assert violation.msg
                assert not weak or weak not in violation.msg

    async def test_the_event_loop_turns_while_a_password_is_checked(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        enrolled = await turns_during(authenticator.enrol(PASSWORD))
        stored = await authenticator.enrol(PASSWORD)
        right = await turns_during(enter(authenticator, PASSWORD, stored))
        assert min(enrolled, right) >= LEAST_TURNS, "the event loop stood still"

    async def test_an_unknown_subject_costs_work_too(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        turns = await turns_during(expect_refusal(authenticator, PASSWORD, None))
        assert turns >= LEAST_TURNS, "nobody's password is refused at once, which tells it apart"

    async def test_many_at_once_get_their_own_answers(
        self, authenticator: PasswordAuthenticator
    ) -> None:
        stored = await authenticator.enrol(PASSWORD)
        right = [enter(authenticator, PASSWORD, stored) for _ in range(4)]
        wrong = [expect_refusal(authenticator, f"{PASSWORD}{n}", stored) for n in range(4)]
        await asyncio.gather(*right, *wrong)


async def enter(
    authenticator: PasswordAuthenticator, secret: str, stored: object, subject: str = SUBJECT
) -> Proof:
    """Present a password."""
    given = Credentials(subject=subject, secret=secret, stored=stored)  # type: ignore[arg-type]  # rows may be damaged
    return await authenticator.authenticate(given)


async def expect_refusal(
    authenticator: PasswordAuthenticator, secret: str, stored: object
) -> AuthenticationFailed:
    """Present a password that must not do, and return what is said."""
    try:
        await enter(authenticator, secret, stored)
    except AuthenticationFailed as refusal:
        return refusal
    raise AssertionError(f"{secret[:50]!r} was taken for the password")


async def turns_during(work: Awaitable[object]) -> int:
    """Return how often the event loop turned until something was done."""
    task = asyncio.ensure_future(work)
    turns = 0
    while not task.done():
        await asyncio.sleep(0)
        turns += 1
    await task
    return turns
