"""Signing in with a password."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.auth import (
    Credentials,
    LoginOption,
    PasswordAuthenticator,
    Person,
    Proof,
)
from journiv.domain.errors import AuthenticationFailed, Violation
from journiv_auth_local.hashing import PasswordHashes
from journiv_auth_local.policy import PasswordPolicy
from journiv_auth_local.pool import HashPool

NAME: Final = "local"
WRONG: Final = "Incorrect email or password"


class LocalAuthenticator(PasswordAuthenticator):
    """Checks passwords against Argon2id hashes. Subjects are normalised e-mail addresses."""

    name = NAME

    def __init__(self, hashes: PasswordHashes, pool: HashPool, policy: PasswordPolicy) -> None:
        self._hashes = hashes
        self._pool = pool
        self._policy = policy

    def option(self) -> LoginOption:
        """See `Authenticator`."""
        return LoginOption(name=NAME, kind="password", label="Password")

    async def authenticate(self, credentials: Credentials) -> Proof:
        """See `Authenticator`. Raises `Unavailable` when too many wait for their turn."""
        secret, stored = credentials.secret, credentials.stored
        verdict = await self._pool.run(lambda: self._hashes.verify(secret, stored))
        if not verdict.right:
            raise AuthenticationFailed(WRONG)
        return Proof(
            provider=NAME,
            subject=credentials.subject,
            claims={"amr": ["pwd"]},
            data=verdict.rehashed,
        )

    def check_policy(self, password: str, person: Person) -> list[Violation]:
        """See `PasswordAuthenticator`."""
        return self._policy.violations(password, person)

    async def enrol(self, password: str) -> Mapping[str, Any]:
        """See `PasswordAuthenticator`. Raises `Unavailable` when too many wait for their turn."""
        return await self._pool.run(lambda: self._hashes.make(password))

    def outdated(self, stored: Mapping[str, Any]) -> bool:
        """See `PasswordAuthenticator`."""
        return self._hashes.outdated(stored)

    async def close(self) -> None:
        """See `Authenticator`."""
        await asyncio.to_thread(self._pool.close)
