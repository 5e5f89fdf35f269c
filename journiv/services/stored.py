"""Files in the media store, as they are sent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """Which bytes answer a request: where they lie, what they are, how the file is called."""

    key: str
    mime: str
    kind: str
    file_name: str | None
    etag: str
