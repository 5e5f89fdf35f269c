"""How much a first view loads, measured in the built files as they are sent."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from journiv.config.derived import BUNDLED
from tests.e2e.conftest import OpenApp

pytestmark = pytest.mark.asyncio(loop_scope="session")

KIB = 1024
# What a page has loaded, and whether that was before the app marked its first view as complete.
LOADED = """() => {
  const [{ startTime: end }] = performance.getEntriesByName("first-view");
  const loaded = performance.getEntriesByType("resource");
  return loaded.map(({ name, startTime }) => ({ name, first: startTime < end }));
}"""
JAVASCRIPT, STYLES, FONTS = 45 * KIB, 14 * KIB, 80 * KIB


async def test_the_first_view_keeps_its_budget_and_asks_nobody_else(open_app: OpenApp) -> None:
    app = await open_app()
    await app.register()
    await app.page.goto(app.server.url)
    await expect(app.box).to_be_visible()
    await app.page.wait_for_load_state("networkidle")
    loaded = await app.page.evaluate(LOADED)
    assert all(one["name"].startswith(app.server.url + "/") for one in loaded), loaded
    paths = [one["name"].removeprefix(app.server.url) for one in loaded if one["first"]]
    files = [path for path in paths if path.startswith("/assets/")]
    assert packed(files, ".js") <= JAVASCRIPT
    assert packed(files, ".css") <= STYLES
    fonts = sum((BUNDLED / path[1:]).stat().st_size for path in files if path.endswith(".woff2"))
    assert 0 < fonts <= FONTS


def packed(files: list[str], ending: str) -> int:
    """Return the size of files as gzip makes them; small ones are sent as they are."""
    sizes = []
    for path in files:
        if path.endswith(ending):
            plain = BUNDLED / path[1:]
            gzipped = plain.with_name(plain.name + ".gz")
            sizes.append((gzipped if gzipped.exists() else plain).stat().st_size)
    assert sizes
    return sum(sizes)
