"""Reading all of a backup before anything is done with it: every name, digest and count."""

from __future__ import annotations

import hashlib
import re
import secrets
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final

import orjson

from journiv.domain.errors import BadRequest
from journiv.domain.media_keys import checked_key
from journiv.services.backup.format import (
    ABOUT,
    CHUNK,
    DAMAGED,
    FORMAT,
    MANIFEST,
    MEDIA,
    SUMS,
    Damaged,
    members,
)

SAMPLE: Final = 50
_PART: Final = re.compile(r"tables/([a-z_]{1,63})/(\d{6})\.ndjson", re.ASCII)


@dataclass(slots=True)
class Contents:
    """What a verified backup says of itself; `sample` are some of its media with their digests."""

    manifest: dict[str, Any] = field(default_factory=dict)
    about: tuple[Any, ...] = ()
    sample: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Table:
    rows: int = 0
    parts: int = 0
    hashed: Any = field(default_factory=hashlib.sha256)


def verified(source: IO[bytes]) -> Contents:
    """Read all of a backup and return what it says of itself. Raises `Damaged`."""
    try:
        return _Reading().read(source)
    except (tarfile.TarError, EOFError, KeyError, TypeError, ValueError) as error:
        raise Damaged(DAMAGED) from error


class _Reading:
    """What has been read so far of one backup."""

    def __init__(self) -> None:
        self._contents = Contents()
        self._sums: list[str] = []
        self._names: set[str] = set()
        self._tables: dict[str, _Table] = {}
        self._media = self._bytes = 0

    def read(self, source: IO[bytes]) -> Contents:
        """Read to the end and compare."""
        sums = None
        for info, content in members(source):
            if sums is not None or info.name in self._names:
                raise Damaged(DAMAGED)
            if info.name == SUMS:
                sums = content.read().decode("ascii")
                continue
            self._names.add(info.name)
            self._sums.append(f"{self._member(info.name, info.size, content)}  {info.name}\n")
        if sums is None or sums != "".join(self._sums):
            raise Damaged(DAMAGED)
        self._compare()
        return self._contents

    def _member(self, name: str, size: int, content: IO[bytes]) -> str:
        """Read a member and return its digest."""
        part = _PART.fullmatch(name)
        if part is not None:
            return self._part(part[1], int(part[2]), content)
        if name == MANIFEST:
            kept = content.read()
            self._contents.manifest = dict(orjson.loads(kept))
        elif name == ABOUT:
            kept = content.read()
            self._contents.about = tuple(orjson.loads(kept))
        elif name.startswith(MEDIA):
            return self._medium(name.removeprefix(MEDIA), size, content)
        else:
            raise Damaged(DAMAGED)
        return hashlib.sha256(kept).hexdigest()

    def _part(self, name: str, number: int, content: IO[bytes]) -> str:
        table = self._tables.setdefault(name, _Table())
        table.parts += 1
        if number != table.parts:
            raise Damaged(DAMAGED)
        lines = content.read()
        table.rows += lines.count(b"\n")
        table.hashed.update(lines)
        return hashlib.sha256(lines).hexdigest()

    def _medium(self, key: str, size: int, content: IO[bytes]) -> str:
        try:
            checked_key(key)
        except BadRequest as error:
            raise Damaged(DAMAGED) from error
        hashed = hashlib.sha256()
        while chunk := content.read(CHUNK):
            hashed.update(chunk)
        self._media, self._bytes = self._media + 1, self._bytes + size
        self._draw(key, hashed.hexdigest())
        return hashed.hexdigest()

    def _draw(self, key: str, digest: str) -> None:
        """Keep a fair sample of all media seen so far (Vitter's algorithm R)."""
        sample = self._contents.sample
        if len(sample) < SAMPLE:
            sample[key] = digest
            return
        place = secrets.randbelow(self._media)
        if place < SAMPLE:
            del sample[list(sample)[place]]
            sample[key] = digest

    def _compare(self) -> None:
        """Compare with the manifest, which has to describe exactly what was there."""
        manifest = self._contents.manifest
        texts = [manifest[name] for name in ("layout", "version", "installation", "created_at")]
        if (
            manifest["format"] != FORMAT
            or not self._contents.about
            or not all(isinstance(text, str) for text in texts)
        ):
            raise Damaged(DAMAGED)
        tables: Mapping[str, Mapping[str, Any]] = manifest["tables"]
        if not set(self._tables) <= set(tables):
            raise Damaged(DAMAGED)
        for name, told in tables.items():
            found = self._tables.get(name, _Table())
            if (told["rows"], told["sha256"]) != (found.rows, found.hashed.hexdigest()):
                raise Damaged(DAMAGED)
        media = manifest["media"]
        if (media["files"], media["bytes"]) != (self._media, self._bytes):
            raise Damaged(DAMAGED)
