"""Journals, what is told about an entry, its history, and the trash."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def write(app: App, text: str) -> None:
    """Write an entry on Today and open it."""
    await app.box.fill(text)
    await app.page.get_by_role("button", name="Done").click()
    await app.page.get_by_role("link", name=text).first.click()
    await expect(app.page.get_by_role("button", name="Edit")).to_be_visible()


async def test_a_journal_is_made_renamed_archived_and_deleted(app: App) -> None:
    page = app.page
    await page.goto(f"{app.server.url}/journals")
    await page.get_by_role("button", name="New journal").click()
    await page.get_by_label("Name").fill("Walks")
    await page.get_by_label("Colour 3").press(" ")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("main").get_by_role("link", name="Walks")).to_be_visible()
    await page.get_by_role("button", name="Change").click()
    await page.get_by_label("Name").fill("Long walks")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("archived")).to_be_visible()
    await page.get_by_role("button", name="Take from the archive").click()
    await page.get_by_role("link", name="Long walks").first.click()
    await expect(page.get_by_text("Nothing is written in this journal yet.")).to_be_visible()
    await page.get_by_role("link", name="All journals").click()
    await page.get_by_role("button", name="Delete").click()
    sure = page.get_by_role("button", name="Delete for ever")
    await page.get_by_label("Write the name").fill("Walks")
    await expect(sure).to_be_disabled()
    await page.get_by_label("Write the name").fill("Long walks")
    await sure.click()
    await expect(page.get_by_text("Your first journal comes")).to_be_visible()


async def test_a_text_goes_into_the_journal_chosen_for_it_and_so_does_the_next(app: App) -> None:
    page = app.page
    await write(app, "Into the first.")
    await page.goto(f"{app.server.url}/journals")
    await page.get_by_role("button", name="New journal").click()
    await page.get_by_label("Name").fill("Walks")
    await page.get_by_role("button", name="Save").click()
    await page.get_by_role("link", name="Today").click()
    await app.box.fill("Along the weir.")
    await expect(app.status).to_contain_text("Saved")
    await page.get_by_role("combobox", name="Journal").select_option("Walks")
    await app.box.press("End")
    await app.box.press_sequentially(" And back.")
    await page.get_by_role("button", name="Done").click()
    await expect(app.box).to_have_value("")
    await write(app, "Into Walks, too.")
    entries = {one["content"]: one["journal_id"] for one in await app.entries()}
    walks = entries["Along the weir. And back."]
    assert entries["Into Walks, too."] == walks != entries["Into the first."]


async def test_details_of_an_entry_are_changed_and_its_tags_lead_to_it(app: App) -> None:
    page = app.page
    await write(app, "The heron is back.")
    await page.get_by_role("button", name="Details").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Add a tag").fill("heron")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("link", name="heron")).to_be_visible()
    await dialog.get_by_text("Bright").click()
    await expect(dialog.get_by_label("Bright")).to_be_checked()
    await dialog.get_by_role("button", name="Pin", exact=True).click()
    await expect(dialog.get_by_role("button", name="Unpin")).to_be_visible()
    await dialog.get_by_label("Day and time").fill("2019-03-04T05:06")
    await dialog.get_by_label("Day and time").blur()
    await expect(page.get_by_text("4 March 2019")).to_be_visible()
    (entry,) = await app.entries()
    assert entry["entry_datetime_utc"].startswith("2019-03-04T05:06")
    assert entry["is_pinned"]
    await dialog.get_by_role("link", name="heron").click()
    await expect(page.get_by_role("heading", name="heron", level=1)).to_be_visible()
    await expect(page.get_by_role("link", name="The heron is back.")).to_be_visible()


async def test_an_earlier_version_comes_back(app: App) -> None:
    page = app.page
    await write(app, "The first version.")
    (entry,) = await app.entries()
    await app.change_elsewhere(entry["id"], "The second version.")
    await page.goto(f"{app.server.url}/entry/{entry['id']}/history")
    now = page.get_by_role("region", name="As it is now")
    await expect(now).to_contain_text("The second version.")
    await expect(page.get_by_role("region", name="then")).to_contain_text("The first version.")
    await page.get_by_role("button", name="Bring this version back").click()
    await expect(page.get_by_role("button", name="Edit")).to_be_visible()
    assert [one["content"] for one in await app.entries()] == ["The first version."]


async def test_the_trash_gives_back_and_forgets(app: App) -> None:
    page = app.page
    await write(app, "Not for long.")
    await page.get_by_role("button", name="Details").click()
    await page.get_by_role("button", name="Move to trash").click()
    await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    assert await app.entries() == []
    await page.goto(f"{app.server.url}/trash")
    await page.get_by_role("button", name="Restore").click()
    await expect(page.get_by_text("The trash is empty.")).to_be_visible()
    (entry,) = await app.entries()
    await page.goto(f"{app.server.url}/entry/{entry['id']}")
    await page.get_by_role("button", name="Details").click()
    await page.get_by_role("button", name="Move to trash").click()
    await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    await page.goto(f"{app.server.url}/trash")
    await page.get_by_role("button", name="Delete for ever").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete for ever").click()
    await expect(page.get_by_text("The trash is empty.")).to_be_visible()
