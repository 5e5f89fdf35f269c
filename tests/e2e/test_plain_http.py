"""The app from another machine without https, where browsers withhold much: no word is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from devtools import programs
from tests.api.server import ServerProcess
from tests.e2e.app import App

# What Chromium remarks about headers that mean something over https only.
REMARKS = (
    "The Cross-Origin-Opener-Policy header has been ignored",
    "The page requested an origin-keyed agent cluster",
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def distant() -> AsyncIterator[Browser]:
    """A browser that knows the server by a name, which is no secure context."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=programs.locate(programs.CHROMIUM),
            chromium_sandbox=False,
            args=["--host-resolver-rules=MAP journal 127.0.0.1"],
        )
        yield browser
        await browser.close()


async def test_one_writes_and_stays_signed_in_without_https(
    server: ServerProcess, distant: Browser
) -> None:
    server.url = f"http://journal:{urlsplit(server.url).port}"
    context = await distant.new_context(locale="en-GB")
    app = App(server, context, await context.new_page())
    app.listen()
    await app.register()
    assert not await app.page.evaluate("window.isSecureContext")
    await expect(app.page.get_by_text("without encryption")).to_be_visible()
    await app.box.fill("Typed in the kitchen.")
    await expect(app.status).to_contain_text("Saved")
    await app.page.reload()
    await expect(app.box).to_have_value("Typed in the kitchen.")
    await app.page.goto(f"{server.url}/settings/tokens")
    await app.page.get_by_label("What it is for").fill("Script")
    await app.page.get_by_role("button", name="Make a token").click()
    await app.page.get_by_role("button", name="Copy text").click()
    await expect(app.page.get_by_role("button", name="Copied")).to_be_visible()
    assert [one for one in app.complaints if not one.startswith(REMARKS)] == []
    await context.close()
