"""Photographs that leave: upright, and without where and by what they were taken."""

from __future__ import annotations

import zipfile
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from PIL import Image, ImageOps

from journiv.builtin.archive import ArchiveExporter, ArchiveImporter
from journiv.builtin.exports.html import HtmlExporter
from journiv.builtin.exports.journiv_layout import JournivLayoutExporter
from journiv.builtin.exports.markdown import MarkdownExporter
from journiv.contracts.storage import Store
from journiv.contracts.transfer import Exporter, ImportedMedia
from journiv.domain.clock import SystemClock
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.imports import ImportService, ImportTarget
from journiv.services.transfer.media_intake import AccountMedia, UploadIntake
from journiv.services.transfer.restore import NOTHING, AccountRestore
from journiv.testing.store.people import arrive
from journiv.testing.store.rows import preferences
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.test_orientation import CORNERS, corners, sideways
from tests.plugins.media_formats.test_stripping import assert_tells_nothing
from tests.transfer.media import Album, album
from tests.transfer.test_imported_media import NOWHERE, Albums, entry

EXPORTERS: Final = (
    ArchiveExporter(), MarkdownExporter(), HtmlExporter(), JournivLayoutExporter()
)  # fmt: skip
PICTURES: Final = ("jpg", "png", "webp", "avif", "heic")


@pytest.fixture
async def pictures(store: Store, tmp_path: Path) -> AsyncIterator[Album]:
    async with album(store, tmp_path / "media") as opened:
        yield opened


async def bring(store: Store, person: UserScope, pictures: Album, *paths: Path) -> None:
    media = (ImportedMedia(name=path.name, open=partial(path.open, "rb")) for path in paths)
    service = ImportService(store, SystemClock(), UploadIntake(store, pictures.adding))
    entries = Albums(entry("a", *media))
    report = await service.run(person, entries, NOWHERE, ImportTarget(zone="Europe/London"))
    assert (report.media, report.remarks) == (len(paths), ())


async def exported(
    store: Store, person: UserScope, pictures: Album, exporter: Exporter, folder: Path
) -> list[Path]:
    """Export everything, unpack it and return the pictures."""
    path = folder / f"{exporter.format}.zip"
    await ExportService(store, SystemClock(), pictures.files).run(person, exporter, path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder / exporter.format)
    found = (folder / exporter.format).rglob("*.*")
    return sorted(one for one in found if one.suffix.lstrip(".") in PICTURES)


async def test_UPL_7_no_export_tells_a_place_or_a_device(
    store: Store, user: UserScope, pictures: Album, tmp_path: Path
) -> None:
    taken = [samples.photograph(tmp_path, suffix, 6) for suffix in PICTURES]
    await bring(store, user, pictures, *taken)
    different: dict[bytes, Path] = {}
    for exporter in EXPORTERS:
        found = await exported(store, user, pictures, exporter, tmp_path)
        assert len(found) == len(PICTURES)
        different |= {path.read_bytes(): path for path in found}
        for path in (tmp_path / exporter.format).rglob("*"):
            assert not path.is_file() or samples.SECRET.encode() not in path.read_bytes()
    assert len(different) == len(PICTURES)
    for path in different.values():
        assert_tells_nothing(path)


async def test_UPL_6_photographs_are_upright_in_every_export(
    store: Store, user: UserScope, pictures: Album, tmp_path: Path
) -> None:
    taken = [sideways(tmp_path, "jpg", number) for number in range(1, 9)]
    await bring(store, user, pictures, *taken)
    for exporter in EXPORTERS:
        found = await exported(store, user, pictures, exporter, tmp_path)
        assert len(found) == 8
        for path in found:
            with Image.open(path) as picture:
                assert corners(ImageOps.exif_transpose(picture)) == CORNERS


async def test_whoever_keeps_what_photographs_tell_takes_it_along(
    store: Store, user: UserScope, pictures: Album, tmp_path: Path
) -> None:
    keeping = preferences(user.user_id, keep_media_metadata=True)
    await store.write(user, lambda tx: tx.settings.put(keeping))
    taken = samples.photograph(tmp_path, "jpg", 6)
    await bring(store, user, pictures, taken)
    for exporter in EXPORTERS:
        (found,) = await exported(store, user, pictures, exporter, tmp_path)
        assert found.read_bytes() == taken.read_bytes()
    other = await arrive(store)
    restore = AccountRestore(store, AccountMedia(store, pictures.adding))
    await restore.run(other, ArchiveImporter(), tmp_path / "archive.zip")
    (medium,) = await store.read(other, lambda tx: tx.holdings.media(NOTHING, 9))
    assert medium["sha256"] == medium["source_sha256"]
