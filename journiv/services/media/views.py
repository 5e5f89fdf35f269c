"""Media as clients see them: with addresses that open for a while."""

from __future__ import annotations

from typing import TypedDict

from journiv.contracts.records import MediaRecord
from journiv.contracts.repositories.media import ShelvedMedium
from journiv.services.media.signing import ORIGINAL, MediaSigner


class Origin(TypedDict):
    """Where a medium comes from."""

    source: str
    external_id: str | None
    external_url: str | None


class MediaView(TypedDict):
    """One medium on the wire; `checksum` and `file_size` are of the bytes that are served."""

    id: str
    entry_id: str
    moment_id: str
    media_type: str
    file_path: str
    original_filename: str | None
    file_size: int
    mime_type: str
    thumbnail_path: str | None
    duration: int | None
    width: int | None
    height: int | None
    alt_text: str | None
    upload_status: str
    file_metadata: str | None
    checksum: str
    processing_error: str | None
    created_at: str
    updated_at: str
    origin: Origin
    signed_url: str
    signed_url_expires_at: int
    signed_thumbnail_url: str | None
    signed_thumbnail_expires_at: int | None


class ShelvedView(MediaView):
    """One medium of the library, with when its moment was."""

    entry_day: str
    entry_at: str


class MediaViews:
    """Shows media to one person, whose security version the addresses are bound to."""

    def __init__(self, signer: MediaSigner, security_version: int, now: float) -> None:
        self._signer = signer
        self._security_version = security_version
        self._now = now

    def shelved(self, found: ShelvedMedium) -> ShelvedView:
        """Return a medium of the library as clients see it."""
        return {**self.of(found.medium), "entry_day": found.day, "entry_at": found.at}

    def of(self, medium: MediaRecord) -> MediaView:
        """Return a medium as clients see it."""
        whole = self._signer.sign(medium, ORIGINAL, self._security_version, self._now)
        small = None
        thumbnail = medium["variants"].get("thumbnail")
        if thumbnail is not None:
            small = self._signer.sign(medium, "thumbnail", self._security_version, self._now)
        return {
            "id": medium["id"],
            "entry_id": medium["entry_id"],
            "moment_id": medium["entry_id"],
            "media_type": "unknown" if medium["kind"] == "document" else medium["kind"],
            "file_path": medium["key"],
            "original_filename": medium["file_name"],
            "file_size": medium["size"],
            "mime_type": medium["mime"],
            "thumbnail_path": thumbnail["key"] if thumbnail else None,
            "duration": None if medium["duration"] is None else round(medium["duration"]),
            "width": medium["width"],
            "height": medium["height"],
            "alt_text": medium["alt_text"],
            "upload_status": medium["status"],
            "file_metadata": None,
            "checksum": medium["sha256"],
            "processing_error": medium["error"],
            "created_at": medium["created_at"],
            "updated_at": medium["updated_at"],
            "origin": {"source": "internal", "external_id": None, "external_url": None},
            "signed_url": whole.url,
            "signed_url_expires_at": whole.expires_at,
            "signed_thumbnail_url": small.url if small else None,
            "signed_thumbnail_expires_at": small.expires_at if small else None,
        }
