"""Delivering: a queue in memory, a few workers, and a shelf in the store for what failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

from journiv.contracts.context import PluginContext
from journiv.domain.clock import instant
from journiv.domain.errors import JournivError
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv_webhooks import shelf
from journiv_webhooks.destinations import OpenResolver, check_url
from journiv_webhooks.messages import signature
from journiv_webhooks.records import Delivery, Webhook

WORKERS: Final = 4
QUEUE: Final = 1000
KEPT_FOR: Final = timedelta(days=3)
FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try ended: the receiver's status, or why there was none."""

    status: int | None
    error: str | None = None

    @property
    def is_delivered(self) -> bool:
        """Say whether the receiver took it."""
        return self.status is not None and 200 <= self.status < 300


class Courier:
    """Brings messages to receivers, trying for three days.

    Messages may overtake each other, and come twice when an answer is lost: a receiver knows them
    by their id. Only what is in the queue when the server is killed is lost.
    """

    def __init__(self, ctx: PluginContext) -> None:
        self._ctx = ctx
        self._private: bool = ctx.settings["private_addresses"]
        self._timeout = ClientTimeout(total=ctx.settings["timeout_seconds"])
        self._queue: asyncio.Queue[tuple[Webhook, Delivery]] = asyncio.Queue(QUEUE)
        self._open: dict[str, Delivery] = {}
        self._session: ClientSession | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Deliver until the server stops; then keep what was not delivered."""
        resolver = None if self._private else OpenResolver()
        connector = TCPConnector(resolver=resolver)
        async with ClientSession(
            connector=connector, timeout=self._timeout, cookie_jar=DummyCookieJar()
        ) as session:
            self._session = session
            workers = [asyncio.create_task(self._work()) for _ in range(WORKERS)]
            try:
                yield
            finally:
                for worker in workers:
                    worker.cancel()
                await asyncio.gather(*workers, return_exceptions=True)
                await self._keep(self._open.values())
                self._session = None

    def new_delivery(self, hook: Webhook, event: str, body: str) -> Delivery:
        """Make a delivery that is due now."""
        now = self._ctx.clock.now()
        return Delivery(
            id=new_id(),
            user_id=hook["user_id"],
            webhook_id=hook["id"],
            event=event,
            body=body,
            failures=0,
            due=instant(now),
            until=instant(now + KEPT_FOR),
        )

    async def post(self, hook: Webhook, delivery: Delivery) -> None:
        """Send soon; with a full queue it is kept for the next retry."""
        try:
            self._queue.put_nowait((hook, delivery))
        except asyncio.QueueFull:
            await self._keep([delivery])
        else:
            self._open[delivery["id"]] = delivery

    async def send(self, hook: Webhook, delivery: Delivery) -> Outcome:
        """Try once, now; redirects are not followed. Raises nothing."""
        if self._session is None:
            return Outcome(None, "the server is stopping")
        timestamp = int(self._ctx.clock.now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "journiv-webhooks",
            "Journiv-Event": delivery["event"],
            "Journiv-Delivery": delivery["id"],
            "Journiv-Signature": signature(hook["secret"], delivery["body"], timestamp),
        }
        body = delivery["body"].encode()
        try:
            check_url(hook["url"], private=self._private)
            async with self._session.post(
                hook["url"], data=body, headers=headers, allow_redirects=False
            ) as answer:
                return Outcome(answer.status)
        except (ClientError, OSError, ValueError) as error:
            return Outcome(None, type(error).__name__)

    async def retry(self) -> None:
        """Try everything again that is due (the job `webhooks.retry`)."""
        now = self._now()
        for delivery in await self._ctx.store.read(SYSTEM, lambda tx: shelf.waiting(tx, now)):
            if delivery["due"] <= now:
                await self._try_again(delivery, now)

    async def _try_again(self, delivery: Delivery, now: str) -> None:
        user_id, webhook_id = delivery["user_id"], delivery["webhook_id"]
        hook = await self._ctx.store.read(
            SYSTEM, lambda tx: shelf.webhook(tx, now, user_id, webhook_id)
        )
        if hook is None or (await self.send(hook, delivery)).is_delivered:
            gone = delivery["id"]
            await self._ctx.store.write(SYSTEM, lambda tx: shelf.delete_waiting(tx, gone))
        else:
            await self._keep([self._failed(delivery)])

    async def _work(self) -> None:
        while True:
            hook, delivery = await self._queue.get()
            outcome = await self.send(hook, delivery)
            try:
                if not outcome.is_delivered:
                    self._ctx.log.info(
                        "delivery %s failed: %s", delivery["id"], outcome.status or outcome.error
                    )
                    await self._keep([self._failed(delivery)])
            except JournivError as error:
                self._ctx.log.warning("delivery %s is lost: %s", delivery["id"], error.detail)
            del self._open[delivery["id"]]

    def _failed(self, delivery: Delivery) -> Delivery:
        """Return the delivery with one failure more, due after a pause that doubles."""
        pause = min(FIRST_PAUSE * 2 ** min(delivery["failures"], 10), LONGEST_PAUSE)
        due = instant(self._ctx.clock.now() + pause)
        return {**delivery, "failures": delivery["failures"] + 1, "due": due}

    async def _keep(self, deliveries: Iterable[Delivery]) -> None:
        kept = list(deliveries)
        if kept:
            await self._ctx.store.write(SYSTEM, lambda tx: shelf.put_waiting(tx, kept))

    def _now(self) -> str:
        return instant(self._ctx.clock.now())
