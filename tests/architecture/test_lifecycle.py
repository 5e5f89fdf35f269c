"""What is open when, seen by a plugin that writes it down."""

from __future__ import annotations

import asyncio
import sys
import types
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.listeners import Listener
from journiv.domain.events import EntryCreated
from journiv.domain.scope import SYSTEM
from journiv.loader.discovery import Candidate
from tests.architecture.server import load, served, sign_in, write_entry


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the plugin `fake_witness` saw; it has a lifespan and a listener."""
    seen: list[str] = []

    async def accounts(ctx: PluginContext) -> int:
        return await ctx.store.read(SYSTEM, lambda tx: tx.users.count())

    def journiv_register_lifespans(ctx: PluginContext):
        @asynccontextmanager
        async def lifespan():
            seen.append(f"open, {await accounts(ctx)} accounts")
            yield
            seen.append(f"closed, {await accounts(ctx)} accounts")

        return [lifespan]

    def journiv_register_listeners():
        async def hear(event: object) -> None:
            await asyncio.sleep(0.2)  # so that the server is told to stop meanwhile
            seen.append(f"heard {type(event).__name__}")

        return [Listener(events=(EntryCreated,), handle=hear)]

    module = types.ModuleType("fake_witness")
    module.JOURNIV_API = "0.1"
    module.journiv_register_lifespans = hookimpl(journiv_register_lifespans)
    module.journiv_register_listeners = hookimpl(journiv_register_listeners)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return seen


async def test_a_lifespan_has_the_store_and_outlives_every_event(tmp_path, seen):
    candidate = Candidate(name="witness", module="fake_witness", dist="x", version="1")
    async with served(load(tmp_path, [candidate])) as url, ClientSession() as client:
        await write_entry(client, url, await sign_in(client, url))
    assert seen == ["open, 0 accounts", "heard EntryCreated", "closed, 1 accounts"]
