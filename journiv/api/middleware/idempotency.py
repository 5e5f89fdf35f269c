"""`Idempotency-Key`: a POST sent twice happens once and is answered alike (24 hours)."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import orjson
from aiohttp import web

from journiv.api.replies import JSON
from journiv.contracts.records import ReplyRecord
from journiv.contracts.repositories.replies import BEGUN
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict, JournivError, Unprocessable
from journiv.domain.ids import new_id
from journiv.domain.scope import Once, UserScope

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
ANSWER_WITHIN = timedelta(seconds=5)
_LOOK_AGAIN = 0.05
MAX_KEY = 200
_log = logging.getLogger(__name__)

LOST = (
    "This request has been carried out, but its answer is lost. "
    "See what it did before sending it again under another key."
)

Produce = Callable[[UserScope], Awaitable[web.StreamResponse]]


@dataclass(slots=True)
class _Turn:
    """Requests with one key go one after the other; the last one out takes the lock away."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Idempotency:
    """Keeps successful answers under the caller's keys.

    A second request with the same key waits for the first and gets its answer, marked by
    `Idempotent-Replayed: true`; with another body or path it gets 422. A failed first request
    keeps nothing, so trying again works. What a request writes and the mark that it did are one
    transaction: when the process dies before the answer is kept, the repeat gets 409 and nothing
    is done twice.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._running: dict[tuple[str, str], _Turn] = {}

    async def answer(
        self, scope: UserScope, key: str, request: web.Request, raw: bytes, produce: Produce
    ) -> web.StreamResponse:
        """Return the kept answer, or the one `produce` gives. Raises `Unprocessable`."""
        if not 0 < len(key) <= MAX_KEY or not key.isprintable():
            raise BadRequest(f"{HEADER} must have 1 to {MAX_KEY} printable characters.")
        digest = _digest(request, raw)
        owner = (scope.user_id, key)
        turn = self._running.setdefault(owner, _Turn())
        turn.users += 1
        try:
            async with turn.lock:
                return await self._once(scope, key, digest, produce)
        finally:
            turn.users -= 1
            if not turn.users:
                del self._running[owner]

    async def _once(
        self, scope: UserScope, key: str, digest: str, produce: Produce
    ) -> web.StreamResponse:
        kept = await self._kept_answer(scope, key, digest)
        if kept is not None:
            return _replayed(kept)
        once = Once(key=key, request_hash=digest, attempt=new_id(), at=instant(self._clock.now()))
        try:
            return await self._attempt(scope, once, produce)
        except Conflict:
            kept = await self._kept_answer(scope, key, digest)
            if kept is None:
                raise
            return _replayed(kept)  # another process was first

    async def _kept_answer(self, scope: UserScope, key: str, digest: str) -> ReplyRecord | None:
        """Return the answer to this request, waiting for one that is on its way."""
        while True:
            now = self._clock.now()
            kept = await self._store.read(scope, lambda tx: tx.replies.get(key))
            if kept is None:
                return None
            if kept["created_at"] <= instant(now - KEPT):
                await self._store.write(scope, lambda tx: tx.replies.forget(key))
                return None
            if kept["request_hash"] != digest:
                raise Unprocessable(f"This {HEADER} was already used for another request.")
            if kept["status"] != BEGUN:
                return kept
            if kept["created_at"] <= instant(now - ANSWER_WITHIN):
                raise Conflict(LOST)
            await asyncio.sleep(_LOOK_AGAIN)

    async def _attempt(self, scope: UserScope, once: Once, produce: Produce) -> web.StreamResponse:
        try:
            response = await produce(replace(scope, once=once))
        except JournivError:
            await self._withdraw(scope, once)
            raise
        if isinstance(response, web.Response) and 200 <= response.status < 300:
            await self._keep(scope, _kept(once, response))
        else:
            await self._withdraw(scope, once)
        return response

    async def _keep(self, scope: UserScope, reply: ReplyRecord) -> None:
        """Store an answer. What was done is done: failing here must not make it look undone."""
        try:
            await self._store.write(scope, lambda tx: tx.replies.put(reply))
        except JournivError as error:
            _log.warning("The answer to a POST with a key could not be kept: %s", error)

    async def _withdraw(self, scope: UserScope, once: Once) -> None:
        await self._store.write(scope, lambda tx: tx.replies.forget(once.key, once.attempt))


def _digest(request: web.Request, raw: bytes) -> str:
    digest = hashlib.sha256(f"{request.method} {request.path_qs}\n".encode())
    digest.update(raw)
    return digest.hexdigest()


def _kept(once: Once, response: web.Response) -> ReplyRecord:
    body = response.body if isinstance(response.body, bytes) else b""
    headers = {str(name): value for name, value in response.headers.items()}
    headers.pop("Set-Cookie", None)
    packed = {"headers": headers, "body": body.decode()}
    return ReplyRecord(
        key=once.key,
        request_hash=once.request_hash,
        status=response.status,
        body=orjson.dumps(packed).decode(),
        created_at=once.at,
    )


def _replayed(kept: ReplyRecord) -> web.Response:
    packed = orjson.loads(kept["body"])
    headers = {"Content-Type": JSON, **packed["headers"], "Idempotent-Replayed": "true"}
    return web.Response(body=packed["body"].encode(), status=kept["status"], headers=headers)
