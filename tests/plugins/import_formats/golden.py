"""What importers read, in a form that tests can compare."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import orjson

from journiv.contracts.transfer import ImportedEntry, ImportedMedia, Importer, Rejected

EMPTY: tuple[object, ...] = (None, "", (), False)


def archive(path: Path, members: Mapping[str, object]) -> Path:
    """Write a ZIP file; what is neither text nor bytes becomes JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            plain = isinstance(content, str | bytes)
            file.writestr(name, content if plain else orjson.dumps(content))  # type: ignore[arg-type] # narrowed by `plain`
    return path


def shown(importer: Importer, source: Path) -> list[dict[str, Any]]:
    """Every record with what is not empty; media with the digest of their bytes, read in time."""
    return [_shown(record) for record in importer.read(source)]


def _shown(record: ImportedEntry | Rejected) -> dict[str, Any]:
    if isinstance(record, Rejected):
        return {"rejected": asdict(record)}
    values = {field.name: getattr(record, field.name) for field in fields(record)}
    if record.at is not None:
        del values["wall_time"]
    values["media"] = list(_media(record.media))
    found = {name: value for name, value in values.items() if value not in (*EMPTY, [])}
    return dict(orjson.loads(orjson.dumps(found)))


def _media(media: Iterable[ImportedMedia]) -> Iterable[dict[str, str]]:
    for one in media:
        with one.open() as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        alt = {"alt_text": one.alt_text} if one.alt_text else {}
        yield {"name": one.name, "sha256": digest, **alt}
