"""Files that no row names go, all others stay."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.contracts.repositories.media import StoredKey
from journiv.contracts.storage import Store
from journiv.domain.clock import StoppedClock
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.media.names import key_of, part_key, variant_key
from journiv.services.media.staging import Staging
from journiv.services.media.sweeping import MediaSweeper
from journiv.testing.store.people import Things, made_up, plant, settle
from journiv.testing.store.rows import medium

NOW = datetime.now(UTC)
OLD = (NOW - timedelta(hours=25)).timestamp()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "media"


@pytest.fixture
def media(folder: Path) -> FilesystemMedia:
    return FilesystemMedia(f"file://{folder}")


@pytest.fixture
def sweeper(store: Store, media: FilesystemMedia, tmp_path: Path) -> MediaSweeper:
    return MediaSweeper(store, media, Staging(media, tmp_path), StoppedClock(NOW))


@pytest.fixture
async def person(store: Store) -> Things:
    things = made_up()
    await plant(store)
    await settle(store, things, "walk")
    return things


async def keep(media: FilesystemMedia, folder: Path, key: str, *, old: bool = True) -> None:
    await media.put(key, _once(), 10)
    if old:
        os.utime(folder / key, (OLD, OLD))


async def _once() -> AsyncIterator[bytes]:
    yield b"x"


async def swept(sweeper: MediaSweeper, media: FilesystemMedia) -> list[str]:
    """What is left after both kinds of sweeping."""
    await sweeper.tidy()
    while await sweeper.empty():
        pass
    return [key async for key in media.iter_keys()]


async def test_a_file_that_no_row_names_goes_with_its_variants_once_it_is_old(
    sweeper: MediaSweeper, media: FilesystemMedia, folder: Path
) -> None:
    orphan = key_of(new_id(), new_id(), "image/png")
    for key in (orphan, variant_key(orphan, "thumbnail"), variant_key(orphan, "large")):
        await keep(media, folder, key)
    piece = part_key(new_id(), new_id(), new_id())
    await keep(media, folder, piece)
    young = key_of(new_id(), new_id(), "image/png")
    await keep(media, folder, young, old=False)
    assert await swept(sweeper, media) == [young]


async def test_what_a_row_names_stays(
    store: Store, sweeper: MediaSweeper, media: FilesystemMedia, folder: Path, person: Things
) -> None:
    media_id = new_id()
    key = key_of(person.user, media_id, "image/png")
    row = medium(media_id, person.user, person.entry)
    row["key"], row["source_sha256"] = key, "f" * 64
    await store.write(person.scope, lambda tx: tx.media.add(row))
    kept = sorted([key, variant_key(key, "thumbnail")])
    for one in kept:
        await keep(media, folder, one)
    assert await swept(sweeper, media) == kept


async def test_files_of_another_program_in_the_same_folder_stay(
    sweeper: MediaSweeper, media: FilesystemMedia, folder: Path
) -> None:
    await keep(media, folder, "photos/holiday.jpg")
    assert await swept(sweeper, media) == ["photos/holiday.jpg"]


async def test_an_upload_that_nobody_goes_on_with_goes_after_a_day(
    store: Store, sweeper: MediaSweeper, media: FilesystemMedia, folder: Path, person: Things
) -> None:
    part = StoredKey(person.user, part_key(person.user, person.upload, new_id()))
    late = (NOW - timedelta(hours=25)).isoformat(timespec="microseconds")[:26] + "Z"
    await store.write(person.scope, lambda tx: tx.uploads.add_part(person.upload, 5, part, 1, late))
    await keep(media, folder, part.key, old=False)
    assert await swept(sweeper, media) == []
    assert await store.read(person.scope, lambda tx: tx.uploads.count()) == 0


async def test_bytes_that_two_media_share_go_with_the_second(store: Store, person: Things) -> None:
    shared = key_of(person.user, new_id(), "image/png")
    ids = [new_id(), new_id()]
    for media_id, entry_id, source in zip(
        ids, (person.entry, person.draft), ("a", "b"), strict=True
    ):
        row = medium(media_id, person.user, entry_id)
        row["key"], row["source_sha256"] = shared, source * 64
        await store.write(person.scope, lambda tx, row=row: tx.media.add(row))
    wasted = []
    for media_id in ids:
        await store.write(person.scope, lambda tx, one=media_id: tx.media.delete(one))
        found = await store.read(SYSTEM, lambda tx: tx.media_files.waste(100))
        wasted.append([one.key for one in found])
    assert wasted == [[], [shared]]
