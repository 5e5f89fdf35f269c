"""What requests show about proxies, and since when a key is in use: noted for `journiv doctor`."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from journiv.config.secrets import derive
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import JournivError
from journiv.domain.scope import SYSTEM

DOCTOR: Final = "doctor"
"""Where the small store keeps what is noted here."""
SEEN: Final = "seen"
PERIOD: Final = 300.0
KEPT: Final = timedelta(days=7)


@dataclass(slots=True)
class Seen:
    """Requests since the start, by what they showed.

    `ignored` had a forwarding header from a peer that is not trusted; `named` and `unnamed` came
    from a trusted peer with and without a client's address; `scheme` is what the last named one
    said the client had used, empty when it said nothing. `probes` asked how the server is.
    """

    ignored: int = 0
    named: int = 0
    unnamed: int = 0
    probes: int = 0
    scheme: str = ""


def key_name(secret_key: str) -> str:
    """Return the name under which a key's first use is noted; it tells nothing about the key."""
    return f"key/{derive(secret_key, 'doctor-key/1')[:8].hex()}"


class Observer:
    """Writes what was seen into the store every five minutes and at the end."""

    def __init__(self, store: Store, clock: Clock, seen: Seen, secret_key: str | None) -> None:
        self._store = store
        self._clock = clock
        self._seen = seen
        self._key = None if secret_key is None else key_name(secret_key)
        self._noted = asdict(Seen())
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Note the key, then watch."""
        if self._key is not None:
            await self._note_key(self._key)
        self._task = asyncio.create_task(self._repeat(), name="observer")

    async def stop(self) -> None:
        """Note what is new, and stop."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.note()

    async def note(self) -> None:
        """Write what has changed since the last time; an outage of the store loses nothing."""
        told = asdict(self._seen)
        if told == self._noted:
            return
        until = instant(self._clock.now() + KEPT)
        with contextlib.suppress(JournivError):
            await self._store.write(SYSTEM, lambda tx: tx.kv.put(DOCTOR, SEEN, told, until))
            self._noted = told

    async def _note_key(self, name: str) -> None:
        now = instant(self._clock.now())

        def work(tx: Transaction) -> None:
            if tx.kv.get(DOCTOR, name, now) is None:
                tx.kv.put(DOCTOR, name, now)

        await self._store.write(SYSTEM, work)

    async def _repeat(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            await self.note()
