"""The `s3` media store: one object per key, below a prefix of a bucket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from obstore.store import S3Store

from journiv.contracts.media import MediaStore, StoredObject
from journiv.domain.clock import instant
from journiv.domain.errors import Invalid, NotFound, Unavailable, Violation
from journiv.domain.media_keys import checked_key, is_key
from journiv_media_s3.bucket import Bucket
from journiv_media_s3.errors import FAILURES, code_of, domain_error, is_missing
from journiv_media_s3.reading import read
from journiv_media_s3.upload import upload

if TYPE_CHECKING:
    from obstore import ObjectMeta

PROBE: Final = ".journiv-probe"
"""No key can be this one; kept, since some buckets let nobody delete."""
LEAVING: Final = 0.1
"""Seconds; what they do takes microseconds, on a machine that is not overloaded."""

_BEYOND_THE_END: Final = frozenset({"InvalidRange", "416"})


class S3Media(MediaStore):
    """Keeps media in a bucket; nobody is asked before the first use.

    Objects become visible whole: as one request, or as a multipart upload when it is completed.
    """

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket
        self._store: S3Store | None = None

    async def put(self, key: str, chunks: AsyncIterator[bytes], limit: int) -> StoredObject:
        """See `MediaStore.put`."""
        store = await self._opened(key)
        async with aclosing(_limited(chunks, limit)) as limited:
            refusal = await upload(store, key, limited, self._bucket.part_size)
        if refusal is not None:
            raise domain_error(refusal, self._bucket.place) from refusal
        stored = await self.stat(key)
        if stored is None:
            raise Unavailable("The stored object is gone again.")
        return stored

    async def open(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """See `MediaStore.open`."""
        store = await self._opened(key)
        if end is not None and end <= start:
            if await self.stat(key) is None:
                raise NotFound("Media not found")
            return
        try:
            async for chunk in read(store, key, start, end):
                yield chunk
        except FAILURES as error:
            if code_of(error) in _BEYOND_THE_END:
                return
            if is_missing(error):
                raise NotFound("Media not found") from error
            raise domain_error(error, self._bucket.place) from error

    async def stat(self, key: str) -> StoredObject | None:
        """See `MediaStore.stat`."""
        store = await self._opened(key)
        try:
            return _known(await store.head_async(key))
        except FAILURES as error:
            if is_missing(error):
                return None
            raise domain_error(error, self._bucket.place) from error

    async def delete(self, key: str) -> bool:
        """See `MediaStore.delete`; of two at once, both may hear that there was something."""
        store = await self._opened(key)
        if await self.stat(key) is None:
            return False
        try:
            await store.delete_async(key)
        except FAILURES as error:
            if not is_missing(error):
                raise domain_error(error, self._bucket.place) from error
        return True

    async def iter_keys(self, prefix: str = "") -> AsyncIterator[str]:
        """See `MediaStore.iter_keys`: only the folder of the prefix is listed."""
        store = await self._opened()
        folder = prefix.rpartition("/")[0]
        try:
            async for found in store.list(folder or None):
                for meta in found:
                    if meta["path"].startswith(prefix) and is_key(meta["path"]):
                        yield meta["path"]
        except FAILURES as error:
            raise domain_error(error, self._bucket.place) from error

    async def ping(self) -> None:
        """See `MediaStore.ping`: writes a few bytes and asks for them."""
        store = await self._opened()
        try:
            await store.put_async(PROBE, b"", use_multipart=False)
            await store.head_async(PROBE)
        except FAILURES as error:
            raise domain_error(error, self._bucket.place) from error

    async def close(self) -> None:
        """See `MediaStore.close`.

        The threads of obstore may still be leaving Python after an answer; an interpreter that
        ends under them aborts (github.com/PyO3/pyo3-async-runtimes, issue 40).
        """
        if self._store is not None:
            self._store = None
            await asyncio.sleep(LEAVING)

    async def _opened(self, key: str | None = None) -> S3Store:
        if key is not None:
            checked_key(key)
        if self._store is None:
            # Reads certificates.
            self._store = await asyncio.to_thread(self._bucket.open)
        return self._store


def _known(meta: ObjectMeta) -> StoredObject:
    return StoredObject(
        key=meta["path"], size=meta["size"], modified_at=instant(meta["last_modified"])
    )


async def _limited(chunks: AsyncIterator[bytes], limit: int) -> AsyncGenerator[bytes, None]:
    taken = 0
    async for chunk in chunks:
        taken += len(chunk)
        if taken > limit:
            sentence = f"The file is larger than {limit} bytes."
            raise Invalid([Violation(("body", "file"), "too_large", sentence)])
        yield chunk
