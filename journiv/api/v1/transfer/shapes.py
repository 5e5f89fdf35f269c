"""What imports and exports look like on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.records import TransferRecord
from journiv.contracts.schema import Schema

_TEXT: Final = {"type": "text", "required": True}
_COUNT: Final = {"type": "integer", "required": True, "min": 0}
_FLAG: Final = {"type": "boolean", "required": True}
_INSTANT: Final = {"type": "instant", "required": True}
_MAYBE_INSTANT: Final = {**_INSTANT, "nullable": True}
_SENTENCES: Final = {"type": "list", "required": True, "schema": {"type": "text"}}
_MAPPING: Final = {"type": "dict", "required": True, "valuesrules": {"type": "text"}}

_JOB: Final[Mapping[str, Any]] = {
    "id": {"type": "uuid", "required": True},
    "status": {
        **_TEXT, "allowed": ["pending", "running", "completed", "failed", "cancelled"],
    },
    "stage": _TEXT,
    "progress": {"type": "integer", "required": True, "min": 0, "max": 100},
    "total_items": _COUNT,
    "processed_items": _COUNT,
    "created_at": _INSTANT,
    "started_at": _MAYBE_INSTANT,
    "completed_at": _MAYBE_INSTANT,
    "errors": _SENTENCES,
    "warnings": _SENTENCES,
}  # fmt: skip
_EXPORT_RESULT: Final = {
    "journal_count": _COUNT, "entry_count": _COUNT, "media_count": _COUNT, "file_size": _COUNT,
}  # fmt: skip
_IMPORT_COUNTS: Final = (
    "journals_created", "entries_created", "media_files_imported", "tags_created", "moods_created",
    "mood_logs_created", "media_files_deduplicated", "tags_reused", "moods_reused",
    "entries_skipped", "media_files_skipped", "entries_known", "entries_removed", "entries_kept",
    "journals_removed", "tags_removed",
)  # fmt: skip
_IMPORT_RESULT: Final[Mapping[str, Any]] = {
    **dict.fromkeys(_IMPORT_COUNTS, _COUNT),
    "dry_run": _FLAG,
    "warnings": _SENTENCES,
    "id_mappings": {
        "type": "dict",
        "required": True,
        "schema": {"journals": _MAPPING, "entries": _MAPPING, "media": _MAPPING},
    },
}

EXPORT_CREATE: Final = Schema(
    "ExportJobCreateRequest",
    {
        "export_type": {**_TEXT, "allowed": ["full", "journal"]},
        "journal_ids": {
            "type": "list",
            "nullable": True,
            "maxlength": 200,
            "schema": {"type": "text", "maxlength": 36},
        },
        "include_media": {"type": "boolean"},
        "format": {"type": "text", "maxlength": 50},
        "start_date": {"type": "day", "nullable": True},
        "end_date": {"type": "day", "nullable": True},
    },
)
EXPORT: Final = Schema(
    "ExportJobStatusResponse",
    {
        **_JOB,
        "format": _TEXT,
        "export_type": _TEXT,
        "include_media": _FLAG,
        "result_data": {
            "type": "dict", "required": True, "nullable": True, "schema": _EXPORT_RESULT,
        },
        "file_path": {"type": "text", "required": True, "nullable": True},
        "file_size": {"type": "integer", "required": True, "nullable": True, "min": 0},
        "download_url": {"type": "text", "required": True, "nullable": True},
    },
)  # fmt: skip
SIGNED: Final = Schema("SignedExport", {"signed_url": _TEXT, "expires_at": _COUNT})
IMPORT_UPLOAD: Final = Schema(
    "ImportUpload",
    {
        "file": {"type": "file", "required": True},
        "source_type": _TEXT,
        "journal_id": {"type": "uuid"},
        "journal": {"type": "text", "minlength": 1, "maxlength": 200},
        "zone": {"type": "zone"},
        "dry_run": {"type": "boolean"},
        "mood_map": {"type": "text", "maxlength": 5000},
    },
)
IMPORT: Final = Schema(
    "ImportJobStatusResponse",
    {
        **_JOB,
        "source_type": _TEXT,
        "undo_of": {"type": "uuid", "required": True, "nullable": True},
        "result_data": {
            "type": "dict", "required": True, "nullable": True, "schema": _IMPORT_RESULT,
        },
    },
)  # fmt: skip


def export_body(record: TransferRecord, public_url: str) -> dict[str, Any]:
    """Write an export job for the wire."""
    options, path = record["options"], f"/api/v1/export/{record['id']}/download"
    return {
        **_job(record),
        "format": record["format"],
        "export_type": options["kind"],
        "include_media": options["include_media"],
        "result_data": record["result"],
        "file_path": None,
        "file_size": record["file_size"],
        "download_url": f"{public_url}{path}" if record["file_key"] else None,
    }


def import_body(record: TransferRecord) -> dict[str, Any]:
    """Write an import job, or the taking back of one, for the wire."""
    options, result = record["options"], record["result"]
    if result is not None:
        counts = dict.fromkeys(_IMPORT_COUNTS, 0)
        nothing: dict[str, Any] = {"journals": {}, "entries": {}, "media": {}}
        result = {
            **counts,
            "dry_run": False,
            "warnings": record["warnings"],
            "id_mappings": nothing,
            **result,
        }
    return {
        **_job(record),
        "source_type": options.get("source_type", record["format"]),
        "undo_of": options.get("of"),
        "result_data": result,
    }


def _job(record: TransferRecord) -> dict[str, Any]:
    return {
        "id": record["id"],
        "status": record["status"],
        "stage": record["stage"],
        "progress": record["progress"],
        "total_items": record["total_items"],
        "processed_items": record["processed_items"],
        "created_at": record["created_at"],
        "started_at": record["started_at"],
        "completed_at": record["finished_at"],
        "errors": record["errors"],
        "warnings": record["warnings"],
    }
