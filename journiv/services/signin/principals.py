"""Who an access token belongs to: asked once by every request."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from journiv.contracts.records import AccessTokenRecord, SessionRecord, UserRecord
from journiv.contracts.storage import Store
from journiv.contracts.tokens import CLOCK_SKEW, Claims, Principal, TokenHandler, TokenInvalid
from journiv.domain.clock import Clock
from journiv.domain.errors import AuthenticationFailed, Forbidden
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.factors.mfa_policy import NOBODY, MfaPolicy

INVALID: Final = "Could not validate credentials"
INACTIVE: Final = "User account is inactive"
KEPT_TOKENS: Final = 2048
VERIFIED_FOR: Final = 300.0
"""Seconds for which a personal access token is not looked up by its hash again."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A verified token, and what the store said about it at one of its revisions."""

    claims: Claims
    valid_until: float
    revision: object
    principal: Principal


class Principals:
    """Turns access tokens into principals.

    A verified token is kept until it expires, the answer of the store only while the store's
    revision stays the same. So nothing is read twice, and what any process ends, ends at once.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        handlers: Sequence[TokenHandler],
        *,
        policy: MfaPolicy = NOBODY,
        kept: int = KEPT_TOKENS,
    ) -> None:
        self._store = store
        self._clock = clock
        self._handlers = tuple(handlers)
        self._policy = policy
        self._kept = kept
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def principal(self, token: str) -> Principal:
        """Return who this is.

        Raises `AuthenticationFailed` for a token that does not hold (any more), and `Forbidden`
        when the account is switched off.
        """
        known = self._known.get(token)
        if known is not None and known.valid_until < self._clock.now().timestamp():
            del self._known[token]
            if not known.claims.personal:
                raise AuthenticationFailed(INVALID)
            known = None
        if known is None:
            return await self._read(token, await self._verified(token))
        if known.revision == self._store.revision():
            self._known.move_to_end(token)
            return known.principal
        return await self._read(token, known.claims)

    async def _verified(self, token: str) -> Claims:
        for handler in self._handlers:
            try:
                claims = await handler.verify(token)
            except TokenInvalid:
                break
            if claims is not None:
                return claims
        raise AuthenticationFailed(INVALID)

    async def _read(self, token: str, claims: Claims) -> Principal:
        revision = self._store.revision()  # before the read: a change meanwhile is seen next time
        try:
            principal = await self._decided(claims)
        except (AuthenticationFailed, Forbidden):
            self._known.pop(token, None)
            raise
        valid_until = float(claims.expires_at + CLOCK_SKEW)
        if claims.personal:  # asked again now and then, so that its use is noted
            soon = self._clock.now().timestamp() + VERIFIED_FOR
            valid_until = min(float(claims.expires_at), soon)
        self._known[token] = _Known(claims, valid_until, revision, principal)
        if len(self._known) > self._kept:
            self._known.popitem(last=False)
        return principal

    async def _decided(self, claims: Claims) -> Principal:
        row_id = claims.session_id
        if claims.personal:
            token = await self._store.read(SYSTEM, lambda tx: tx.access_tokens.with_user(row_id))
            return decide_personal(claims, token)
        session = await self._store.read(SYSTEM, lambda tx: tx.sessions.with_user(row_id))
        return decide(claims, session, self._policy)


def decide_personal(
    claims: Claims, found: tuple[AccessTokenRecord, UserRecord] | None
) -> Principal:
    """Say who a personal access token stands for: its owner, within the scopes of its row."""
    if found is None:
        raise AuthenticationFailed(INVALID)
    token, user = found
    if not user["is_active"]:
        raise Forbidden(INACTIVE)
    return Principal(
        user_id=user["id"],
        session_id=token["id"],
        email=user["email"],
        role=user["role"],
        security_version=user["security_version"],
        expires_at=claims.expires_at,
        authenticated_at=0,
        scope=UserScope(user["id"]),
        scopes=tuple(token["scopes"].split()),
    )


def decide(
    claims: Claims, found: tuple[SessionRecord, UserRecord] | None, policy: MfaPolicy
) -> Principal:
    """Say who the claims stand for, by the rows of the session and its account.

    Role, address and the factors shown are those of now, not those of when the token was issued.
    """
    if found is None:
        raise AuthenticationFailed(INVALID)
    session, user = found
    if user["id"] != claims.user_id:
        raise AuthenticationFailed(INVALID)
    if not user["is_active"]:
        raise Forbidden(INACTIVE)
    ended = session["revoked_at"] is not None
    if ended or session["security_version"] != user["security_version"]:
        raise AuthenticationFailed(INVALID)
    return Principal(
        user_id=user["id"],
        session_id=session["id"],
        email=user["email"],
        role=user["role"],
        security_version=user["security_version"],
        expires_at=claims.expires_at,
        authenticated_at=_seconds(session["authenticated_at"]),
        scope=UserScope(user["id"]),
        must_enrol=policy.holds_back(user["role"], session["methods"]),
    )


def _seconds(wire: str) -> int:
    return int(datetime.fromisoformat(wire).timestamp())
