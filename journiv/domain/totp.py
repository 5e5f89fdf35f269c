"""Time-based one-time codes (RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote

STEP: Final = 30
DIGITS: Final = 6
SEED_BYTES: Final = 20
RECOVERY_CODES: Final = 10
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter looks like another."""
_RECOVERY_LETTERS: Final = 24
_READ_AS: Final = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})


def code_at(seed: bytes, step: int) -> str:
    """Return the code of a time step (Unix seconds // 30)."""
    mac = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def accepted_step(seed: bytes, code: str, now: float, last: int) -> int | None:
    """Return the step whose code this is, one before or after now at most.

    Steps up to `last`, the newest one accepted before, are over: a code counts once.
    """
    current = int(now) // STEP
    found = None
    for step in (current - 1, current, current + 1):
        same = hmac.compare_digest(code_at(seed, step).encode(), code.strip().encode())
        if same and step > last:
            found = step
    return found


def address(seed: bytes, issuer: str, account: str) -> str:
    """Return the `otpauth:` address that authenticator apps read as a QR code."""
    label = quote(f"{issuer}:{account}", safe="")
    return f"otpauth://totp/{label}?secret={written(seed)}&issuer={quote(issuer, safe='')}"


def written(seed: bytes) -> str:
    """Return a seed as people type it: base 32."""
    return base64.b32encode(seed).decode().rstrip("=")


def new_recovery_codes() -> list[str]:
    """Return ten codes of 120 random bits, in groups of six letters."""
    return [_recovery_code() for _ in range(RECOVERY_CODES)]


def recovery_digest(code: str) -> str:
    """Return what is stored of a recovery code, however it was typed."""
    return hashlib.sha256(code.strip().lower().translate(_READ_AS).encode()).hexdigest()


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_RECOVERY_LETTERS))
    return "-".join(letters[start : start + 6] for start in range(0, _RECOVERY_LETTERS, 6))
