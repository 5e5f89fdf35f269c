"""The form of personal access tokens, and what they may be allowed to do.

A token is `jpat_<8 letters>_<43 letters>_<8 hex digits>`: a public part to recognise it by, 256
random bits, and a CRC-32 of all before it, so that scanners for leaked secrets and we ourselves
tell a token from a look-alike without asking the store.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib
from typing import Final

PREFIX: Final = "jpat_"
SCOPES: Final = (
    "entries:read",
    "entries:write",
    "media:read",
    "media:write",
    "moods:read",
    "moods:write",
    "tags:read",
    "tags:write",
    "profile:read",
    "admin:users",
)
"""Every scope a token may have. `write` does not include `read`."""

_FORM: Final = re.compile(r"jpat_([a-z2-7]{8})_[A-Za-z0-9_-]{43}_([0-9a-f]{8})", re.ASCII)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz234567"


def mint() -> tuple[str, str]:
    """Return the public part and the whole of a new token."""
    hint = "".join(secrets.choice(_LETTERS) for _ in range(8))
    body = f"{PREFIX}{hint}_{secrets.token_urlsafe(32)}"
    return hint, f"{body}_{_check(body)}"


def is_well_formed(token: str) -> bool:
    """Say whether this can be a token at all."""
    match = _FORM.fullmatch(token)
    return match is not None and match[2] == _check(token[:-9])


def digest(token: str) -> str:
    """Return what is stored of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _check(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
