"""The files of a built web app: read once, so that a request can name nothing else."""

from __future__ import annotations

import hashlib
import mimetypes
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from journiv.domain.errors import ConfigError

INDEX: Final = "/index.html"
ASSETS: Final = "/assets/"
HASHED: Final = "public, max-age=31536000, immutable"
REVALIDATED: Final = "no-cache"

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_PACKED: Final = {".br": "br", ".gz": "gzip"}  # sent in place of the file they stand beside


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file and how it is described to a browser.

    `packed` is the same body by content coding (RFC 9110, section 8.4), smallest first; `digest` is
    of the body, so that an equal file on another replica has the same entity tag.
    """

    body: bytes
    packed: Mapping[str, bytes]
    digest: str
    content_type: str
    cache: str


def read(folder: Path) -> Mapping[str, WebFile]:
    """Return every file by its path in the address (`/assets/app.js`).

    Names that begin with a dot and symbolic links are left out: neither is a build's own.

    Raises:
        ConfigError: there is no index.html.
    """
    found = dict(_walk(folder))
    if INDEX not in found:
        raise ConfigError(f"JOURNIV_WEB is {folder}, but there is no index.html in it.")
    return found


def _walk(folder: Path) -> Iterator[tuple[str, WebFile]]:
    for place, below, names in os.walk(folder):
        below[:] = [name for name in below if not name.startswith(".")]
        for name in names:
            path = Path(place, name)
            if name.startswith(".") or path.suffix in _PACKED or path.is_symlink():
                continue
            address = "/" + path.relative_to(folder).as_posix()
            yield address, _file(path, HASHED if address.startswith(ASSETS) else REVALIDATED)


def _file(path: Path, cache: str) -> WebFile:
    body = path.read_bytes()
    beside = ((coding, path.with_name(path.name + suffix)) for suffix, coding in _PACKED.items())
    packed = {
        coding: file.read_bytes()
        for coding, file in beside
        if file.is_file() and not file.is_symlink()
    }
    smaller = dict(sorted(packed.items(), key=lambda one: len(one[1])))
    digest = hashlib.sha256(body).hexdigest()[:16]
    return WebFile(body, smaller, digest, _type_of(path), cache)


def _type_of(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower())
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
