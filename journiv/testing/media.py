"""A kit for media stores."""

from __future__ import annotations

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from journiv.contracts.media import MediaStore, StoredObject
from journiv.domain.clock import parse_instant
from journiv.domain.errors import BadRequest, Invalid, NotFound

KEY = "user/2026/film.mp4"
BYTES = bytes(range(256)) * 1200
HOSTILE = (
    "", "/", "/etc/passwd", "../up", "a/../b", "a//b", "a/", ".hidden", "a/.b", "a\\b", "a\0b",
    "a b", "é", "a\n", "..", "a/..", "C:/x", "a?b", "x" * 5000,
)  # fmt: skip
MOST_MEMORY = 24 * 1024 * 1024
"""Bytes a store may hold on to while it takes or gives something larger."""


class MediaStoreConformance:
    """Subclass it and override `media`: a store that is empty."""

    @pytest.fixture
    def media(self) -> MediaStore:
        """The media store under test."""
        raise NotImplementedError("override the fixture `media`")

    async def test_what_goes_in_comes_out(self, media: MediaStore) -> None:
        stored = await put(media, KEY, BYTES)
        assert (stored.key, stored.size) == (KEY, len(BYTES))
        assert stored.modified_at == parse_instant(stored.modified_at)
        assert await read(media, KEY) == BYTES
        found = await media.stat(KEY)
        assert found is not None
        assert (found.key, found.size) == (KEY, len(BYTES))

    async def test_nothing_at_all_is_kept_too(self, media: MediaStore) -> None:
        assert (await put(media, KEY, b"")).size == 0
        assert await read(media, KEY) == b""

    @pytest.mark.parametrize(
        ("start", "end"),
        [(0, 1), (1, 2), (255, 70_000), (100, None), (0, None), (len(BYTES) - 1, None), (7, 7)],
    )
    async def test_a_range_is_exactly_that(
        self, media: MediaStore, start: int, end: int | None
    ) -> None:
        await put(media, KEY, BYTES)
        assert await read(media, KEY, start, end) == BYTES[start:end]

    async def test_a_range_beyond_the_end_has_what_there_is(self, media: MediaStore) -> None:
        await put(media, KEY, BYTES)
        size = len(BYTES)
        assert await read(media, KEY, size - 3, size + 50) == BYTES[-3:]
        assert await read(media, KEY, size) == b""
        assert await read(media, KEY, size + 10, size + 20) == b""

    async def test_what_is_not_there_is_not_found(self, media: MediaStore) -> None:
        assert await media.stat(KEY) is None
        with pytest.raises(NotFound):
            await read(media, KEY)

    async def test_a_part_of_a_key_is_no_key(self, media: MediaStore) -> None:
        await put(media, KEY, BYTES)
        for other in ("user", "user/2026", "user/2026/film.mp", "user/2026/film.mp4/x"):
            assert await media.stat(other) is None, other
            assert not await media.delete(other), other
            with pytest.raises(NotFound):
                await read(media, other)
        assert await read(media, KEY) == BYTES

    async def test_putting_again_replaces(self, media: MediaStore) -> None:
        await put(media, KEY, BYTES)
        await put(media, KEY, b"other")
        assert await read(media, KEY) == b"other"
        assert [key async for key in media.iter_keys()] == [KEY]

    async def test_exactly_the_limit_goes_in(self, media: MediaStore) -> None:
        assert (await media.put(KEY, chunks(BYTES), len(BYTES))).size == len(BYTES)

    async def test_a_byte_more_leaves_nothing_behind(self, media: MediaStore) -> None:
        with pytest.raises(Invalid):
            await media.put(KEY, chunks(BYTES), len(BYTES) - 1)
        await expect_nothing(media, KEY)

    async def test_beyond_the_limit_the_old_bytes_stay(self, media: MediaStore) -> None:
        await put(media, KEY, b"old")
        with pytest.raises(Invalid):
            await media.put(KEY, chunks(BYTES), 10)
        assert await read(media, KEY) == b"old"

    async def test_a_sender_that_goes_away_leaves_nothing_behind(self, media: MediaStore) -> None:
        with pytest.raises(ConnectionResetError):
            await media.put(KEY, breaking(BYTES), len(BYTES) * 2)
        await expect_nothing(media, KEY)

    async def test_nothing_is_seen_before_it_is_whole(self, media: MediaStore) -> None:
        async def watched() -> AsyncIterator[bytes]:
            for start in range(0, len(BYTES), 65_536):
                yield BYTES[start : start + 65_536]
                await expect_nothing(media, KEY)

        await media.put(KEY, watched(), len(BYTES))
        assert await read(media, KEY) == BYTES

    async def test_of_two_at_once_one_is_kept_whole(self, media: MediaStore) -> None:
        ours, theirs = b"a" * 200_000, b"b" * 300_000
        await asyncio.gather(put(media, KEY, ours), put(media, KEY, theirs))
        assert await read(media, KEY) in (ours, theirs)

    async def test_deleting_says_whether_there_was_something(self, media: MediaStore) -> None:
        await put(media, KEY, BYTES)
        assert await media.delete(KEY)
        assert not await media.delete(KEY)
        await expect_nothing(media, KEY)

    @pytest.mark.parametrize("key", HOSTILE)
    async def test_a_hostile_key_is_refused(self, media: MediaStore, key: str) -> None:
        with pytest.raises(BadRequest):
            await media.stat(key)
        with pytest.raises(BadRequest):
            await media.delete(key)
        with pytest.raises(BadRequest):
            await put(media, key, b"x")
        with pytest.raises(BadRequest):
            await read(media, key)

    async def test_keys_are_listed_by_prefix(self, media: MediaStore) -> None:
        keys = {"a/1.png", "a/2.png", "ab/3.png", "b/c/d/4.png"}
        for key in keys:
            await put(media, key, b"x")
        for prefix in ("", "a", "a/", "a/1", "b/c", "nothing"):
            found = [key async for key in media.iter_keys(prefix)]
            assert sorted(found) == sorted(key for key in keys if key.startswith(prefix)), prefix

    async def test_a_local_path_leads_to_the_same_bytes(self, media: MediaStore) -> None:
        await put(media, KEY, BYTES)
        path = media.local_path(KEY)
        assert path is None or await asyncio.to_thread(path.read_bytes) == BYTES

    async def test_a_file_of_the_server_goes_in_whole(
        self, media: MediaStore, tmp_path: Path
    ) -> None:
        folder = media.staging() or tmp_path
        await asyncio.to_thread(folder.mkdir, 0o700, parents=True, exist_ok=True)
        for place, data in ((folder, BYTES), (tmp_path, b"from another disk, perhaps")):
            waiting = place / ".waiting"
            await asyncio.to_thread(waiting.write_bytes, data)
            assert [key async for key in media.iter_keys()] in ([], [KEY])
            stored = await media.put_file(KEY, waiting)
            assert (stored.key, stored.size) == (KEY, len(data))
            assert await read(media, KEY) == data
            await asyncio.to_thread(waiting.unlink, missing_ok=True)
        waiting = tmp_path / ".waiting"
        await asyncio.to_thread(waiting.write_bytes, b"x")
        for key in HOSTILE:
            with pytest.raises(BadRequest):
                await media.put_file(key, waiting)

    async def test_it_says_how_it_is(self, media: MediaStore) -> None:
        await media.ping()
        free = await media.free_space()
        assert free is None or free >= 0
        assert [key async for key in media.iter_keys()] == []

    async def test_large_media_are_never_in_memory_whole(self, media: MediaStore) -> None:
        size = 2 * MOST_MEMORY

        async def film() -> AsyncIterator[bytes]:
            for _ in range(size // 1_048_576):
                yield bytes(1_048_576)

        tracemalloc.start()
        try:
            await media.put(KEY, film(), size)
            got = 0
            async for chunk in media.open(KEY):
                got += len(chunk)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert got == size
        assert peak < MOST_MEMORY


async def put(media: MediaStore, key: str, data: bytes) -> StoredObject:
    """Store bytes."""
    return await media.put(key, chunks(data), len(data) + 1)


async def read(media: MediaStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    """Return bytes, read as a server does."""
    return b"".join([chunk async for chunk in media.open(key, start, end)])


async def chunks(data: bytes) -> AsyncIterator[bytes]:
    """Yield bytes as a request brings them."""
    for start in range(0, len(data), 50_000):
        yield data[start : start + 50_000]


async def breaking(data: bytes) -> AsyncIterator[bytes]:
    """Yield bytes until the connection is gone."""
    async for chunk in chunks(data):
        yield chunk
    raise ConnectionResetError("gone")


async def expect_nothing(media: MediaStore, key: str) -> None:
    """Fail when anything of this key can be seen."""
    assert await media.stat(key) is None
    assert [one async for one in media.iter_keys()] == []
