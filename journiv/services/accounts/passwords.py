"""Passwords, through whichever authenticator takes them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Final

from journiv.contracts.auth import Credentials, PasswordAuthenticator, Person, Proof
from journiv.contracts.records import IdentityRecord
from journiv.domain.errors import Forbidden, Invalid
from journiv.services.accounts.account_rows import NewPassword

LOCAL: Final = "local"
OFF: Final = "Password sign-in is off on this server"

Loc = tuple[str | int, ...]


class Passwords:
    """The one password authenticator, or none: then every use raises `Forbidden`."""

    def __init__(self, authenticator: PasswordAuthenticator | None) -> None:
        self._authenticator = authenticator

    @property
    def provider(self) -> str:
        """The provider's name in identities, also while the authenticator is off."""
        return self._authenticator.name if self._authenticator else LOCAL

    def require(self) -> PasswordAuthenticator:
        """Return the authenticator. Raises `Forbidden` when there is none."""
        if self._authenticator is None:
            raise Forbidden(OFF)
        return self._authenticator

    async def enrol(self, password: str, person: Person, loc: Loc) -> NewPassword:
        """Judge and hash a new password.

        Raises `Invalid` with the reasons, each at `loc`.
        """
        authenticator = self.require()
        found = await asyncio.to_thread(authenticator.check_policy, password, person)
        if found:
            raise Invalid([replace(violation, loc=loc) for violation in found])
        return NewPassword(authenticator.name, await authenticator.enrol(password))

    async def prove(self, subject: str, password: str, identity: IdentityRecord | None) -> Proof:
        """Check a password. Raises `AuthenticationFailed`, as late for a stranger as for others."""
        credentials = Credentials(
            subject=subject,
            secret=password,
            stored=None if identity is None else identity["data"],
        )
        return await self.require().authenticate(credentials)
