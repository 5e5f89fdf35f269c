"""Making a backup: one at a time, read back, and whole whatever happens to media meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.contracts.repositories.media import StoredKey
from journiv.contracts.storage import Store
from journiv.domain.clock import SystemClock
from journiv.domain.errors import Conflict, Unavailable
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.backup.backups import Backups, Locks
from journiv.services.backup.format import Damaged
from journiv.services.backup.keeping import Keep
from journiv.services.backup.target import Target
from journiv.services.media.staging import Staging
from journiv.services.media.sweeping import MediaSweeper

CLOCK = SystemClock()


async def chunks(content: bytes) -> AsyncIterator[bytes]:
    yield content


class Paused(FilesystemMedia):
    """Names its keys only when told to."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.reached, self.go = asyncio.Event(), asyncio.Event()

    async def iter_keys(self, prefix: str = "") -> AsyncIterator[str]:
        self.reached.set()
        await self.go.wait()
        async for key in super().iter_keys(prefix):
            yield key


class Rotten(FilesystemMedia):
    """Returns something else than was put."""

    def local_path(self, key: str) -> Path | None:
        return None

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        async for chunk in super().open(key, start, end):
            yield bytes([chunk[0] ^ 1]) + chunk[1:]


def backups_at(folder: Path, kind: type[FilesystemMedia] = FilesystemMedia) -> Backups:
    target = Target(kind(f"file://{folder}/target"), folder / "scratch")
    return Backups(target, folder / "scratch", CLOCK, "0", Locks())


def left_at(folder: Path) -> list[str]:
    """Return everything that lies at the target, hidden files too."""
    return [path.name for path in (folder / "target").rglob("*") if path.is_file()]


async def test_a_medium_deleted_while_a_backup_is_made_is_in_it(
    store: Store, tmp_path: Path
) -> None:
    media = Paused(f"file://{tmp_path}/media")
    key = f"{new_id()}/photograph.jpg"
    await media.put(key, chunks(b"picture"), 100)
    sweeper = MediaSweeper(store, media, Staging(media, tmp_path), CLOCK)
    making = asyncio.create_task(backups_at(tmp_path).create(store, media))
    await media.reached.wait()
    waste = StoredKey(key.partition("/")[0], key)
    await store.write(SYSTEM, lambda tx: tx.media_files.discard([waste]))
    assert await sweeper.empty() == 0
    media.go.set()
    name, written = await making
    assert written.media == 1
    assert (await backups_at(tmp_path).verify(name)).manifest["media"]["files"] == 1
    assert await sweeper.empty() == 1


async def test_a_target_that_cannot_be_written_is_one_sentence(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="cannot be written: Not a directory"):
        await backups_at(tmp_path / "file").create(
            store, FilesystemMedia(f"file://{tmp_path}/media")
        )


async def test_two_backups_are_never_made_at_once(store: Store, tmp_path: Path) -> None:
    media = Paused(f"file://{tmp_path}/media")
    making = asyncio.create_task(backups_at(tmp_path).create(store, media))
    await media.reached.wait()
    with pytest.raises(Conflict):
        await backups_at(tmp_path).create(store, media)
    media.go.set()
    name, _ = await making
    assert left_at(tmp_path) == [name]


async def test_what_the_target_returns_otherwise_is_deleted_and_is_no_good_backup(
    store: Store, tmp_path: Path
) -> None:
    backups = backups_at(tmp_path, Rotten)
    with pytest.raises(Damaged, match="deleted"):
        await backups.create(store, FilesystemMedia(f"file://{tmp_path}/media"))
    assert left_at(tmp_path) == []
    assert await backups.good(store) is None


async def test_what_a_killed_backup_left_goes_with_the_next(store: Store, tmp_path: Path) -> None:
    half = tmp_path / "target" / ".staging" / "making-dead" / "journiv-20260101T000000000000Z.tar"
    half.parent.mkdir(parents=True)
    half.touch()
    backups = backups_at(tmp_path)
    assert await backups.all() == []
    name, _ = await backups.create(store, FilesystemMedia(f"file://{tmp_path}/media"))
    assert left_at(tmp_path) == [name]


async def test_the_last_good_backup_stays_whatever_lies_beside_it(
    store: Store, tmp_path: Path
) -> None:
    backups = backups_at(tmp_path)
    name, _ = await backups.create(store, FilesystemMedia(f"file://{tmp_path}/media"))
    (tmp_path / "target" / "journiv-20990101T000000000000Z.tar").touch()
    assert await backups.prune(Keep.read("1"), await backups.good(store)) == []
    assert name in left_at(tmp_path)


async def test_a_key_whose_backup_was_never_finished_is_pruned(
    store: Store, tmp_path: Path
) -> None:
    backups = backups_at(tmp_path)
    name, _ = await backups.create(store, FilesystemMedia(f"file://{tmp_path}/media"))
    for stamp in ("20200101", "20990101"):
        (tmp_path / "target" / f"journiv-{stamp}T000000000000Z.tar.age.key").touch()
    await backups.prune(Keep.read("7"))
    assert sorted(left_at(tmp_path)) == [name, "journiv-20990101T000000000000Z.tar.age.key"]
