"""What a year shows when one looks back on it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def swim(app: App, journal: str, day: int, mood: str, *, swum: bool) -> None:
    date = f"2025-05-{day:02}"
    entry = {"title": "A day", "content": "Ten words are enough.", "journal_id": journal}
    kept = await app.asked("POST", "/entries/", entry | {"entry_date": date})
    logged = {"mood_id": mood, "entry_id": kept["id"], "logged_date": date}
    await app.asked("POST", "/moods/log", logged)
    if swum:
        await app.asked("POST", f"/entries/{kept['id']}/tags/bulk", ["swimming"])


async def test_a_year_says_what_went_with_what_and_gives_its_tables_away(app: App) -> None:
    moods = {one["name"]: one["id"] for one in await app.asked("GET", "/moods/")}
    journal = (await app.asked("POST", "/journals/", {"title": "Diary"}))["id"]
    for day in range(1, 17):
        good = day <= 8
        await swim(app, journal, day, moods["Happy" if good else "Sad"], swum=good)
    await app.page.goto(f"{app.server.url}/patterns?year=2025")
    await expect(
        app.page.get_by_text("Days with swimming felt better than others.")
    ).to_be_visible()
    words = (
        app.page.get_by_role("region")
        .or_(app.page.locator("section"))
        .filter(has=app.page.get_by_role("heading", name="Words a month"))
    )
    await words.get_by_text("As a table").click()
    await expect(words.get_by_role("row", name="May 64")).to_be_visible()
    async with app.page.expect_download() as waited:
        await words.get_by_role("button", name="Save as a file").click()
    download = await waited.value
    assert download.suggested_filename == "words-2025.csv"
    assert "May,64\r\n" in (await download.path()).read_bytes().decode()
    await app.page.get_by_role("link", name="The year before").click()
    await expect(app.page.get_by_text("Nothing is written in this year.")).to_be_visible()
