"""What names stored bytes: see `MediaStore`."""

from __future__ import annotations

import re
from typing import Final

from journiv.domain.errors import BadRequest

LONGEST_KEY: Final = 512
_PART: Final = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}"
_KEY: Final = re.compile(rf"{_PART}(?:/{_PART})*", re.ASCII)


def is_key(key: str) -> bool:
    """Say whether this may name a medium: nothing that leads elsewhere, nothing hidden."""
    return len(key) <= LONGEST_KEY and _KEY.fullmatch(key) is not None


def checked_key(key: str) -> str:
    """Return a key as it is. Raises `BadRequest` when it is none."""
    if not is_key(key):
        raise BadRequest("This is not the key of a medium.")
    return key
