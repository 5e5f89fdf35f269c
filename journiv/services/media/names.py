"""Names: of stored bytes, and of files as somebody sent them."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from journiv.services.media.types import type_of

VARIANTS: Final = {"thumbnail": 300, "medium": 960, "large": 1920}
"""Pictures that are made of every image and film, with the longest side of each in pixels."""

DISPLAY: Final = "display"
"""The variant that is shown in place of a type that browsers do not show."""

LONGEST_NAME: Final = 255
_NOT_IN_NAMES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ID: Final = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY: Final = re.compile(rf"({_ID})/[0-9a-f]{{2}}/({_ID})(?:_(\w+))?\.\w+", re.ASCII)


def key_of(user_id: str, media_id: str, mime: str) -> str:
    """Return where the bytes of a new medium are kept: nothing in it comes from the person."""
    return f"{user_id}/{media_id[-2:]}/{media_id}{type_of(mime).extensions[0]}"


def variant_key(key: str, variant: str) -> str:
    """Return where a variant lies: beside its original."""
    return f"{key.rpartition('.')[0]}_{variant}.webp"


def variant_keys(key: str) -> list[str]:
    """Return every place where a variant of this original may lie."""
    if _KEY.fullmatch(key) is None:
        return []
    return [variant_key(key, name) for name in (*VARIANTS, DISPLAY)]


def part_key(user_id: str, upload_id: str, part_id: str) -> str:
    """Return where a piece of an upload is kept."""
    return f"{user_id}/parts/{upload_id}/{part_id}"


def owner_of(key: str) -> str | None:
    """Return whose bytes these are, None for a key that Journiv did not make."""
    found = re.match(rf"({_ID})/", key)
    return found[1] if found else None


def original_stem(key: str) -> tuple[str, bool]:
    """Return the key without its ending, and whether it is a variant's."""
    found = _KEY.fullmatch(key)
    if found is None:
        return key, False
    stem = key.rpartition(".")[0]
    return (stem.rpartition("_")[0], True) if found[3] else (stem, False)


def clean_file_name(sent: str | None) -> str | None:
    """Return what is kept of a file's name: its last part, what can be shown, at most 255."""
    if sent is None:
        return None
    last = re.split(r"[/\\]", sent)[-1]
    shown = "".join(one for one in last if unicodedata.category(one) not in _NOT_IN_NAMES)
    shown = unicodedata.normalize("NFC", shown).strip(" .")
    if len(shown) <= LONGEST_NAME:
        return shown or None
    stem, dot, extension = shown.rpartition(".")
    if not dot or len(extension) > 16:
        return shown[:LONGEST_NAME]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"
