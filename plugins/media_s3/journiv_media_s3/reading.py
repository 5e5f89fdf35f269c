"""The bytes of an object, or some of them, as they arrive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Final

from obstore.exceptions import GenericError
from obstore.store import S3Store

if TYPE_CHECKING:
    from obstore import GetOptions

CHUNK: Final = 256 * 1024
_NO_RANGES: Final = "non-partial response"


async def read(store: S3Store, key: str, start: int, end: int | None) -> AsyncIterator[bytes]:
    """Yield bytes `start` to before `end`. Raises what obstore raises."""
    try:
        answer = await store.get_async(key, options=_asked(start, end))
    except GenericError as error:
        if _NO_RANGES not in str(error):
            raise
    else:
        async for chunk in answer.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)
        return
    # A server may answer a range with 200 (RFC 9110, section 14.2); rclone's does.
    async for chunk in _whole(store, key, start, end):
        yield chunk


def _asked(start: int, end: int | None) -> GetOptions:
    if end is not None:
        return {"range": (start, end)}
    return {"range": {"offset": start}} if start else {}


async def _whole(store: S3Store, key: str, start: int, end: int | None) -> AsyncIterator[bytes]:
    answer = await store.get_async(key)
    passed = 0
    async for piece in answer.stream(min_chunk_size=CHUNK):
        wanted = bytes(piece)[max(0, start - passed) : None if end is None else end - passed]
        if wanted:
            yield wanted
        passed += len(piece)
        if end is not None and passed >= end:
            return
