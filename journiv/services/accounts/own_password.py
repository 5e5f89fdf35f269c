"""The password of somebody who is signed in, asked for again."""

from __future__ import annotations

from typing import Final

from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, BadRequest, Unavailable
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import identity_of
from journiv.services.accounts.audit import Audit, Source
from journiv.services.accounts.passwords import Passwords
from journiv.services.signin.backoff import Backoff

PROVIDER_ONLY: Final = "This account signs in through a provider and has no password here"


class OwnPassword:
    """Checks it, as slowly as sign-ins, but apart from them: strangers cannot hold this up."""

    def __init__(
        self, store: Store, clock: Clock, passwords: Passwords, backoff: Backoff, audit: Audit
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._backoff = backoff
        self._audit = audit

    async def prove(self, user_id: str, password: str, event: str, source: Source) -> None:
        """Check it; `right` or `wrong` must follow inside the unit of work it is asked for.

        Raises `AuthenticationFailed`, told to the audit log as a refused `event`, `BadRequest`
        when the account has no password, `TooMany` after too many wrong ones.
        """
        self._passwords.require()
        now, provider = self._clock.now(), self._passwords.provider
        identity = await self._store.read(SYSTEM, lambda tx: identity_of(tx, user_id, provider))
        if identity is None:
            raise BadRequest(PROVIDER_ONLY)
        await self._store.write(SYSTEM, lambda tx: self._backoff.attempt(tx, _whose(user_id), now))
        try:
            await self._passwords.prove(identity["subject"], password, identity)
        except AuthenticationFailed:
            await self._store.write(SYSTEM, lambda tx: self.wrong(tx, user_id, event, source))
            raise
        except Unavailable:
            whose = _whose(user_id)
            await self._store.write(SYSTEM, lambda tx: self._backoff.unjudged(tx, whose, now))
            raise

    def right(self, tx: Transaction, user_id: str) -> None:
        """Say that everything asked for was right."""
        self._backoff.right(tx, _whose(user_id), self._clock.now())

    def wrong(self, tx: Transaction, user_id: str, event: str, source: Source) -> None:
        """Say that something asked for was wrong, the password or a code beside it."""
        now = self._clock.now()
        self._backoff.wrong(tx, _whose(user_id), now)
        self._audit.record(tx, event, user_id, instant(now), result="refused", source=source)


def _whose(user_id: str) -> str:
    return f"confirm {user_id}"
