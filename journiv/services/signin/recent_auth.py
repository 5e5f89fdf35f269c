"""Recent authentication: what could lock an owner out or let a thief stay asks for proof anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, BadRequest, Forbidden, ReauthRequired
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit, Source
from journiv.services.accounts.own_password import OwnPassword
from journiv.services.factors.mfa_policy import with_factor
from journiv.services.factors.second_factor import SecondFactor

RECENT: Final = timedelta(minutes=10)
CODE_NEEDED: Final = "A code of your second factor is needed"
WRONG: Final = "Password is incorrect"
_EVENT: Final = "reauthenticate"


class RecentAuth:
    """Knows how long ago somebody proved who they are, and takes the proof again."""

    def __init__(
        self, store: Store, clock: Clock, own: OwnPassword, audit: Audit, factor: SecondFactor
    ) -> None:
        self._store = store
        self._clock = clock
        self._own = own
        self._audit = audit
        self._factor = factor

    def require(self, principal: Principal) -> None:
        """Raise `ReauthRequired` when that was more than ten minutes ago.

        A personal access token never will do: it raises `Forbidden`.
        """
        if principal.scopes is not None:
            raise Forbidden("A personal access token may not do this")
        if self._clock.now().timestamp() - principal.authenticated_at > RECENT.total_seconds():
            raise ReauthRequired("Please confirm that it is you by signing in again")

    async def confirm(
        self, principal: Principal, password: str, code: str | None, source: Source
    ) -> None:
        """Take the caller's password and, where there is one, a code of the second factor.

        The session counts as just signed in from then on. Raises `BadRequest` for a wrong
        password or code, or an account without a password, `TooMany` after too many wrong ones.
        """
        now, owner, session_id = self._clock.now(), principal.user_id, principal.session_id
        try:
            await self._own.prove(owner, password, _EVENT, source)
        except AuthenticationFailed:
            raise BadRequest(WRONG) from None

        def work(tx: Transaction) -> bool:
            shown = self._factor.is_on(tx, owner, now)
            if shown and not self._factor.passes(tx, owner, code or "", now):
                self._own.wrong(tx, owner, _EVENT, source)
                return False
            self._own.right(tx, owner)
            session, at = tx.sessions.get(session_id), instant(now)
            methods = "" if session is None else session["methods"]
            if shown:
                methods = with_factor(methods)
            tx.sessions.change(session_id, {"authenticated_at": at, "methods": methods})
            self._audit.record(tx, _EVENT, owner, at, object=session_id, source=source)
            return True

        if not await self._store.write(SYSTEM, work):
            raise BadRequest(CODE_NEEDED)
