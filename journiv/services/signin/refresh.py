"""Refresh families: what presenting a refresh token does to its session.

A refresh token is `jr1.<session id>.<secret>`; only an HMAC of a secret is stored, under a key of
`SECRET_KEY`, so that another key without the old one in `SECRET_KEY_PREVIOUS` ends every session.
A successor is an HMAC of the secret, so the same one can be handed out again without keeping it.
The second half of a secret seals the first, so that one which was never handed out is known: who
has only seen a session's id can end nothing.

| session     | secret presented | when                  | outcome                               |
|-------------|------------------|-----------------------|---------------------------------------|
| ended       | any              |                       | refused                               |
| unknown key | any              |                       | refused                               |
| strict      | current          |                       | renewed: rotates                      |
| strict      | previous         | within grace, 5 times | renewed: the same successor again     |
| strict      | previous         | later, or more often  | reused: the family dies               |
| adaptive    | previous (first) |                       | renewed: the same successor each time |
| adaptive    | current          |                       | renewed: rotates, strict from now on  |
| any         | another of ours  |                       | reused: the family dies               |
| any         | any other        |                       | refused                               |

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
_HALF = 16
_STORED = 64
_KEY_ID = 8
_TOKEN = re.compile(r"jr1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]{43})\Z")


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
    """Makes digests and successors with the first key and recognises those of all."""

    keys: Sequence[bytes] = field(repr=False)

    def digest(self, secret: str) -> str:
        """Return what is stored of a secret: 8 letters that name the key, 56 of an HMAC."""
        return _digest(self.keys[0], secret)

    def fits(self, secret: str, stored: str | None) -> bool:
        """Say whether this is what is stored of a secret."""
        shown = stored or ""
        return any(hmac.compare_digest(_digest(key, secret), shown) for key in self.keys)

    def knows(self, stored: str) -> bool:
        """Say whether the key is known with which this was stored."""
        return stored[:_KEY_ID] in map(_key_id, self.keys)

    def successor(self, session_id: str, generation: int, secret: str) -> str:
        """Return the secret that follows `secret` as the session's `generation`."""
        return _successor(self.keys[0], session_id, generation, secret)

    def first(self, session_id: str) -> str:
        """Return a session's first secret: 128 random bits and their seal."""
        return _sealed(self.keys[0], session_id, secrets.token_bytes(_HALF))

    def made(self, session_id: str, secret: str) -> bool:
        """Say whether this secret was handed out to this session at some time."""
        half = base64.urlsafe_b64decode(secret + "=")[:_HALF]
        return any(hmac.compare_digest(_sealed(key, session_id, half), secret) for key in self.keys)

    def repeat(self, session: SessionRecord, secret: str) -> str | None:
        """Return the session's current secret, computed from the previous one."""
        for key in self.keys:
            found = _successor(key, session["id"], session["generation"], secret)
            if self.fits(found, session["refresh_hash"]):
                return found
        return None


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
        return {"generation": 0, "refresh_hash": keys.digest(secret), "previous_hash": None}
    successor = keys.successor(session_id, 1, secret)
    return {
        "generation": 1,
        "refresh_hash": keys.digest(successor),
        "previous_hash": keys.digest(secret),
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
    if not keys.knows(session["refresh_hash"]):  # nobody stole anything: SECRET_KEY has changed
        return Step(Outcome.REFUSED)
    if keys.fits(secret, session["refresh_hash"]):
        return _rotated(session, secret, keys, at, instant(now + idle))
    if not keys.fits(secret, session["previous_hash"]):
        is_ours = keys.made(session["id"], secret)
        return Step(Outcome.REUSED if is_ours else Outcome.REFUSED)
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
        "previous_hash": keys.digest(secret),
        "refresh_hash": keys.digest(successor),
        "rotated_at": at,
        "replays": 0,
        "seen_at": at,
        "expires_at": idle_until,
    }
    return Step(Outcome.RENEWED, successor, changes)


def _repeated(
    session: SessionRecord, secret: str, keys: RefreshKeys, changes: Mapping[str, Any]
) -> Step:
    successor = keys.repeat(session, secret)
    if successor is None:
        return Step(Outcome.REFUSED)
    return Step(Outcome.RENEWED, successor, changes)


def _digest(key: bytes, secret: str) -> str:
    mac = hmac.digest(key, f"stored|{secret}".encode(), "sha256")
    return f"{_key_id(key)}{mac.hex()}"[:_STORED]


def _key_id(key: bytes) -> str:
    return hashlib.sha256(b"id|" + key).hexdigest()[:_KEY_ID]


def _successor(key: bytes, session_id: str, generation: int, secret: str) -> str:
    message = f"{session_id}|{generation}|{secret}".encode()
    return _sealed(key, session_id, hmac.digest(key, message, "sha256")[:_HALF])


def _sealed(key: bytes, session_id: str, half: bytes) -> str:
    seal = hmac.digest(key, b"seal|" + session_id.encode() + half, "sha256")[:_HALF]
    return base64.urlsafe_b64encode(half + seal).rstrip(b"=").decode()
