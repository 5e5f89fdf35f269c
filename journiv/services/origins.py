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
from journiv.services.account_rows import normal_email
from journiv.services.sealing import Sealing

NAMESPACE: Final = "provider-sessions"
_PLACE: Final = "provider-sessions|hint"


class Arrival(TypedDict):
    """Somebody a provider has sent here; `user_id` is None while they have no account here.

    `hint` is sealed. The values are JSON, to be kept between two requests.
    """

    provider: str
    subject: str
    email: str
    second_factor: bool
    session: str | None
    hint: str | None
    user_id: str | None


def methods(arrival: Arrival) -> Sequence[str]:
    """Return how they proved who they are (RFC 8176)."""
    return ("oidc", "mfa") if arrival["second_factor"] else ("oidc",)


class Origins:
    """Keeps the arrival behind each session as long as the session (needs `SystemScope`)."""

    def __init__(self, sealing: Sealing) -> None:
        self._sealing = sealing

    def arrival(self, proof: Proof, user_id: str | None) -> Arrival:
        """Return what is kept of a proof."""
        claims, hint = proof.claims, proof.claims["hint"]
        return Arrival(
            provider=proof.provider,
            subject=proof.subject,
            email=normal_email(claims["email"]),
            second_factor=claims["second_factor"],
            session=claims["session"],
            hint=None if hint is None else self._sealing.seal(hint.encode(), _PLACE),
            user_id=user_id,
        )

    def keep(self, tx: Transaction, session: SessionRecord, arrival: Arrival) -> None:
        """Remember where a new session began."""
        ends_at = session["absolute_expires_at"]
        tx.kv.put(NAMESPACE, session["id"], dict(arrival), ends_at)
        if arrival["session"] is not None:
            key = _session_key(arrival["provider"], arrival["session"])
            tx.kv.put(NAMESPACE, key, session["user_id"], ends_at)

    def get(self, tx: Transaction, session_id: str, now: datetime) -> Arrival | None:
        """Return where a session began, None when not at a provider."""
        found: Arrival | None = tx.kv.get(NAMESPACE, session_id, instant(now))
        return found

    def hint(self, arrival: Arrival) -> str | None:
        """Return the provider's hint in clear, None without one that can still be read."""
        if arrival["hint"] is None:
            return None
        try:
            return self._sealing.open(arrival["hint"], _PLACE).decode()
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
        live = tx.sessions.of_user(user_id)
        return [one for one in live if _is_meant(self.get(tx, one["id"], now), ended)]

    def of_identity(
        self, tx: Transaction, user: UserRecord, provider: str, subject: str, now: datetime
    ) -> list[SessionRecord]:
        """Return the live sessions that began with one identity."""
        everything = Ended(provider=provider, session=None, subject=subject, token_id="")
        live = tx.sessions.of_user(user["id"])
        return [one for one in live if _is_meant(self.get(tx, one["id"], now), everything)]


def _is_meant(arrival: Arrival | None, ended: Ended) -> bool:
    if arrival is None or arrival["provider"] != ended.provider:
        return False
    if ended.subject is not None and arrival["subject"] != ended.subject:
        return False
    return ended.session is None or arrival["session"] == ended.session


def _session_key(provider: str, session: str) -> str:
    named = f"{provider}|{session}".encode("utf-8", "surrogatepass")
    return f"session:{hashlib.sha256(named).hexdigest()}"
