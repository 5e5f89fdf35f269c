"""Devices that have signed in to an account before: others' guesses do not lock them out.

A device is known by a signed token that its browser keeps in a cookie (OWASP, "Slow Down Online
Guessing Attacks with Device Cookies"). The token opens nothing: it only gives the device failures
of its own, counted apart from those of all strangers.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

LIFE: Final = timedelta(days=180)
_TOKEN: Final = re.compile(r"jd1\.([A-Za-z0-9_-]{22})\.(\d{1,12})\.([A-Za-z0-9_-]{43})\Z", re.ASCII)


class KnownDevices:
    """Signs and reads device tokens. The first key signs, all verify."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def token(self, email: str, known: str | None, now: datetime) -> str:
        """Return a token for 180 days, for a device that has just signed in.

        It keeps the name it is known by already.
        """
        device = known or secrets.token_urlsafe(16)
        ends = int((now + LIFE).timestamp())
        return f"jd1.{device}.{ends}.{_seal(self._keys[0], device, ends, email)}"

    def recognised(self, token: str, email: str, now: datetime) -> str | None:
        """Return the name of a device that has signed in to this account, None for any other."""
        found = _TOKEN.match(token)
        if found is None or int(found[2]) <= now.timestamp():
            return None
        seals = [_seal(key, found[1], int(found[2]), email) for key in self._keys]
        return found[1] if any(hmac.compare_digest(one, found[3]) for one in seals) else None


def _seal(key: bytes, device: str, ends: int, email: str) -> str:
    told = f"{device}|{ends}|{email}".encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(hmac.digest(key, told, "sha256")).rstrip(b"=").decode()
