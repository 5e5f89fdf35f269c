"""An exported page in a browser, from the disk and without a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.transfer.hostile_markup import MARKUP
from tests.transfer.test_exported_page import entry, exported, hostile, medium

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_it_opens_from_the_disk_shows_pictures_and_runs_and_asks_for_nothing(
    browser: Browser, tmp_path: Path
) -> None:
    page_path = exported(tmp_path, *hostile(), entry("So to bed.", media=(medium(),)))
    context = await browser.new_context()
    page = await context.new_page()
    asked: list[str] = []
    hits: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: hits.append(dialog.message))
    page.on("console", lambda message: hits.append(message.text))
    await page.expose_function("hit", lambda: hits.append("hit"))
    await page.goto(page_path.as_uri())
    for link in await page.query_selector_all("article a"):
        address = await link.get_attribute("href") or ""
        assert address.startswith(("http://", "https://", "mailto:"))
        await link.dispatch_event("mouseover")
    pictures = await page.evaluate(
        "Promise.all([...document.images].map(async one => {"
        " one.loading = 'eager'; await one.decode(); return one.naturalWidth }))"
    )
    assert pictures == [8] * (len(MARKUP) + 1)
    folder = page_path.parent.as_uri()
    assert {url.removeprefix(folder) for url in asked} == {"/index.html", "/media/aa.png"}
    assert hits == []
    paper = await page.pdf()
    assert paper.startswith(b"%PDF-")
    await context.close()
