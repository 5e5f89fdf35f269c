"""The layout of Journiv 1.0: what comes out is what its documentation says, and comes back."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import orjson

from journiv.builtin.exports.journiv_layout import JournivLayoutExporter
from journiv.contracts.storage import Store
from journiv.contracts.transfer import ImportedMedia
from journiv.domain.clock import SystemClock
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.imports import ImportService, ImportTarget
from journiv.services.transfer.media_intake import UploadIntake
from journiv.services.transfer.selection import EVERYTHING, Selection
from journiv.testing.store.people import arrive, made_up, plant, settle
from journiv_import_formats.journiv_backup import JournivBackupImporter
from tests.plugins.media_formats.samples import SECRET, photograph
from tests.transfer.media import Album, album
from tests.transfer.test_imported_media import NOWHERE, Albums, entry

ENTRY_NEEDS = {"content", "entry_date", "entry_datetime_utc", "created_at", "updated_at"}
MEDIA_NEEDS = {"filename", "media_type", "file_size", "mime_type", "created_at", "updated_at"}


async def exported(
    store: Store, scope: UserScope, pictures: Album, path: Path, selection: Selection = EVERYTHING
) -> Path:
    service = ExportService(store, SystemClock(), pictures.files)
    await service.run(scope, JournivLayoutExporter(), path, selection=selection)
    return path


def document(path: Path) -> dict[str, Any]:
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = orjson.loads(archive.read("data.json"))
        return found


async def test_it_holds_journals_with_their_entries_and_pictures(
    store: Store, user: UserScope, tmp_path: Path
) -> None:
    await plant(store)
    original = photograph(tmp_path, "jpg")
    picture = ImportedMedia(name="../a row.JPG", open=lambda: original.open("rb"), alt_text="row")
    async with album(store, tmp_path / "media") as pictures:
        service = ImportService(store, SystemClock(), UploadIntake(store, pictures.adding))
        first = Albums(entry("a", picture), entry("b"))
        await service.run(user, first, NOWHERE, ImportTarget(zone="Europe/London", title="One"))
        second = ImportTarget(zone="Asia/Tokyo", title="Two")
        await service.run(user, Albums(entry("c")), NOWHERE, second)
        path = await exported(store, user, pictures, tmp_path / "a.zip")
        (stored,) = pictures.stored()
        found = document(path)
        assert (found["export_version"], found["stats"]["entry_count"]) == ("1.0", 3)
        journals = {one["title"]: one for one in found["journals"]}
        assert {title: one["entry_count"] for title, one in journals.items()} == {
            "One": 2,
            "Two": 1,
        }
        assert journals["Two"]["entries"][0]["entry_timezone"] == "Asia/Tokyo"
        entries = [one for journal in found["journals"] for one in journal["entries"]]
        assert all(set(one) >= ENTRY_NEEDS for one in entries)
        (medium,) = (one for held in entries for one in held["media"])
        assert set(medium) >= MEDIA_NEEDS
        assert (medium["filename"], medium["caption"]) == ("a row.JPG", "row")
        with zipfile.ZipFile(path) as archive:
            assert set(archive.namelist()) == {"data.json", f"media/{medium['file_path']}"}
            data = archive.read(f"media/{medium['file_path']}")
        assert data == stored.read_bytes()
        assert hashlib.sha256(data).hexdigest() == medium["checksum"]
        assert SECRET.encode() not in path.read_bytes()


async def test_drafts_and_the_trash_stay_and_days_narrow_it(store: Store, tmp_path: Path) -> None:
    things = made_up()
    await plant(store)
    await settle(store, things, "garden notes")
    async with album(store, tmp_path / "media") as pictures:
        whole = document(await exported(store, things.scope, pictures, tmp_path / "a.zip"))
        ids = {one["external_id"] for journal in whole["journals"] for one in journal["entries"]}
        assert things.entry in ids
        assert not ids & {things.draft, things.trashed, things.log}
        none = Selection(start_date="3000-01-01")
        narrow = document(await exported(store, things.scope, pictures, tmp_path / "b.zip", none))
        assert not [one for journal in narrow["journals"] for one in journal["entries"]]


async def test_the_importer_of_the_layout_brings_everything_back(
    store: Store, user: UserScope, tmp_path: Path
) -> None:
    await plant(store)
    original = photograph(tmp_path, "jpg")
    picture = ImportedMedia(name="row.jpg", open=lambda: original.open("rb"), alt_text="row")
    async with album(store, tmp_path / "media") as pictures:
        service = ImportService(store, SystemClock(), UploadIntake(store, pictures.adding))
        target = ImportTarget(zone="Europe/London", title="One")
        await service.run(user, Albums(entry("a", picture), entry("b")), NOWHERE, target)
        path = await exported(store, user, pictures, tmp_path / "a.zip")
        other = await arrive(store)
        report = await service.run(other, JournivBackupImporter(), path, target)
        assert (report.added, report.media, report.rejected) == (2, 1, ())
        again = document(await exported(store, other, pictures, tmp_path / "b.zip"))
        kept = ("title", "content", "entry_date", "entry_datetime_utc", "entry_timezone", "tags")
        before, after = (
            [
                [one[name] for name in kept]
                for journal in found["journals"]
                for one in journal["entries"]
            ]
            for found in (document(path), again)
        )
        assert sorted(after) == sorted(before)
        (journal,) = again["journals"]
        assert journal["title"] == "One"
        (medium,) = (one for held in journal["entries"] for one in held["media"])
        assert medium["alt_text"] == "row"
        assert (
            medium["checksum"] in path.read_bytes().decode(errors="ignore") or medium["file_size"]
        )
