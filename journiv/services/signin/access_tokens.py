"""Personal access tokens: made, listed and revoked by their owner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from journiv.contracts.records import AccessTokenRecord
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain import personal_token
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Forbidden, NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit, Source
from journiv.services.signin.recent_auth import RecentAuth

MOST: Final = 50
ADMIN_SCOPES: Final = frozenset({"admin:users"})


@dataclass(frozen=True, slots=True)
class Minted:
    """A new token; `token` is shown this once and cannot be had again."""

    record: AccessTokenRecord
    token: str = field(repr=False)


class AccessTokenService:
    """Serves the tokens of one person."""

    def __init__(self, store: Store, clock: Clock, recent: RecentAuth, audit: Audit) -> None:
        self._store = store
        self._clock = clock
        self._recent = recent
        self._audit = audit

    async def create(
        self, principal: Principal, name: str, scopes: Sequence[str], days: int, source: Source
    ) -> Minted:
        """Make a token for `days` days.

        Raises `ReauthRequired` without a recent sign-in, `Forbidden` for an administrator's scope
        asked for by somebody who is none, `BadRequest` beyond fifty tokens.
        """
        self._recent.require(principal)
        if not ADMIN_SCOPES.isdisjoint(scopes) and not principal.is_admin:
            raise Forbidden("Admin access required")
        now = self._clock.now()
        hint, token = personal_token.mint()
        record = AccessTokenRecord(
            id=new_id(),
            user_id=principal.user_id,
            token_hash=personal_token.digest(token),
            hint=hint,
            name=name.strip(),
            scopes=" ".join(scope for scope in personal_token.SCOPES if scope in scopes),
            created_at=instant(now),
            expires_at=instant(now + timedelta(days=days)),
            last_used_at=None,
        )
        await self._store.write(SYSTEM, lambda tx: self._add(tx, record, source))
        return Minted(record, token)

    async def of(self, principal: Principal) -> list[AccessTokenRecord]:
        """Return the caller's tokens, newest first."""
        owner = principal.user_id
        return await self._store.read(SYSTEM, lambda tx: tx.access_tokens.of_user(owner))

    async def revoke(self, principal: Principal, token_id: str, source: Source) -> None:
        """End a token at once. Raises `NotFound` when the caller has none of that id."""
        owner, at = principal.user_id, instant(self._clock.now())

        def work(tx: Transaction) -> bool:
            if not tx.access_tokens.delete(owner, token_id):
                return False
            self._audit.record(tx, "token.revoke", owner, at, object=token_id, source=source)
            return True

        if not await self._store.write(SYSTEM, work):
            raise NotFound("Token not found")

    def _add(self, tx: Transaction, record: AccessTokenRecord, source: Source) -> None:
        owner = record["user_id"]
        if len(tx.access_tokens.of_user(owner)) >= MOST:
            raise BadRequest(f"There are {MOST} tokens already. Revoke one that is not used.")
        tx.access_tokens.add(record)
        at = record["created_at"]
        self._audit.record(tx, "token.create", owner, at, object=record["id"], source=source)
