"""The ways somebody signs in, as they see and change them while signed in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from journiv.contracts.records import IdentityRecord
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict, NotFound, ReauthRequired
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import existing
from journiv.services.accounts.audit import Audit, Source
from journiv.services.federation.linking import identity_row
from journiv.services.signin.origins import Arrival, Origins
from journiv.services.signin.recent_auth import RecentAuth

TAKEN: Final = "This sign-in already belongs to another account"
LAST: Final = "This is the only way into this account that works; it stays"
OVER: Final = "The session in which this link began is over; sign in and start again"


class OwnIdentities:
    """Lists, adds and removes identities; changing them asks for recent authentication.

    `active` names the providers that are in use on this server.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        recent: RecentAuth,
        audit: Audit,
        origins: Origins,
        active: Iterable[str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._recent = recent
        self._audit = audit
        self._origins = origins
        self._active = frozenset(active)

    async def of(self, principal: Principal) -> list[IdentityRecord]:
        """Return the caller's identities, oldest first."""
        user_id = principal.user_id
        return await self._store.read(SYSTEM, lambda tx: tx.identities.of_user(user_id))

    def may_add(self, principal: Principal) -> None:
        """Raise `ReauthRequired` or `Forbidden` when the caller may not begin a link now."""
        self._recent.require(principal)

    async def add(self, user_id: str, session_id: str, arrival: Arrival, source: Source) -> None:
        """Link what a browser came back with to the account that began.

        Raises `Conflict` when it belongs to another account, `ReauthRequired` when the session in
        which this began has ended meanwhile.
        """
        at, linked = instant(self._clock.now()), new_id()

        def work(tx: Transaction) -> None:
            session = tx.sessions.get(session_id)
            if session is None or session["revoked_at"] is not None:
                raise ReauthRequired(OVER)
            if session["user_id"] != user_id or not existing(tx, user_id)["is_active"]:
                raise ReauthRequired(OVER)
            known = tx.identities.find(arrival["provider"], arrival["subject"])
            if known is not None and known["user_id"] != user_id:
                raise Conflict(TAKEN)
            if known is None:
                tx.identities.add(identity_row(arrival, linked, user_id, at))
                self._audit.record(tx, "identity.link", user_id, at, object=linked, source=source)

        await self._store.write(SYSTEM, work)

    async def remove(self, principal: Principal, identity_id: str, source: Source) -> None:
        """Forget an identity of the caller's and end the other sessions that began with it.

        Raises `NotFound`, and `BadRequest` when no other way in would be left.
        """
        self._recent.require(principal)
        now, owner = self._clock.now(), principal.user_id
        at = instant(now)

        def work(tx: Transaction) -> None:
            every = tx.identities.of_user(owner)
            gone = next((one for one in every if one["id"] == identity_id), None)
            if gone is None:
                raise NotFound("Identity not found")
            left = {one["provider"] for one in every if one["id"] != identity_id}
            if not left & self._active:
                raise BadRequest(LAST)
            tx.identities.delete(identity_id)
            user = existing(tx, owner)
            begun = self._origins.of_identity(tx, user, gone["provider"], gone["subject"], now)
            for session in begun:
                if session["id"] != principal.session_id:
                    tx.sessions.revoke(session["id"], at, "unlinked")
            self._audit.record(tx, "identity.unlink", owner, at, object=identity_id, source=source)

        await self._store.write(SYSTEM, work)
