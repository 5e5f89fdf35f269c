"""Personal access tokens as one kind of token a request may carry (their form: `jpat_…`)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from journiv.contracts.context import PluginContext
from journiv.contracts.records import AccessTokenRecord
from journiv.contracts.tokens import Claims, TokenHandler, TokenInvalid
from journiv.domain import personal_token
from journiv.domain.clock import instant
from journiv.domain.errors import NotSupported
from journiv.domain.scope import SYSTEM

NAME: Final = "personal"
SEEN_EVERY: Final = timedelta(minutes=5)
"""`last_used_at` is exact to this much, so that reading does not become writing."""


class PersonalTokens(TokenHandler):
    """Finds a token by its hash. Tokens are made at `POST /tokens`, never for a session."""

    name = NAME

    def __init__(self, ctx: PluginContext) -> None:
        self._ctx = ctx

    async def verify(self, token: str) -> Claims | None:
        """See `TokenHandler`."""
        if not token.startswith(personal_token.PREFIX):
            return None
        if not personal_token.is_well_formed(token):
            raise TokenInvalid("form")
        hashed = personal_token.digest(token)
        found = await self._ctx.store.read(SYSTEM, lambda tx: tx.access_tokens.by_hash(hashed))
        now = instant(self._ctx.clock.now())
        if found is None or found["expires_at"] <= now:
            raise TokenInvalid("unknown or expired")
        await self._note_use(found)
        return Claims(
            user_id=found["user_id"],
            session_id=found["id"],
            security_version=0,
            issued_at=_seconds(found["created_at"]),
            expires_at=_seconds(found["expires_at"]),
            authenticated_at=0,
            methods=("pat",),
            scopes=tuple(found["scopes"].split()),
            personal=True,
        )

    async def issue(self, claims: Claims) -> str:
        """Raise `NotSupported`: a session never gets such a token."""
        raise NotSupported("Personal access tokens are made at /tokens, not for sessions")

    async def _note_use(self, token: AccessTokenRecord) -> None:
        now = self._ctx.clock.now()
        last = token["last_used_at"]
        if last is None or last <= instant(now - SEEN_EVERY):
            at = instant(now)
            await self._ctx.store.write(SYSTEM, lambda tx: tx.access_tokens.used(token["id"], at))


def _seconds(wire: str) -> int:
    return int(datetime.fromisoformat(wire).timestamp())
