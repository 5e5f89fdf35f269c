"""Pictures in our own archive: all of them come back, checked, on either store."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from devtools.paths import ROOT
from journiv.builtin.archive import ArchiveExporter, ArchiveImporter
from journiv.builtin.ndjson import NdjsonImporter
from journiv.contracts.storage import Store
from journiv.contracts.transfer import ImportedMedia
from journiv.domain.clock import StoppedClock, SystemClock
from journiv.domain.errors import BadRequest
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.imports import ImportReport, ImportService, ImportTarget
from journiv.services.transfer.media_intake import AccountMedia, UploadIntake
from journiv.services.transfer.restore import AccountRestore
from journiv.testing.store.people import arrive, plant
from tests.api.pictures import png
from tests.plugins.media_formats.samples import SECRET, photograph
from tests.transfer.media import Album, album, media_of

NOON = "2026-01-01T12:00:00.000000Z"
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
Rewrite = Callable[[dict[str, bytes]], None]


@pytest.fixture
async def pictures(store: Store, tmp_path: Path) -> AsyncIterator[Album]:
    async with album(store, tmp_path / "media") as opened:
        yield opened


@pytest.fixture
async def owner(store: Store, pictures: Album, tmp_path: Path) -> UserScope:
    """Somebody with three entries, the last of them in the trash, and pictures on each."""
    await plant(store)
    scope = await arrive(store)
    diary = tmp_path / "diary.ndjson"
    lines = [{"ref": str(n), "date": "1660-01-01", "title": "T", "text": "x"} for n in range(3)]
    diary.write_bytes(b"".join(orjson.dumps(one) + b"\n" for one in lines))
    target = ImportTarget(zone="Europe/London")
    await ImportService(store, SystemClock()).run(scope, NdjsonImporter(), diary, target)
    first, second, third = await entry_ids(store, scope)
    for suffix in ("jpg", "webp"):
        await attach(store, scope, pictures, first, photograph(tmp_path, suffix))
    same = tmp_path / "same.png"
    same.write_bytes(png())
    for entry_id in (first, second, third):
        await attach(store, scope, pictures, entry_id, same)
    await store.write(scope, lambda tx: tx.trash.put(third, NOON))
    return scope


async def entry_ids(store: Store, scope: UserScope) -> list[str]:
    found = await store.read(scope, lambda tx: tx.entries.imported("ndjson", ["0", "1", "2"]))
    return [found[ref] for ref in ("0", "1", "2")]


async def attach(
    store: Store, scope: UserScope, pictures: Album, entry_id: str, path: Path
) -> None:
    media = ImportedMedia(name=path.name, open=lambda: path.open("rb"), alt_text="a picture")
    assert await UploadIntake(store, pictures.adding).attach(scope, entry_id, media)


async def exported(
    store: Store, scope: UserScope, pictures: Album, path: Path, *, with_media: bool = True
) -> Path:
    service = ExportService(store, StoppedClock(SystemClock().now()), pictures.files)
    await service.run(scope, ArchiveExporter(), path, with_media=with_media)
    return path


async def restored(store: Store, scope: UserScope, pictures: Album, path: Path) -> ImportReport:
    media = AccountMedia(store, pictures.adding)
    return await AccountRestore(store, media).run(scope, ArchiveImporter(), path)


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name != "manifest.json"]
        return {name: archive.read(name) for name in names}


def rewritten(path: Path, target: Path, rewrite: Rewrite) -> Path:
    """An archive with other members whose manifest agrees with them."""
    content = members(path)
    rewrite(content)
    with zipfile.ZipFile(path) as archive:
        manifest = orjson.loads(archive.read("manifest.json"))
    manifest["members"] = [
        {
            "name": name,
            "rows": data.count(b"\n"),
            "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        for name, data in content.items()
    ]
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", orjson.dumps(manifest))
    return target


async def test_pictures_are_stored_as_they_are_and_hold_no_notes(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    path = await exported(store, owner, pictures, tmp_path / "a.zip")
    with zipfile.ZipFile(path) as archive:
        files = [one for one in archive.infolist() if one.filename.startswith("media/")]
        assert {one.compress_type for one in files} == {zipfile.ZIP_STORED}
        assert {archive.read(one) for one in files} == {
            stored.read_bytes() for stored in pictures.stored()
        }
    assert SECRET.encode() not in path.read_bytes()


async def test_every_medium_is_as_the_published_schema_says(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    schema = orjson.loads((ROOT / "docs" / "formats" / "archive-1.schema.json").read_bytes())
    check = Draft202012Validator({**schema["$defs"]["media"], "additionalProperties": False})
    content = members(await exported(store, owner, pictures, tmp_path / "a.zip"))
    rows = [orjson.loads(line) for line in content["media.ndjson"].splitlines()]
    assert len(rows) == 5
    for row in rows:
        check.validate(row)
        assert hashlib.sha256(content[row["file"]]).hexdigest() == row["sha256"]


async def test_an_archive_may_leave_pictures_out(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    path = await exported(store, owner, pictures, tmp_path / "a.zip", with_media=False)
    content = members(path)
    assert content["media.ndjson"] == b""
    assert not [name for name in content if name.startswith("media/")]


async def test_IMP_7_a_second_time_adds_no_picture(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    before = pictures.stored()
    path = await exported(store, owner, pictures, tmp_path / "a.zip")
    report = await restored(store, owner, pictures, path)
    assert (report.added, report.media, report.rejected) == (0, 0, ())
    assert pictures.stored() == before
    first, _, _ = await entry_ids(store, owner)
    assert len(await media_of(store, owner, first)) == 3


async def test_IMP_9_another_person_gets_pictures_of_their_own(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    path = await exported(store, owner, pictures, tmp_path / "a.zip")
    other = await arrive(store)
    report = await restored(store, other, pictures, path)
    assert (report.media, report.rejected) == (5, ())
    assert len(pictures.stored()) == 6
    theirs = await store.read(other, lambda tx: tx.holdings.media("0", 10))
    assert all(one["key"].startswith(other.user_id) for one in theirs)
    again = await exported(store, owner, pictures, tmp_path / "b.zip")
    assert members(again) == members(path)


async def test_bytes_that_are_gone_are_told(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    pictures.stored()[0].unlink()
    path = await exported(store, owner, pictures, tmp_path / "a.zip")
    report = await restored(store, await arrive(store), pictures, path)
    assert report.media in (2, 4)
    assert len(report.rejected) == 5 - report.media
    assert {one.reason for one in report.rejected} == {
        "was left out: its bytes are not in the archive"
    }


def _as_html(content: dict[str, bytes]) -> None:
    for name in content:
        if name.startswith("media/"):
            content[name] = HTML


def _elsewhere(content: dict[str, bytes]) -> None:
    rows = [orjson.loads(line) for line in content["media.ndjson"].splitlines()]
    places = ("/etc/passwd", "../../etc/passwd", "/proc/self/environ", "moments.ndjson", "media/")
    changed: list[Any] = [{**row, "file": place} for row, place in zip(rows, places, strict=True)]
    content["media.ndjson"] = b"".join(orjson.dumps(row) + b"\n" for row in changed)


@pytest.mark.parametrize(
    ("rewrite", "reason"),
    [(_as_html, "Mime type"), (_elsewhere, "its bytes are not in the archive")],
    ids=["IMP_4 html as pictures", "IMP_1 names that lead elsewhere"],
)
async def test_what_a_stranger_put_in_is_left_out_and_told(
    store: Store,
    owner: UserScope,
    pictures: Album,
    tmp_path: Path,
    rewrite: Rewrite,
    reason: str,
) -> None:
    before = pictures.stored()
    path = await exported(store, owner, pictures, tmp_path / "a.zip")
    spoilt = rewritten(path, tmp_path / "b.zip", rewrite)
    report = await restored(store, await arrive(store), pictures, spoilt)
    assert (report.added, report.media, len(report.rejected)) == (3, 0, 5)
    assert all(one.reason.startswith(f"was left out: {reason}") for one in report.rejected)
    assert pictures.stored() == before


async def test_a_flipped_bit_in_a_picture_is_found_before_anything_is_touched(
    store: Store, owner: UserScope, pictures: Album, tmp_path: Path
) -> None:
    path = await exported(store, owner, pictures, tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        medium = next(one for one in archive.infolist() if one.filename.startswith("media/"))
    data[medium.header_offset + 200] ^= 1
    path.write_bytes(data)
    other = await arrive(store)
    with pytest.raises(BadRequest, match="damaged"):
        await restored(store, other, pictures, path)
    assert await store.read(other, lambda tx: tx.journals.all(include_archived=True)) == []
