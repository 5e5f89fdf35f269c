from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from journiv.builtin import filesystem_media
from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.domain.errors import (
    BadRequest,
    ConfigError,
    Invalid,
    NotFound,
    StorageFull,
    Unavailable,
)

LIMIT = 1_000_000


@pytest.fixture
def media(tmp_path: Path) -> FilesystemMedia:
    return FilesystemMedia(f"file://{tmp_path}/media")


async def sent(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


async def read(media: FilesystemMedia, key: str, *span: int) -> bytes:
    return b"".join([chunk async for chunk in media.open(key, *span)])


async def test_bytes_come_back_whole_and_in_part(media: FilesystemMedia) -> None:
    stored = await media.put("ab/cd/portrait.jpg", sent(b"0123", b"456789"), LIMIT)
    assert (stored.key, stored.size) == ("ab/cd/portrait.jpg", 10)
    assert await read(media, stored.key) == b"0123456789"
    assert await read(media, stored.key, 3) == b"3456789"
    assert await read(media, stored.key, 3, 6) == b"345"
    assert await read(media, stored.key, 10, 20) == b""
    assert await media.stat(stored.key) == stored


async def test_files_and_folders_are_private(media: FilesystemMedia, tmp_path: Path) -> None:
    await media.put("ab/cd/x", sent(b"1"), LIMIT)
    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "media").rglob("*")}
    assert modes == {"ab": 0o700, "cd": 0o700, "x": 0o600}


async def test_too_many_bytes_are_refused_and_leave_nothing(
    media: FilesystemMedia, tmp_path: Path
) -> None:
    with pytest.raises(Invalid, match="larger than 5 bytes"):
        await media.put("x", sent(b"123", b"456"), 5)
    assert await media.stat("x") is None
    assert list((tmp_path / "media").iterdir()) == []


async def test_a_sender_that_goes_away_leaves_the_old_bytes(media: FilesystemMedia) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"new"
        raise ConnectionResetError

    await media.put("x", sent(b"old"), LIMIT)
    with pytest.raises(ConnectionResetError):
        await media.put("x", broken(), LIMIT)
    assert await read(media, "x") == b"old"
    assert [key async for key in media.iter_keys()] == ["x"]


async def test_a_reader_meets_old_or_new_bytes_but_no_mixture(media: FilesystemMedia) -> None:
    old, new = b"a" * LIMIT, b"b" * LIMIT
    await media.put("x", sent(old), LIMIT)
    writing = asyncio.create_task(media.put("x", sent(new[:100], new[100:]), LIMIT))
    while not writing.done():
        assert await read(media, "x") in (old, new)
    assert await read(media, "x") == new


async def test_keys_are_listed_by_prefix_without_unfinished_files(
    media: FilesystemMedia, tmp_path: Path
) -> None:
    for key in ("b/2", "a/1", "a/3", "ab"):
        await media.put(key, sent(b"."), LIMIT)
    (tmp_path / "media" / "a" / ".0011.partial").touch()
    assert [key async for key in media.iter_keys("a")] == ["ab", "a/1", "a/3"]
    assert [key async for key in media.iter_keys("a/")] == ["a/1", "a/3"]
    assert [key async for key in media.iter_keys("z")] == []


async def test_deleting_twice_says_so(media: FilesystemMedia) -> None:
    await media.put("a/1", sent(b"."), LIMIT)
    assert await media.delete("a/1") is True
    assert await media.delete("a/1") is False
    assert await media.delete("a") is False
    with pytest.raises(NotFound):
        await read(media, "a/1")


@pytest.mark.parametrize(
    "key",
    [
        "", "/", "/etc/passwd", "..", "../x", "a/../../x", "a//b", "a/", "./a", ".hidden",
        "a/.partial", "a\\b", "a\0b", "a\n", "a b", "ä", "%2e%2e/x", "~", "a" * 201,
        "/".join(["a"] * 300),
    ],
)  # fmt: skip
async def test_a_hostile_key_is_refused_everywhere(media: FilesystemMedia, key: str) -> None:
    with pytest.raises(BadRequest):
        await media.put(key, sent(b"."), LIMIT)
    with pytest.raises(BadRequest):
        await read(media, key)
    with pytest.raises(BadRequest):
        await media.stat(key)
    with pytest.raises(BadRequest):
        await media.delete(key)
    with pytest.raises(BadRequest):
        media.local_path(key)


async def test_a_key_below_another_key_is_refused(media: FilesystemMedia) -> None:
    await media.put("a", sent(b"."), LIMIT)
    with pytest.raises(Unavailable):
        await media.put("a/b", sent(b"."), LIMIT)
    assert await media.stat("a/b") is None


async def test_a_full_disk_is_told_as_such(
    media: FilesystemMedia, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(filesystem_media.os, "fsync", no_room)
    with pytest.raises(StorageFull):
        await media.put("x", sent(b"."), LIMIT)


async def test_the_folder_answers_for_its_health(media: FilesystemMedia, tmp_path: Path) -> None:
    await media.ping()
    assert (await media.free_space() or 0) > 0
    assert list((tmp_path / "media").iterdir()) == []


async def test_a_stored_file_can_be_sent_from_its_path(
    media: FilesystemMedia, tmp_path: Path
) -> None:
    await media.put("a/1", sent(b"."), LIMIT)
    assert media.local_path("a/1") == tmp_path / "media" / "a" / "1"
    assert media.local_path("a") is None
    assert media.local_path("b") is None


async def test_the_folder_is_read_from_a_file_address(tmp_path: Path) -> None:
    await FilesystemMedia(f"file://{tmp_path}/my%20media").put("x", sent(b"."), LIMIT)
    assert (tmp_path / "my media" / "x").is_file()


@pytest.mark.parametrize("url", ["file:relative", "file://elsewhere/media", "file:"])
def test_an_address_that_names_no_folder_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="JOURNIV_MEDIA_URL must name a folder"):
        FilesystemMedia(url)
