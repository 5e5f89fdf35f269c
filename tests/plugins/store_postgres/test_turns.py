from __future__ import annotations

import asyncio

import pytest

from journiv.domain.errors import Unavailable
from journiv_store_postgres.turns import Turns


async def test_who_comes_while_a_turn_is_handed_over_does_not_wait_for_ever() -> None:
    turns = Turns(0.05)
    first = turns.take(1)
    await first.__aenter__()

    async def hold() -> None:
        async with turns.take(1):
            await asyncio.sleep(0.5)

    second = asyncio.create_task(hold())
    await asyncio.sleep(0)
    await first.__aexit__(None, None, None)
    with pytest.raises(Unavailable):
        async with turns.take(1):
            pass
    assert not second.done()
    await second
