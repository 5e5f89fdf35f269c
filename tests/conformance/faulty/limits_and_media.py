"""Rate limiters and media stores with one fault each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.builtin.memory_limiter import MemoryLimiter
from journiv.contracts.media import StoredObject
from journiv.contracts.ratelimit import Decision, Rule
from journiv.testing.media import MediaStoreConformance
from journiv.testing.ratelimit import RateLimiterConformance


class FaultyLimiter(RateLimiterConformance):
    """The limiter of `builtin`, or one made from it."""

    kit: ClassVar = "rate limiter"
    caught_by: ClassVar[tuple[str, ...]]
    made: ClassVar[type[MemoryLimiter]]

    @pytest.fixture
    def limiter(self) -> MemoryLimiter:
        return self.made()


class Generous(MemoryLimiter):
    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        return await super().hit(key, replace(rule, limit=rule.limit + 1), cost)


class TestLetsOneMoreIn(FaultyLimiter):
    """One event more than the limit passes."""

    made = Generous
    caught_by = (
        "test_exactly_the_limit_passes_at_once",
        "test_of_fifty_at_once_exactly_the_limit_passes",
    )


class Counting(MemoryLimiter):
    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        answer = await super().hit(key, rule, cost)
        if not answer.allowed:
            bucket = (rule.name, key)
            self._empty_at[bucket] += rule.period / rule.limit
        return answer


class TestCountsWhatIsRefused(FaultyLimiter):
    """Who keeps trying is never let in again."""

    made = Counting
    caught_by = ("test_what_is_refused_is_not_counted",)


class Uneven(MemoryLimiter):
    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        return await super().hit(key, rule)


class TestIgnoresCosts(FaultyLimiter):
    """An event counts once, whatever it costs."""

    made = Uneven
    caught_by = ("test_a_cost_counts_as_so_many_events",)


class Folding(MemoryLimiter):
    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        return await super().hit(key.lower().strip(":"), rule, cost)


class TestTakesKeysForOneAnother(FaultyLimiter):
    """Keys that differ in case count together."""

    made = Folding
    caught_by = ("test_keys_are_counted_apart",)


class Racing(MemoryLimiter):
    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        before = dict(self._empty_at)
        await asyncio.sleep(0)
        now = self._empty_at
        self._empty_at = type(now)(before)
        return await super().hit(key, rule, cost)


class TestReadsAndThenWrites(FaultyLimiter):
    """What others count meanwhile is lost."""

    made = Racing
    caught_by = ("test_of_fifty_at_once_exactly_the_limit_passes",)


class FaultyMedia(MediaStoreConformance):
    """The media store of `builtin`, or one made from it."""

    kit: ClassVar = "media store"
    caught_by: ClassVar[tuple[str, ...]]
    made: ClassVar[type[FilesystemMedia]]

    @pytest.fixture
    def media(self, tmp_path: Path) -> FilesystemMedia:
        return self.made(f"file://{tmp_path}/media")


class Inclusive(FilesystemMedia):
    def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        return super().open(key, start, None if end is None else end + 1)


class TestGivesAByteMore(FaultyMedia):
    """The end of a range is in it."""

    made = Inclusive
    caught_by = ("test_a_range_is_exactly_that[0-1]", "test_a_range_is_exactly_that[7-7]")


class Hopeful(FilesystemMedia):
    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        return await super().put(key, chunks, limit * 2)


class TestIgnoresTheLimit(FaultyMedia):
    """More goes in than is allowed."""

    made = Hopeful
    caught_by = ("test_a_byte_more_leaves_nothing_behind",)


class Hasty(FilesystemMedia):
    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            async for chunk in chunks:
                file.write(chunk)
                file.flush()
        stored = await self.stat(key)
        assert stored is not None
        return stored


class TestShowsHalfAFile(FaultyMedia):
    """What is still being written can be seen, and stays when its sender goes away."""

    made = Hasty
    caught_by = (
        "test_nothing_is_seen_before_it_is_whole",
        "test_a_sender_that_goes_away_leaves_nothing_behind",
    )


class Trusting(FilesystemMedia):
    def _path(self, key: str) -> Path:
        return self._root / key.lstrip("/")


class TestLeavesItsFolder(FaultyMedia):
    """Keys are taken as they come."""

    made = Trusting
    caught_by = ("test_a_hostile_key_is_refused[../up]", "test_a_hostile_key_is_refused[a b]")


class Collecting(FilesystemMedia):
    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        whole = b"".join([chunk async for chunk in chunks])

        async def once() -> AsyncIterator[bytes]:
            yield whole

        return await super().put(key, once(), limit)


class TestKeepsAllInMemory(FaultyMedia):
    """A film is collected before it is written."""

    made = Collecting
    caught_by = ("test_large_media_are_never_in_memory_whole",)


class Folders(FilesystemMedia):
    async def iter_keys(self, prefix: str = "") -> AsyncIterator[str]:
        async for key in super().iter_keys():
            if not prefix or key.startswith(f"{prefix.rstrip('/')}/"):
                yield key


class TestListsFoldersOnly(FaultyMedia):
    """A prefix is taken for a folder."""

    made = Folders
    caught_by = ("test_keys_are_listed_by_prefix",)
