"""Which types of media there are, how their files are called, and which of them are let in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from journiv.domain.errors import BadRequest


@dataclass(frozen=True, slots=True)
class MediaType:
    """One type: its kind on the wire, and the ends of file names that say so, the usual first."""

    mime: str
    kind: str
    extensions: tuple[str, ...]


_TABLE: Final = (
    MediaType("image/jpeg", "image", (".jpg", ".jpeg")),
    MediaType("image/png", "image", (".png",)),
    MediaType("image/gif", "image", (".gif",)),
    MediaType("image/webp", "image", (".webp",)),
    MediaType("image/avif", "image", (".avif",)),
    MediaType("image/heic", "image", (".heic", ".heif")),
    MediaType("image/heif", "image", (".heif", ".heic")),
    MediaType("video/mp4", "video", (".mp4", ".m4v")),
    MediaType("video/quicktime", "video", (".mov",)),
    MediaType("video/webm", "video", (".webm",)),
    MediaType("video/x-m4v", "video", (".m4v", ".mp4")),
    MediaType("video/x-msvideo", "video", (".avi",)),
    MediaType("audio/mpeg", "audio", (".mp3",)),
    MediaType("audio/mp4", "audio", (".m4a", ".mp4")),
    MediaType("audio/aac", "audio", (".aac",)),
    MediaType("audio/ogg", "audio", (".ogg", ".oga", ".opus")),
    MediaType("audio/opus", "audio", (".opus", ".ogg")),
    MediaType("audio/wav", "audio", (".wav",)),
    MediaType("audio/webm", "audio", (".webm", ".weba")),
    MediaType("audio/flac", "audio", (".flac",)),
    MediaType("application/pdf", "document", (".pdf",)),
)
KNOWN: Final[Mapping[str, MediaType]] = {one.mime: one for one in _TABLE}
KINDS: Final = ("image", "video", "audio", "document")
_OTHER_NAMES: Final = {
    "audio/x-wav": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/m4a": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/mp3": "audio/mpeg",
    "audio/x-flac": "audio/flac",
    "image/jpg": "image/jpeg",
    "video/mov": "video/quicktime",
    "video/avi": "video/x-msvideo",
}


def type_of(mime: str) -> MediaType:
    """Return what is known of a type; one that a plugin added is a document under `.bin`."""
    found = KNOWN.get(mime)
    if found is not None:
        return found
    family = mime.partition("/")[0]
    return MediaType(mime, family if family in KINDS else "document", (".bin",))


class AllowedTypes:
    """The types and name endings that a server takes; the given names may be the older ones."""

    def __init__(self, mimes: Iterable[str], extensions: Iterable[str]) -> None:
        given = (mime.strip().lower() for mime in mimes)
        self.mimes = frozenset(_OTHER_NAMES.get(mime, mime) for mime in given)
        self.extensions = frozenset("." + one.strip().lower().lstrip(".") for one in extensions)

    def check(self, mime: str | None, file_name: str | None) -> MediaType:
        """Return the type of a file that may come in.

        The bytes decide what it is; a name that says something else is refused, because whoever
        opens the file later goes by the name. Raises `BadRequest`.
        """
        if mime is None or mime not in self.mimes:
            raise BadRequest(f"Mime type {mime or 'application/octet-stream'} not allowed")
        found = type_of(mime)
        extension = PurePosixPath(file_name or "").suffix.lower()
        if not extension:
            return found
        if extension not in self.extensions:
            raise BadRequest("File extension not allowed")
        if mime in KNOWN and extension not in found.extensions:
            raise BadRequest(f"The name of the file does not fit: it is {mime}.")
        return found
