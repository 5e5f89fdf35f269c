"""The one thing of Exif that a cleaned picture keeps: which way up it is (Exif 2.32 §4.6.4)."""

from __future__ import annotations

import struct
from typing import Final

UPRIGHT: Final = 1
_ORIENTATION: Final = 0x0112
_SHORT: Final = 3
EMPTY: Final = b"MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00"
"""A TIFF structure that says nothing."""


def orientation(tiff: bytes) -> int:
    """Return 1 to 8; 1 when nothing, or nonsense, is said."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return UPRIGHT
    try:
        (start,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, start)
        for at in range(start + 2, start + 2 + 12 * count, 12):
            tag, kind, values, value = struct.unpack_from(f"{order}HHIH", tiff, at)
            if tag == _ORIENTATION and kind == _SHORT and values == 1:
                return value if 1 <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def only(upright: int) -> bytes:
    """Return a TIFF structure that holds an orientation and nothing else."""
    entry = struct.pack(">HHIHH", _ORIENTATION, _SHORT, 1, upright, 0)
    return b"MM\x00*\x00\x00\x00\x08\x00\x01" + entry + b"\x00\x00\x00\x00"
