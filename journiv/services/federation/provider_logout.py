"""Ending a provider's session after ours, and ours when the provider says so."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from journiv.contracts.auth import Ended, RedirectAuthenticator
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Unavailable
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit, Source
from journiv.services.accounts.onetime import OneTime
from journiv.services.signin.origins import Origins

RETURN_LIVES: Final = timedelta(minutes=10)
SEEN_LIVES: Final = timedelta(minutes=10)
_SEEN: Final = "logout-tokens"


class ProviderLogout:
    """Knows where to end a provider's session (RP-initiated) and takes its messages."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        origins: Origins,
        audit: Audit,
        authenticators: Iterable[RedirectAuthenticator],
    ) -> None:
        self._store = store
        self._clock = clock
        self._origins = origins
        self._audit = audit
        self._authenticators = {one.name: one for one in authenticators}
        self._returns = OneTime("provider-logouts", "", "")

    async def of_session(self, principal: Principal) -> str | None:
        """Return where to end the provider's session behind the caller's, None without one.

        A provider that does not answer keeps nobody from leaving here: None too.
        """
        now, owner, session_id = self._clock.now(), principal.user_id, principal.session_id
        origin = await self._store.write(
            SYSTEM, lambda tx: self._origins.take(tx, owner, session_id, now)
        )
        if origin is None or origin["provider"] not in self._authenticators:
            return None
        try:
            return await self._leave(origin["provider"], self._origins.hint(origin))
        except Unavailable:
            return None

    async def of_anybody(self, provider: str) -> str | None:
        """Return where a provider asks whoever comes whether to end their session there.

        Nothing ends here, and the address names nobody. Raises `Unavailable`.
        """
        return await self._leave(provider, None)

    async def returned(self, state: str) -> None:
        """Take the state a provider brought back. Raises `BadRequest` unless it is ours, once."""
        at = instant(self._clock.now())
        if await self._store.write(SYSTEM, lambda tx: self._returns.take(tx, state, at)) is None:
            raise BadRequest("Invalid or expired state parameter")

    async def told(self, provider: str, token: str, source: Source) -> int:
        """End the sessions a provider says are over, and return how many.

        Raises `BadRequest` for a message that does not hold or has been seen, `Unavailable`.
        """
        ended = await self._authenticators[provider].ended(token)
        now = self._clock.now()
        at, seen_until = instant(now), instant(now + SEEN_LIVES)

        def work(tx: Transaction) -> int:
            key = _digest(ended)
            if tx.kv.get(_SEEN, key, at) is not None:
                raise BadRequest("This message has been received before")
            tx.kv.put(_SEEN, key, True, seen_until)
            over = self._origins.ended_by(tx, ended, now)
            for session in over:
                owner, told = session["user_id"], session["id"]
                tx.sessions.revoke(told, at, "provider")
                self._audit.record(tx, "session.end", owner, at, object=told, source=source)
            return len(over)

        return await self._store.write(SYSTEM, work)

    async def _leave(self, provider: str, hint: str | None) -> str | None:
        back = self._returns.make(self._clock.now() + RETURN_LIVES)
        url = await self._authenticators[provider].leave(hint, back.token)
        if url is not None:
            await self._store.write(SYSTEM, lambda tx: self._returns.put(tx, back, provider))
        return url


def _digest(ended: Ended) -> str:
    named = f"{ended.provider}|{ended.token_id}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(named).hexdigest()
