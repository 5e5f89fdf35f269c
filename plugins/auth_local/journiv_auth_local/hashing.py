"""Argon2id (RFC 9106) over normalised passwords. Everything here takes long: call it in a thread.

New passwords are hashed from their NFKC form. A password is tried as it was sent and, when that
differs, in NFKC: the same word typed on two systems may arrive composed or decomposed.
"""

from __future__ import annotations

import base64
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

MAX_CHARACTERS: Final = 256
MAX_BYTES: Final = 1024
_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Cost:
    """Argon2 parameters: passes, KiB of memory, lanes."""

    time: int
    memory: int
    lanes: int


STANDARD: Final = Cost(time=3, memory=65_536, lanes=4)
LOW: Final = Cost(time=2, memory=19_456, lanes=1)
PROFILES: Final[Mapping[str, Cost]] = {"standard": STANDARD, "low": LOW}


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the password was right, and its new hash when the stored one is out of date."""

    right: bool
    rehashed: Mapping[str, Any] | None = None


class PasswordHashes:
    """Makes and checks what is stored with an identity: `{"hash": "$argon2id$…"}`."""

    def __init__(self, cost: Cost) -> None:
        self._hasher = PasswordHasher(
            time_cost=cost.time,
            memory_cost=cost.memory,
            parallelism=cost.lanes,
            hash_len=_TAG_BYTES,
            salt_len=_SALT_BYTES,
            type=Type.ID,
        )
        self._nobody = _hash_of_nothing(cost)

    def make(self, password: str) -> Mapping[str, Any]:
        """Hash a new password."""
        return {"hash": self._hasher.hash(_bytes(_nfkc(password)))}

    def verify(self, password: str, stored: Mapping[str, Any] | None) -> Verdict:
        """Check a password; with nothing stored, do the same work and say no."""
        if too_long(password):
            password, stored = "", None
        kept = self._nobody if stored is None else str(stored.get("hash", ""))
        for candidate in dict.fromkeys((password, _nfkc(password))):
            if self._matches(kept, candidate):
                outdated = self._hasher.check_needs_rehash(kept)
                return Verdict(True, self.make(password) if outdated else None)
        return Verdict(False)

    def outdated(self, stored: Mapping[str, Any]) -> bool:
        """Say whether this was hashed with other parameters than passwords are now; quick."""
        try:
            return self._hasher.check_needs_rehash(str(stored.get("hash", "")))
        except InvalidHashError:
            return True

    def _matches(self, kept: str, candidate: str) -> bool:
        try:
            return self._hasher.verify(kept, _bytes(candidate))
        except VerificationError:
            return False
        except InvalidHashError:  # a damaged row looks like any other wrong password
            return self._matches(self._nobody, candidate) if kept != self._nobody else False


def too_long(password: str) -> bool:
    """Say whether a password is longer than any that was ever accepted."""
    return len(password) > MAX_CHARACTERS or len(_bytes(password)) > MAX_BYTES


def _nfkc(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _hash_of_nothing(cost: Cost) -> str:
    """Return a well-formed hash with a random tag: no password matches it, checking costs as much.

    It keeps unknown accounts from answering faster than known ones.
    """
    salt, tag = (
        base64.b64encode(os.urandom(size)).decode().rstrip("=")
        for size in (_SALT_BYTES, _TAG_BYTES)
    )
    return f"$argon2id$v=19$m={cost.memory},t={cost.time},p={cost.lanes}${salt}${tag}"
