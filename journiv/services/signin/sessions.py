"""Sessions: opening them, renewing their tokens, ending them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from journiv.config.settings import Settings
from journiv.contracts.records import SessionRecord, UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Claims, Principal, TokenHandler
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import OWN, Audit, Source
from journiv.services.signin.devices import device_label, network
from journiv.services.signin.refresh import (
    Outcome,
    RefreshKeys,
    Step,
    first_columns,
    present,
    read_token,
    write_token,
)

INVALID: Final = "Could not validate credentials"
MOST_SESSIONS: Final = 50
MOST_IN_USE: Final = 500
_ATTEMPTS: Final = 5

log = logging.getLogger("journiv.sessions")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRules:
    """How long tokens and sessions live, and whether clients must rotate (`strict`) or may."""

    access: timedelta = timedelta(minutes=15)
    idle: timedelta = timedelta(days=7)
    absolute: timedelta = timedelta(days=30)
    grace: timedelta = timedelta(seconds=10)
    rotation: str = "adaptive"

    @classmethod
    def of(cls, settings: Settings) -> SessionRules:
        """Read the rules from the settings."""
        return cls(
            access=timedelta(minutes=settings.access_token_expire_minutes),
            idle=timedelta(days=settings.refresh_token_expire_days),
            absolute=timedelta(days=settings.session_absolute_days),
            grace=timedelta(seconds=settings.refresh_grace_seconds),
            rotation=settings.refresh_rotation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Who signs in, as far as it says. A `web` client keeps its refresh token in a cookie.

    `device` is a token of `KnownDevices`, or empty.
    """

    kind: str = "api"
    user_agent: str = ""
    address: str = ""
    request_id: str = ""
    device: str = field(default="", repr=False)

    @property
    def source(self) -> Source:
        """Say where this client is, for the audit log."""
        return Source(address=self.address, request_id=self.request_id)

    @property
    def is_web(self) -> bool:
        """Say whether this is a web application."""
        return self.kind == "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What a client gets. `ends_at` is when the refresh token dies unless it is used."""

    session_id: str
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    ends_at: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that is to be stored, and the refresh secret its client gets."""

    record: SessionRecord
    secret: str = field(repr=False)


class Sessions:
    """Issues and renews tokens. Every session is a row, so that ending it takes effect at once."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        issuer: TokenHandler,
        refresh_keys: Sequence[bytes],
        rules: SessionRules,
        audit: Audit,
    ) -> None:
        self._store = store
        self._clock = clock
        self._issuer = issuer
        self._keys = RefreshKeys(tuple(refresh_keys))
        self._rules = rules
        self._audit = audit

    def opened(self, user: UserRecord, client: Client, methods: Sequence[str]) -> Opened:
        """Make a session for somebody who has just proved who they are."""
        now, session_id = self._clock.now(), new_id()
        secret = self._keys.first(session_id)
        strict = client.is_web or self._rules.rotation == "strict"
        mode = "strict" if strict else "adaptive"
        at = instant(now)
        family = first_columns(self._keys, session_id, secret, mode)
        record = SessionRecord(
            id=session_id,
            user_id=user["id"],
            security_version=user["security_version"],
            client=client.kind,
            device=device_label(client.user_agent),
            address=network(client.address),
            mode=mode,
            generation=family["generation"],
            refresh_hash=family["refresh_hash"],
            previous_hash=family["previous_hash"],
            rotated_at=at,
            replays=0,
            authenticated_at=at,
            methods=" ".join(methods),
            created_at=at,
            seen_at=at,
            expires_at=instant(now + self._rules.idle),
            absolute_expires_at=instant(now + self._rules.absolute),
            revoked_at=None,
            revoked_for=None,
        )
        return Opened(record, secret)

    def keep(self, tx: Transaction, opened: Opened) -> None:
        """Store a session. Beyond fifty of one person the ones longest unseen end.

        A session is seen when its tokens are renewed, so one seen within the life of an access
        token may be in use and is spared, up to a limit that no honest person reaches.
        """
        new = opened.record
        tx.sessions.add(new)
        unused = instant(_moment(new["created_at"]) - self._rules.access)
        for place, old in enumerate(tx.sessions.of_user(new["user_id"])):
            if place >= MOST_IN_USE or (place >= MOST_SESSIONS and old["seen_at"] < unused):
                tx.sessions.revoke(old["id"], new["created_at"], "too-many")

    async def tokens(self, session: SessionRecord, secret: str) -> Tokens:
        """Issue an access token for a session, beside the refresh secret it has now."""
        ends_at = min(session["expires_at"], session["absolute_expires_at"])
        issued_at = int(self._clock.now().timestamp())
        life_ends = int(_moment(ends_at).timestamp())
        claims = Claims(
            user_id=session["user_id"],
            session_id=session["id"],
            security_version=session["security_version"],
            issued_at=issued_at,
            expires_at=min(issued_at + int(self._rules.access.total_seconds()), life_ends),
            authenticated_at=int(_moment(session["authenticated_at"]).timestamp()),
            methods=tuple(session["methods"].split()),
        )
        return Tokens(
            session_id=session["id"],
            access=await self._issuer.issue(claims),
            refresh=write_token(session["id"], secret),
            ends_at=ends_at,
        )

    async def refresh(self, token: str) -> Tokens:
        """Renew a session's tokens. Raises `AuthenticationFailed`; a replay ends the session."""
        found = read_token(token)
        if found is None:
            raise AuthenticationFailed(INVALID)
        session_id, secret = found
        now = self._clock.now()
        step, session = await self._store.write(
            SYSTEM, lambda tx: self._presented(tx, session_id, secret, now)
        )
        if step.outcome is Outcome.REUSED:
            log.warning("a refresh token was used again: session %s is ended", session_id)
        if step.outcome is not Outcome.RENEWED or session is None:
            raise AuthenticationFailed(INVALID)
        return await self.tokens(session, step.secret)

    def _presented(
        self, tx: Transaction, session_id: str, secret: str, now: datetime
    ) -> tuple[Step, SessionRecord | None]:
        for _ in range(_ATTEMPTS):
            found = tx.sessions.with_user(session_id)
            if found is None or not _stands(*found):
                return Step(Outcome.REFUSED), None
            session = found[0]
            step = present(
                session,
                secret,
                keys=self._keys,
                now=now,
                grace=self._rules.grace,
                idle=self._rules.idle,
            )
            if step.outcome is Outcome.REUSED:
                self._end_family(tx, session, instant(now))
            if not step.changes:
                return step, session
            if tx.sessions.change(session_id, step.changes, generation=session["generation"]):
                return step, tx.sessions.get(session_id)
        return Step(Outcome.REFUSED), None

    def _end_family(self, tx: Transaction, session: SessionRecord, at: str) -> None:
        tx.sessions.revoke(session["id"], at, "reuse")
        ended, owner = session["id"], session["user_id"]
        self._audit.record(tx, "token.reuse", owner, at, object=ended, result="ended")

    async def live(self, principal: Principal) -> list[SessionRecord]:
        """Return the caller's live sessions, most recently seen first."""
        now = instant(self._clock.now())
        rows = await self._store.read(SYSTEM, lambda tx: tx.sessions.of_user(principal.user_id))
        return [row for row in rows if now < min(row["expires_at"], row["absolute_expires_at"])]

    async def leave(self, principal: Principal) -> None:
        """End the caller's own session; that it has ended meanwhile is fine."""
        session_id, at = principal.session_id, instant(self._clock.now())
        await self._store.write(SYSTEM, lambda tx: tx.sessions.revoke(session_id, at, "logout"))

    async def end(self, principal: Principal, session_id: str, source: Source = OWN) -> None:
        """End one of the caller's sessions. Raises `NotFound` when it is none of them."""
        at = instant(self._clock.now())

        def work(tx: Transaction) -> bool:
            session = tx.sessions.get(session_id)
            if session is None or session["user_id"] != principal.user_id:
                return False
            owner = session["user_id"]
            self._audit.record(tx, "session.end", owner, at, object=session_id, source=source)
            return tx.sessions.revoke(session_id, at, "revoked")

        if not await self._store.write(SYSTEM, work):
            raise NotFound("Session not found")

    async def end_others(self, principal: Principal, source: Source = OWN) -> None:
        """End every session of the caller but the one that asks."""
        owner, at = principal.user_id, instant(self._clock.now())

        def work(tx: Transaction) -> None:
            tx.sessions.revoke_all(owner, at, "revoked", keep=principal.session_id)
            self._audit.record(tx, "session.end", owner, at, result="others", source=source)

        await self._store.write(SYSTEM, work)


def _stands(session: SessionRecord, user: UserRecord) -> bool:
    return user["is_active"] and session["security_version"] == user["security_version"]


def _moment(wire: str) -> datetime:
    return datetime.fromisoformat(wire)
