"""Journiv's own archive: a whole account in a ZIP file (docs/formats/archive.md).

`manifest.json` names the version and the SHA-256 of every other member; each kind of rows is one
member of NDJSON, each medium a member that is not packed. It is written as a stream and read only
after every digest was compared.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, Any, Final

import orjson

from journiv.contracts.archives import KINDS, Account, AccountExporter, AccountImporter, Row
from journiv.contracts.transfer import ImportedEntry, Rejected
from journiv.domain import zip_archive
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.zip_archive import ZipArchive

MEDIA: Final = "media"
ROWS: Final = tuple(kind for kind in KINDS if kind != MEDIA)
FOLDER: Final = "media/"
FORMAT: Final = "journiv-archive"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
LONGEST_LINE: Final = 16 * 1024 * 1024
LARGEST_MANIFEST: Final = 16 * 1024 * 1024
LEVEL: Final = 6
CHUNK: Final = 256 * 1024
_PRETTY: Final = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE


class ArchiveExporter(AccountExporter):
    """Writes an archive that `ArchiveImporter` restores exactly."""

    format = "archive"
    summary = "Everything you wrote, to be restored exactly: a ZIP of NDJSON with digests"
    suffix = ".zip"
    media_type = "application/zip"

    def write_account(self, account: Account, target: IO[bytes]) -> None:
        """See `AccountExporter`."""
        written = datetime.fromisoformat(account.about["created_at"])
        with zipfile.ZipFile(target, "w") as archive:
            members = [_write_rows(archive, kind, account.rows(kind), written) for kind in ROWS]
            files: dict[str, None] = {}
            media = _noted(account.rows(MEDIA), files)
            members.append(_write_rows(archive, MEDIA, media, written))
            members += _write_files(archive, account.bytes_of, files, written)
            manifest = {"format": FORMAT, "version": VERSION, **account.about, "members": members}
            archive.writestr(_info(MANIFEST, written), orjson.dumps(manifest, option=_PRETTY))


class ArchiveImporter(AccountImporter):
    """Reads an archive's rows; damaged archives are refused before the first one."""

    format = "archive"
    summary = ArchiveExporter.summary
    suffixes = (".zip",)
    also = ("journiv",)

    def recognises(self, source: Path) -> bool:
        """See `Importer`."""
        if not zip_archive.is_zip(source):
            return False
        with _opened(source) as archive:
            return MANIFEST in archive.members and _manifest(archive).get("format") == FORMAT

    def count(self, source: Path) -> int:
        """See `Importer`."""
        with _opened(source) as archive:
            members = _members(archive)
            return sum(one["rows"] for name, one in members.items() if not _is_file(name))

    def rows(self, source: Path) -> Iterator[Row | Rejected]:
        """See `AccountImporter`."""
        with _opened(source) as archive:
            members = _members(archive)
            for name, member in members.items():
                _verify(archive, name, member)
            for kind in KINDS:
                yield from _read_rows(archive, kind)

    def read(self, source: Path) -> Iterator[ImportedEntry | Rejected]:
        """See `Importer`; what is no entry is left out."""
        for row in self.rows(source):
            if isinstance(row, Rejected):
                yield row
            elif row.kind == "moments" and row.values.get("status") == "entry":
                yield _entry(row)


def _info(name: str, written: datetime) -> zipfile.ZipInfo:
    """Describe a member: the same rows at the same instant make the same bytes."""
    year = max(1980, written.year)  # ZIP knows no earlier one
    stamp = (year, written.month, written.day, written.hour, written.minute, written.second)
    info = zipfile.ZipInfo(name, stamp)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100600 << 16
    return info


def _write_rows(
    archive: zipfile.ZipFile, kind: str, rows: Iterator[Mapping[str, Any]], written: datetime
) -> dict[str, Any]:
    """Write the member of one kind and return what the manifest says of it."""
    digest, size, count = hashlib.sha256(), 0, 0
    info = _info(f"{kind}.ndjson", written)
    archive.compresslevel = LEVEL
    with archive.open(info, "w", force_zip64=True) as member:
        for row in rows:
            line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
            member.write(line)
            digest.update(line)
            size += len(line)
            count += 1
    return {"name": info.filename, "rows": count, "size": size, "sha256": digest.hexdigest()}


def _noted(
    rows: Iterator[Mapping[str, Any]], files: dict[str, None]
) -> Iterator[Mapping[str, Any]]:
    for row in rows:
        files[row["file"]] = None
        yield row


def _write_files(
    archive: zipfile.ZipFile,
    bytes_of: Callable[[str], Iterator[bytes]],
    files: Iterable[str],
    written: datetime,
) -> Iterator[dict[str, Any]]:
    """Write each file as it is; one that was deleted meanwhile is left out."""
    for name in files:
        chunks = bytes_of(name)
        try:
            chunk = next(chunks, b"")
        except NotFound:
            continue
        info, digest, size = _info(name, written), hashlib.sha256(), 0
        info.compress_type = zipfile.ZIP_STORED
        with archive.open(info, "w", force_zip64=True) as member:
            while chunk:
                member.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                chunk = next(chunks, b"")
        yield {"name": name, "size": size, "sha256": digest.hexdigest()}


@contextmanager
def _opened(source: Path) -> Iterator[ZipArchive]:
    """Open an archive, which may be large by its media: these are no larger than the file."""
    most = max(zip_archive.MOST_INFLATED, 2 * source.stat().st_size if source.is_file() else 0)
    with zip_archive.opened(source, most) as archive:
        yield archive


def _manifest(archive: ZipArchive) -> dict[str, Any]:
    try:
        found = orjson.loads(archive.read(MANIFEST, LARGEST_MANIFEST))
    except orjson.JSONDecodeError as error:
        raise BadRequest(f"The archive's {MANIFEST} is not JSON.") from error
    if not isinstance(found, dict):
        raise BadRequest(f"The archive's {MANIFEST} is not a JSON object.")
    return found


def _members(archive: ZipArchive) -> dict[str, dict[str, Any]]:
    """Return what the manifest says of each member; it must know all of them."""
    manifest = _manifest(archive)
    if manifest.get("format") != FORMAT:
        raise BadRequest("This is no archive of Journiv.")
    if manifest.get("version") != VERSION:
        raise BadRequest(
            f"Incompatible archive version {str(manifest.get('version'))[:20]}. "
            f"This server reads version {VERSION}."
        )
    listed = manifest.get("members")
    members = {
        one["name"]: one
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("name"), str)
    }
    if set(archive.members) - {MANIFEST} != set(members):
        raise BadRequest("The archive's manifest does not name what is in it.")
    counts = [one.get("rows") for name, one in members.items() if not _is_file(name)]
    if any(type(count) is not int or count < 0 for count in counts):
        raise BadRequest("The archive's manifest does not say how many rows there are.")
    return members


def _verify(archive: ZipArchive, name: str, member: Mapping[str, Any]) -> None:
    """Raise `BadRequest` unless a member's bytes are those that were written."""
    digest = hashlib.sha256()
    with archive.open(name) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != member.get("sha256"):
        raise BadRequest(f"The archive is damaged: '{name}' is not what was written.")


def _read_rows(archive: ZipArchive, kind: str) -> Iterator[Row | Rejected]:
    name = f"{kind}.ndjson"
    if name not in archive.members:
        return
    with archive.open(name) as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            where = f"{name} line {number}"
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                    pass
                yield Rejected(where=where, reason="is longer than 16 MiB")
                continue
            values = _values(line)
            if values is None:
                yield Rejected(where=where, reason="is not a JSON object")
            else:
                yield Row(where=where, kind=kind, values=values, open=_opener(archive, values))


def _opener(archive: ZipArchive, values: Mapping[str, Any]) -> Callable[[], IO[bytes]] | None:
    name = values.get("file")
    if not isinstance(name, str) or not _is_file(name) or name not in archive.members:
        return None
    return partial(archive.open, name)


def _is_file(name: str) -> bool:
    """Say whether a member is a medium and not rows."""
    return name.startswith(FOLDER)


def _values(line: bytes) -> dict[str, Any] | None:
    try:
        found = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) else None


def _entry(row: Row) -> ImportedEntry | Rejected:
    """Read a moment as an entry, for whoever restores no accounts."""
    values = row.values
    texts = [values.get(name) for name in ("id", "title", "content", "at", "zone")]
    if not all(isinstance(text, str) for text in texts):
        return Rejected(where=row.where, reason="has no text, instant or zone")
    ref, title, content, at, zone = map(str, texts)
    return ImportedEntry(
        where=row.where, ref=ref, title=title, content=content, at=at, zone=zone,
        is_pinned=values.get("is_pinned") is True,
    )  # fmt: skip
