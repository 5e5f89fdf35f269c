from __future__ import annotations

import asyncio
import logging

import pytest
from aiohttp import ClientSession, web

from journiv.api.health import Health
from journiv.api.serving import RawBytesFilter
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.domain.errors import Unavailable
from tests.unit.api.conftest import Serve


async def test_what_is_in_progress_is_answered_when_the_server_stops(
    serve: Serve, http: ClientSession, running: list[web.AppRunner]
) -> None:
    gate, arrived = asyncio.Event(), asyncio.Event()

    async def wait(call: Call) -> object:
        arrived.set()
        await gate.wait()
        return {"done": True}

    route = RouteDef(
        method="GET", path="/slow", handler=wait, access=Access.PUBLIC, summary="",
        answers={200: {"type": "dict"}},
    )  # fmt: skip
    url = await serve([route])

    async def ask() -> object:
        async with http.get(f"{url}/api/v1/slow") as answer:
            return await answer.json()

    asking = asyncio.create_task(ask())
    await arrived.wait()
    stopping = asyncio.create_task(running[0].cleanup())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    gate.set()
    assert await asking == {"done": True}
    await stopping


def test_raw_bytes_of_a_broken_request_stay_out_of_the_log() -> None:
    try:
        raise ValueError(b"Cookie: hidden")
    except ValueError as error:
        record = logging.LogRecord(
            "aiohttp.server", logging.ERROR, __file__, 1, "Error handling request from %s",
            ("127.0.0.1",), (type(error), error, error.__traceback__),
        )  # fmt: skip
    assert RawBytesFilter().filter(record)
    assert "hidden" not in logging.Formatter().format(record)


class Database:
    """Answers or not, as it is told."""

    def __init__(self) -> None:
        self.up = True

    async def ping(self) -> None:
        if not self.up:
            raise Unavailable("gone")


@pytest.fixture
def database_state() -> Database:
    return Database()


async def test_health_follows_the_database(database_state: Database) -> None:
    health = Health({"database": database_state.ping})
    assert not health.ready
    await health.refresh()
    assert health.ready
    assert health.healthy
    database_state.up = False
    await health.refresh()
    assert not health.ready
    assert not health.database


async def test_another_part_out_of_order_is_no_reason_to_be_unready(
    database_state: Database,
) -> None:
    other = Database()
    other.up = False
    health = Health({"database": database_state.ping, "limiter": other.ping})
    await health.refresh()
    assert health.ready
    assert not health.healthy


async def test_a_check_that_hangs_counts_as_failed() -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    health = Health({"database": hang}, patience=0.01)
    await health.refresh()
    assert not health.ready


async def test_a_stopping_server_is_not_ready(database_state: Database) -> None:
    health = Health({"database": database_state.ping})
    await health.refresh()
    await health.stop(web.Application())
    assert not health.ready
