"""How media look on the wire."""

from __future__ import annotations

from typing import Any, Final

from journiv.contracts.schema import ListOf, Schema
from journiv.services.media.names import VARIANTS
from journiv.services.media.signing import ORIGINAL
from journiv.services.media.types import KNOWN

_ID: Final = {"type": "uuid", "required": True}
_AT: Final = {"type": "instant", "required": True}
_TEXT: Final = {"type": "text", "required": True}
_MAYBE_TEXT: Final = {**_TEXT, "nullable": True}
_COUNT: Final = {"type": "integer", "required": True, "min": 0}
_MAYBE_COUNT: Final = {**_COUNT, "nullable": True}
_ALT_TEXT: Final = {"type": "text", "nullable": True, "maxlength": 500}

MEDIA_KINDS: Final = ("image", "video", "audio", "unknown")
SIZES: Final = tuple(VARIANTS)
CHOICES: Final = (ORIGINAL, *SIZES)
ORDERS: Final = ("added", "entry")

MEDIUM: Final = Schema(
    "EntryMediaResponse",
    {
        "id": _ID,
        "entry_id": _ID,
        "moment_id": _ID,
        "media_type": {**_TEXT, "allowed": list(MEDIA_KINDS)},
        "file_path": _TEXT,
        "original_filename": _MAYBE_TEXT,
        "file_size": _COUNT,
        "mime_type": _TEXT,
        "thumbnail_path": _MAYBE_TEXT,
        "duration": _MAYBE_COUNT,
        "width": _MAYBE_COUNT,
        "height": _MAYBE_COUNT,
        "alt_text": _MAYBE_TEXT,
        "upload_status": {**_TEXT, "allowed": ["pending", "completed", "failed"]},
        "file_metadata": _MAYBE_TEXT,
        "checksum": _TEXT,
        "processing_error": _MAYBE_TEXT,
        "created_at": _AT,
        "updated_at": _AT,
        "origin": {
            "type": "dict",
            "required": True,
            "schema": {
                "source": _TEXT,
                "external_id": _MAYBE_TEXT,
                "external_url": _MAYBE_TEXT,
            },
        },
        "signed_url": _TEXT,
        "signed_url_expires_at": _COUNT,
        "signed_thumbnail_url": _MAYBE_TEXT,
        "signed_thumbnail_expires_at": _MAYBE_COUNT,
    },
)
MEDIA: Final = ListOf(MEDIUM)
UPLOAD: Final = Schema(
    "MediaUpload",
    {
        "entry_id": {"type": "uuid"},
        "moment_id": {"type": "uuid"},
        "alt_text": _ALT_TEXT,
        "file": {"type": "file", "required": True},
    },
)
UPLOAD_FIELDS: Final = Schema(
    "MediaUploadFields",
    {name: rules for name, rules in UPLOAD.fields.items() if name != "file"},
)
MEDIUM_UPDATE: Final = Schema("EntryMediaUpdate", {"alt_text": {**_ALT_TEXT, "required": True}})
INFO: Final = Schema(
    "MediaInfo",
    {
        "file_path": _TEXT,
        "file_size": _COUNT,
        "mime_type": _TEXT,
        "media_type": _TEXT,
        "width": _MAYBE_COUNT,
        "height": _MAYBE_COUNT,
        "duration": _MAYBE_COUNT,
        "created_at": _AT,
        "modified_at": _AT,
    },
)
_NAMES: Final[dict[str, Any]] = {"type": "list", "required": True, "schema": {"type": "text"}}
FORMATS: Final = Schema(
    "MediaFormats", {"images": _NAMES, "videos": _NAMES, "audio": _NAMES, "documents": _NAMES}
)
USAGE: Final = Schema(
    "MediaUsage",
    {"files": _COUNT, "bytes": _COUNT, "quota_bytes": _MAYBE_COUNT, "max_files": _COUNT,
     "max_file_bytes": _COUNT},
)  # fmt: skip
DELETED: Final = Schema("MediaDeleted", {"message": _TEXT, "media_id": _ID})
PROCESSED: Final = Schema("MediaProcessed", {"message": _TEXT, "entry_id": _ID})
SIGNED: Final = Schema("SignedMedia", {"signed_url": _TEXT, "expires_at": _COUNT})
_WANTED: Final = Schema(
    "SignItem",
    {"id": _ID, "variant": {"type": "text", "allowed": list(CHOICES)}},
)
BATCH: Final = Schema(
    "SignBatch",
    {"items": {"type": "list", "required": True, "minlength": 1, "maxlength": 100,
               "schema": {"type": "dict", "schema": _WANTED.fields}}},
)  # fmt: skip
_SIGNED_ITEM: Final = {
    "type": "dict",
    "schema": {"id": _ID, "variant": _TEXT, "signed_url": _TEXT, "expires_at": _COUNT},
}
_UNSIGNED_ITEM: Final = {"type": "dict", "schema": {"id": _ID, "variant": _TEXT, "detail": _TEXT}}
SIGNED_BATCH: Final = Schema(
    "SignedBatch",
    {
        "results": {"type": "list", "required": True, "schema": _SIGNED_ITEM},
        "errors": {"type": "list", "required": True, "schema": _UNSIGNED_ITEM},
    },
)
SHELVED: Final = Schema(
    "LibraryMedium",
    {**MEDIUM.fields, "entry_day": {"type": "day", "required": True}, "entry_at": _AT},
)
LIBRARY: Final = Schema(
    "MediaLibrary",
    {
        "items": {
            "type": "list",
            "required": True,
            "schema": {"type": "dict", "schema": SHELVED.fields},
        },
        "next_cursor_created_at": {**_AT, "nullable": True},
        "next_cursor_id": {**_ID, "nullable": True},
    },
)
PIECE_UPLOAD_CREATE: Final = Schema(
    "PieceUploadCreate",
    {
        "entry_id": _ID,
        "size": {"type": "integer", "required": True, "min": 1},
        "file_name": {"type": "text", "nullable": True, "maxlength": 1000},
        "alt_text": _ALT_TEXT,
    },
)
PIECE_UPLOAD: Final = Schema(
    "PieceUpload",
    {
        "id": _ID,
        "entry_id": _ID,
        "size": _COUNT,
        "received": _COUNT,
        "piece_size": _COUNT,
        "max_piece_size": _COUNT,
        "expires_at": _AT,
    },
)
# Bytes: whatever type a medium may have, and what a processor makes of it.
BYTES: Final = {"content": " ".join(KNOWN)}
PICTURE: Final = {"content": "image/webp image/jpeg image/png"}
