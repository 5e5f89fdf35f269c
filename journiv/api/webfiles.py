"""The files of a built web app: found once, so that a request can name nothing else."""

from __future__ import annotations

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
_PACKED: Final = (".br", ".gz")  # sent in place of the file they stand beside


@dataclass(frozen=True, slots=True)
class WebFile:
    """Where a file is, and how it is described to a browser."""

    path: Path
    content_type: str
    cache: str


def find(folder: Path) -> Mapping[str, WebFile]:
    """Return every file by its path in the address (`/assets/app.js`).

    Links and names that begin with a dot are left out. Raises `ConfigError` for a folder without
    `index.html`.
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
            cache = HASHED if address.startswith(ASSETS) else REVALIDATED
            yield address, WebFile(path, _type_of(path), cache)


def _type_of(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower())
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
