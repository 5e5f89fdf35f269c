"""axe finds nothing on any screen: on a phone in light and on a desktop in dark here, and in
`./dev soak` in every look, forced colours and four times as large too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest
from playwright.async_api import Page, expect

from devtools.web import SOURCES
from tests.e2e import conftest
from tests.e2e.conftest import DESKTOP, PHONE, OpenApp, is_soak

pytestmark = pytest.mark.asyncio(loop_scope="session")

AXE = SOURCES / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    *(
        "/timeline",
        "/calendar",
        "/calendar/2026/01",
        "/calendar/2026/01/01",
        "/search?q=text",
        "/nowhere",
    ),
    *("/journals", "/trash", "/drafts", "/tags", "/tag/none", "/settings"),
    *("/settings/profile", "/settings/appearance", "/settings/writing"),
    *("/settings/security", "/settings/sessions", "/settings/tokens", "/settings/data"),
    "/welcome",
    "/photos",
    "/share",
    *("/admin/overview", "/admin/users", "/admin/invites"),
    *("/patterns", "/places"),
)
LOOKS: dict[str, dict[str, Any]] = {
    "phone-light": {"viewport": PHONE, "color_scheme": "light"},
    "desktop-dark": {"viewport": DESKTOP, "color_scheme": "dark"},
}
FURTHER: dict[str, dict[str, Any]] = {
    "phone-dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desktop-light": {"viewport": DESKTOP, "color_scheme": "light"},
    "tablet-light": {"viewport": {"width": 820, "height": 1180}, "color_scheme": "light"},
    "zoomed-400": {"viewport": {"width": 320, "height": 256}, "color_scheme": "light"},
    "forced-colours": {"viewport": DESKTOP, "forced_colors": "active"},
}


@pytest.mark.parametrize("look", LOOKS | FURTHER if is_soak() else LOOKS)
async def test_axe_finds_nothing(
    open_app: OpenApp, look: str, record_property: Callable[[str, object], None]
) -> None:
    app = await open_app(**(LOOKS | FURTHER)[look])
    found: dict[str, list[Any]] = {}
    await app.page.goto(f"{app.server.url}/register")
    await expect(app.page.get_by_role("heading", level=1)).to_be_visible()
    found["register"] = await violations(app.page)
    await app.page.goto(app.server.url)
    await expect(app.page.get_by_role("heading", level=1)).to_be_visible()
    found["sign in"] = await violations(app.page)
    await app.register()
    await app.box.fill("A text to look at.")
    await app.page.get_by_role("button", name="Done").click()
    await expect(app.page.get_by_role("link", name="A text to look at.")).to_be_visible()
    found["today"] = await violations(app.page)
    await app.page.get_by_role("link", name="A text to look at.").click()
    await app.page.get_by_role("button", name="Details").click()
    await expect(app.page.get_by_role("combobox", name="Journal")).to_be_visible()
    found["details"] = await violations(app.page)
    await app.page.get_by_role("button", name="Close").click()
    await app.page.get_by_role("button", name="Edit").click()
    await expect(app.page.get_by_role("textbox", name="Text")).to_be_focused()
    found["entry"] = await violations(app.page)
    await app.page.keyboard.press("Control+k")
    await expect(app.page.get_by_role("option").first).to_be_visible()
    found["palette"] = await violations(app.page)
    for path in PAGES:
        await app.page.goto(app.server.url + path)
        await expect(app.page.get_by_role("heading", level=1)).to_be_visible()
        await app.page.wait_for_load_state("networkidle")
        found[path] = await violations(app.page)
    record_property(conftest.PAGES, len(found))
    assert found == {name: [] for name in found}


async def violations(page: Page) -> list[Any]:
    """Run axe in the page; by the debugger, since the page's own policy lets no script in."""
    debugger = await page.context.new_cdp_session(page)
    await debugger.send("Runtime.evaluate", {"expression": AXE.read_text()})
    run = f"axe.run({{runOnly: {RULES}}}).then((found) => JSON.stringify(found.violations))"
    answer = await debugger.send(
        "Runtime.evaluate", {"expression": run, "awaitPromise": True, "returnByValue": True}
    )
    found = orjson.loads(answer["result"]["value"])
    return [
        (one["id"], [(node["html"][:200], node["failureSummary"]) for node in one["nodes"]])
        for one in found
    ]
