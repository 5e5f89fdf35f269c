"""Where a session began: the provider's session behind it, so that both can end together."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypedDict

from journiv.contracts.auth import Ended, Proof
from journiv.contracts.records import SessionRecord, UserRecord
from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.domain.errors import Unavailable
from journiv.services.accounts.account_rows import normal_email
from journiv.services.server.sealing import Sealing

NAMESPACE: Final = "provider-sessions"
_KEPT: Final = ("provider", "subject", "session", "hint")
_PLACE: Final = "provider-sessions|hint"


class Origin(TypedDict):
    """The provider's session behind one of ours; `hint` is sealed."""

    provider: str
    subject: str
    session: str | None
    hint: str | None


class Arrival(Origin):
    """Somebody a provider has sent here; `user_id` is None while they have no account here.

    The values are JSON, to be kept between two requests.
    """

    email: str
    second_factor: bool
    user_id: str | None


def methods(arrival: Arrival) -> Sequence[str]:
    """Return how they proved who they are (RFC 8176)."""
    return ("oidc", "mfa") if arrival["second_factor"] else ("oidc",)


class Origins:
    """Keeps the origin of each session as long as the session may last (needs `SystemScope`)."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def arrival(self, proof: Proof, user_id: str | None) -> Arrival:
        """Return what is kept of a proof."""
        claims, hint = proof.claims, proof.claims["hint"]
        return Arrival(
            provider=proof.provider,
            subject=proof.subject,
            session=claims["session"],
            hint=None if hint is None else self._sealing.seal(hint.encode(), _PLACE),
            email=normal_email(claims["email"]),
            second_factor=claims["second_factor"],
            user_id=user_id,
        )

    def keep(self, tx: Transaction, session: SessionRecord, arrival: Arrival) -> None:
        """Remember where a new session began."""
        owner, ends_at = session["user_id"], session["absolute_expires_at"]
        origin = {name: arrival[name] for name in _KEPT}
        tx.kv.put(NAMESPACE, _own_key(owner, session["id"]), origin, ends_at)
        if arrival["session"] is not None:
            key = _session_key(arrival["provider"], arrival["session"])
            tx.kv.put(NAMESPACE, key, owner, ends_at)

    def get(self, tx: Transaction, user_id: str, session_id: str, now: datetime) -> Origin | None:
        """Return where a session began, None when not at a provider."""
        found: Origin | None = tx.kv.get(NAMESPACE, _own_key(user_id, session_id), instant(now))
        return found

    def take(self, tx: Transaction, user_id: str, session_id: str, now: datetime) -> Origin | None:
        """Return where a session began and forget it."""
        found: Origin | None = tx.kv.take(NAMESPACE, _own_key(user_id, session_id), instant(now))
        return found

    def hint(self, origin: Origin) -> str | None:
        """Return the provider's hint in clear, None without one that can still be read."""
        if origin["hint"] is None:
            return None
        try:
            return self._sealing.open(origin["hint"], _PLACE).decode()
        except Unavailable:  # SECRET_KEY has changed; the provider asks the person instead
            return None

    def ended_by(self, tx: Transaction, ended: Ended, now: datetime) -> list[SessionRecord]:
        """Return the live sessions that a provider's message is about.

        A message that names a session means that one, otherwise all of its subject.
        """
        at = instant(now)
        user_id: Any = None
        if ended.session is not None:
            key = _session_key(ended.provider, ended.session)
            user_id = tx.kv.get(NAMESPACE, key, at)
        elif ended.subject is not None:
            identity = tx.identities.find(ended.provider, ended.subject)
            user_id = None if identity is None else identity["user_id"]
        if user_id is None:
            return []
        return self._meant(tx, user_id, ended, now)

    def of_identity(
        self, tx: Transaction, user: UserRecord, provider: str, subject: str, now: datetime
    ) -> list[SessionRecord]:
        """Return the live sessions that began with one identity."""
        everything = Ended(provider=provider, session=None, subject=subject, token_id="")
        return self._meant(tx, user["id"], everything, now)

    def _meant(
        self, tx: Transaction, user_id: str, ended: Ended, now: datetime
    ) -> list[SessionRecord]:
        live = tx.sessions.of_user(user_id)
        return [one for one in live if _is_meant(self.get(tx, user_id, one["id"], now), ended)]


def forget_origins(tx: Transaction, user_id: str, now: str) -> None:
    """Forget where the sessions of an account began (needs `SystemScope`)."""
    for key, origin in tx.kv.items(NAMESPACE, _own_key(user_id, ""), now):
        tx.kv.delete(NAMESPACE, key)
        if origin["session"] is not None:
            tx.kv.delete(NAMESPACE, _session_key(origin["provider"], origin["session"]))


def _is_meant(origin: Origin | None, ended: Ended) -> bool:
    if origin is None or origin["provider"] != ended.provider:
        return False
    if ended.subject is not None and origin["subject"] != ended.subject:
        return False
    return ended.session is None or origin["session"] == ended.session


def _own_key(user_id: str, session_id: str) -> str:
    return f"{user_id}:{session_id}"


def _session_key(provider: str, session: str) -> str:
    named = f"{provider}|{session}".encode("utf-8", "surrogatepass")
    return f"session:{hashlib.sha256(named).hexdigest()}"
