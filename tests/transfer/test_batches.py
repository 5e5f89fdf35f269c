from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass

import pytest

from journiv.contracts.storage import Store
from journiv.services.transfer.batches import Batches


@dataclass(frozen=True, slots=True)
class Some:
    number: int
    has_media: bool = False


class Source:
    """Gives batches, and notes how many were asked for and whether it was closed."""

    def __init__(self, *batches: Some | Exception | None) -> None:
        self.batches = list(batches)
        self.asked = threading.Semaphore(0)
        self.taken = 0
        self.is_closed = False

    def take(self) -> Some | None:
        found = self.batches[self.taken]
        self.taken += 1
        self.asked.release()
        if isinstance(found, Exception):
            raise found
        return found

    def close(self) -> None:
        self.is_closed = True

    async def was_asked(self, times: int) -> bool:
        for _ in range(times):
            if not await asyncio.to_thread(self.asked.acquire, timeout=5):
                return False
        return True


def batches_of(source: Source, store: Store) -> Batches[Some]:
    return Batches(source, source.take, store)


async def test_the_next_batch_is_read_while_the_last_one_is_stored(store: Store) -> None:
    source = Source(Some(1), Some(2), None)
    batches = batches_of(source, store)
    assert await batches.next() == Some(1)
    assert await source.was_asked(2)
    assert await batches.next() == Some(2)
    assert await batches.next() is None
    await batches.close()
    assert source.taken == 3
    assert source.is_closed


async def test_nothing_is_read_while_the_bytes_of_a_medium_are_needed(store: Store) -> None:
    source = Source(Some(1, has_media=True), Some(2), None)
    batches = batches_of(source, store)
    assert await batches.next() == Some(1, has_media=True)
    await asyncio.sleep(0.05)
    assert source.taken == 1
    assert await batches.next() == Some(2)
    await batches.close()


async def test_what_breaks_in_the_file_is_raised_after_the_batches_before_it(store: Store) -> None:
    source = Source(Some(1), ValueError("the file ends here"))
    batches = batches_of(source, store)
    assert await batches.next() == Some(1)
    assert await source.was_asked(2)
    with pytest.raises(ValueError, match="the file ends here"):
        await batches.next()
    await batches.close()
    assert source.is_closed


async def test_a_batch_that_nobody_wants_any_more_does_not_hide_why(store: Store) -> None:
    source = Source(Some(1), ValueError("the file ends here"))
    batches = batches_of(source, store)
    assert await batches.next() == Some(1)
    await batches.close()
    assert source.is_closed
