"""Where one wrote."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_entries_are_found_by_where_they_were_written(app: App) -> None:
    journal = (await app.asked("POST", "/journals/", {"title": "Diary"}))["id"]
    weir = {"location": "The weir", "latitude": 51.47, "longitude": -0.3}
    for title, place in (("Heron", weir), ("First swim", weir), ("Nowhere", {})):
        entry = {"title": title, "content": "Words.", "journal_id": journal}
        await app.asked("POST", "/entries/", entry | place)
    await app.page.goto(f"{app.server.url}/places")
    await expect(app.page.get_by_role("img", name="Where you wrote")).to_be_visible()
    place = app.page.locator("details").filter(has_text="The weir")
    await expect(place).to_contain_text("2 entries")
    await place.locator("summary").click()
    await expect(app.page.get_by_role("link", name="Nowhere")).to_have_count(0)
    await place.get_by_role("link", name="First swim").click()
    await expect(app.page.get_by_role("heading", name="First swim")).to_be_visible()
