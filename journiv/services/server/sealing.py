"""Secrets at rest: AES-256-GCM under a key of its own (HKDF of `SECRET_KEY`)."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from typing import Final

from journiv.domain.errors import Unavailable

_NONCE: Final = 12


class Sealing:
    """Seals with the first key, opens with any: a rotated `SECRET_KEY` loses nothing."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = tuple(keys)

    def seal(self, clear: bytes, place: str) -> str:
        """Encrypt; `place` names the row and column, and only there it opens again."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        sealed = AESGCM(self._keys[0]).encrypt(nonce, clear, place.encode())
        return base64.b64encode(nonce + sealed).decode()

    def open(self, sealed: str, place: str) -> bytes:
        """Decrypt. Raises `Unavailable` when no key fits."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        data = base64.b64decode(sealed)
        for key in self._keys:
            try:
                return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], place.encode())
            except InvalidTag:
                continue
        raise Unavailable("A stored secret cannot be read with this SECRET_KEY")

    def is_current(self, sealed: str, place: str) -> bool:
        """Say whether the key that seals now opens this, so that it needs no other."""
        try:
            Sealing(self._keys[:1]).open(sealed, place)
        except Unavailable:
            return False
        return True
