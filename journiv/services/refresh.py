"""Refresh families: what presenting a refresh token does to its session.

A refresh token is `jr1.<session id>.<secret>`; only the SHA-256 of a secret is stored. Its
successor is an HMAC of it, so the same successor can be handed out again without keeping it.

| session  | secret presented | when                  | outcome                                    |
|----------|------------------|-----------------------|--------------------------------------------|
| ended    | any              |                       | refused                                    |
| strict   | current          |                       | renewed: rotates                           |
| strict   | previous         | within grace, 5 times | renewed: the same successor again          |
| strict   | previous         | later, or more often  | reused: the family dies                    |
| adaptive | previous (first) |                       | renewed: the same successor each time      |
| adaptive | current          |                       | renewed: rotates, strict from now on       |
| any      | any other        |                       | reused: the family dies                    |

An adaptive session is born with its first successor already current, so that clients that keep
sending their first token go on working until the session's life ends, and all others are strict
from their second refresh on. Repeats within two seconds of a rotation are requests that
were under way at the same time, and are not counted.
"""

from __future__ import annotations

import base64
import enum
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from journiv.contracts.records import SessionRecord
from journiv.domain.clock import instant

MAX_REPLAYS: Final = 5
CONCURRENT: Final = timedelta(seconds=2)
_TOKEN = re.compile(r"jr1\.([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})\Z")


class Outcome(enum.Enum):
    """What became of a presented refresh token."""

    RENEWED = "renewed"
    REUSED = "reused"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Step:
    """An outcome, the secret to hand out, and the columns of the session to write."""

    outcome: Outcome
    secret: str = field(default="", repr=False)
    changes: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class RefreshKeys:
    """Makes successors with the first key and recognises those of all."""

    keys: Sequence[bytes] = field(repr=False)

    def successor(self, session_id: str, generation: int, secret: str) -> str:
        """Return the secret that follows `secret` as the session's `generation`."""
        return _successor(self.keys[0], session_id, generation, secret)

    def repeat(self, session: SessionRecord, secret: str) -> str | None:
        """Return the session's current secret, computed from the previous one."""
        for key in self.keys:
            found = _successor(key, session["id"], session["generation"], secret)
            if hmac.compare_digest(digest(found), session["refresh_hash"]):
                return found
        return None


def new_secret() -> str:
    """Return 256 random bits as 43 characters."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def write_token(session_id: str, secret: str) -> str:
    """Return the refresh token as clients see it."""
    return f"jr1.{session_id}.{secret}"


def read_token(token: str) -> tuple[str, str] | None:
    """Return (session id, secret), or None when it is no refresh token."""
    found = _TOKEN.match(token)
    return None if found is None else (found[1], found[2])


def first_columns(keys: RefreshKeys, session_id: str, secret: str, mode: str) -> dict[str, Any]:
    """Return the family's columns of a new session whose client gets `secret`."""
    if mode == "strict":
        return {"generation": 0, "refresh_hash": digest(secret), "previous_hash": None}
    successor = keys.successor(session_id, 1, secret)
    return {
        "generation": 1,
        "refresh_hash": digest(successor),
        "previous_hash": digest(secret),
    }


def present(
    session: SessionRecord,
    secret: str,
    *,
    keys: RefreshKeys,
    now: datetime,
    grace: timedelta,
    idle: timedelta,
) -> Step:
    """Decide what presenting `secret` does; see the table above. Changes nothing itself."""
    at = instant(now)
    ends_at = min(session["expires_at"], session["absolute_expires_at"])
    if session["revoked_at"] is not None or at >= ends_at:
        return Step(Outcome.REFUSED)
    shown = digest(secret)
    if hmac.compare_digest(shown, session["refresh_hash"]):
        return _rotated(session, secret, keys, at, instant(now + idle))
    if not hmac.compare_digest(shown, session["previous_hash"] or ""):
        return Step(Outcome.REUSED)
    if session["mode"] == "adaptive":
        return _repeated(session, secret, keys, {"seen_at": at})
    age = now - datetime.fromisoformat(session["rotated_at"])
    if age > grace or session["replays"] >= MAX_REPLAYS:
        return Step(Outcome.REUSED)
    counted = 0 if age <= CONCURRENT else 1
    return _repeated(session, secret, keys, {"replays": session["replays"] + counted})


def _rotated(
    session: SessionRecord, secret: str, keys: RefreshKeys, at: str, idle_until: str
) -> Step:
    generation = session["generation"] + 1
    successor = keys.successor(session["id"], generation, secret)
    changes = {
        "mode": "strict",
        "generation": generation,
        "previous_hash": digest(secret),
        "refresh_hash": digest(successor),
        "rotated_at": at,
        "replays": 0,
        "seen_at": at,
        "expires_at": idle_until,
    }
    return Step(Outcome.RENEWED, successor, changes)


def _repeated(
    session: SessionRecord, secret: str, keys: RefreshKeys, changes: Mapping[str, Any]
) -> Step:
    # Without the key it was made with, the successor cannot be made again: SECRET_KEY changed
    # and the old one is not in SECRET_KEY_PREVIOUS. Nobody stole anything.
    successor = keys.repeat(session, secret)
    if successor is None:
        return Step(Outcome.REFUSED)
    return Step(Outcome.RENEWED, successor, changes)


def _successor(key: bytes, session_id: str, generation: int, secret: str) -> str:
    message = f"{session_id}|{generation}|{secret}".encode()
    made = hmac.digest(key, message, "sha256")
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
