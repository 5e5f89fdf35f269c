"""The plug of the server is pulled at any moment while somebody writes."""

from __future__ import annotations

import random

import pytest
from playwright.async_api import expect

from tests.e2e.app import App
from tests.e2e.test_offline import ready

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_every_word_arrives_once_whenever_the_plug_is_pulled(app: App, rounds: int) -> None:
    await ready(app)
    chance = random.Random(1665)
    written = []
    for number in range(rounds):
        words = [
            f"Round {number}:",
            "typed before,",
            "typed while it was dark,",
            "and after a reload.",
        ]
        await app.box.press_sequentially(f"{words[0]} {words[1]}")
        await app.page.wait_for_timeout(chance.uniform(0, 1600))
        app.server.kill()
        await app.box.press_sequentially(f" {words[2]}")
        await expect(app.status).to_contain_text("Kept on this device")
        await app.page.reload()
        await expect(app.box).to_have_value(" ".join(words[:3]))
        await app.box.press("Control+End")
        await app.box.press_sequentially(f" {words[3]}")
        await app.page.wait_for_timeout(chance.uniform(0, 400))
        app.server.start()
        await expect(app.status).to_contain_text("Saved", timeout=20_000)
        await app.page.get_by_role("button", name="Done").click()
        await expect(app.box).to_have_value("")
        written.append(" ".join(words))
        found = [entry["content"] for entry in await app.asked("GET", "/entries/?limit=100")]
        assert sorted(found) == sorted(written)
