"""Finding what was written: by words, by date, by keys."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def keep(app: App, text: str) -> None:
    await app.box.fill(text)
    await app.page.get_by_role("button", name="Done").click()
    await expect(app.box).to_have_value("")


async def test_words_are_found_marked_and_kept_in_the_address(app: App) -> None:
    await keep(app, "The heron is back on the weir.")
    await keep(app, "Nothing but rain.")
    await app.page.get_by_role("heading", level=1).click()
    await app.page.keyboard.press("/")
    await app.page.get_by_role("searchbox").fill("heron")
    await expect(app.page.get_by_role("link", name="The heron is back")).to_be_visible()
    await expect(app.page.locator("mark")).to_have_text("heron")
    await expect(app.page.get_by_role("link", name="Nothing but rain")).to_have_count(0)
    await app.page.reload()
    await expect(app.page.get_by_role("searchbox")).to_have_value("heron")
    await expect(app.page.locator("mark")).to_have_text("heron")


async def test_the_palette_leads_to_screens_days_journals_and_entries(app: App) -> None:
    page = app.page
    await keep(app, "The heron is back on the weir.")
    await app.box.press("Control+k")
    box = page.get_by_role("combobox", name="Find or go to")
    await box.fill("time")
    await expect(page.get_by_role("option", name="Timeline")).to_have_attribute(
        "aria-selected", "true"
    )
    await box.press("Enter")
    await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    await page.keyboard.press("Control+k")
    await box.fill("12.6.1665")
    await box.press("Enter")
    await expect(page.get_by_role("heading", name="12 June 1665")).to_be_visible()
    await page.keyboard.press("Control+k")
    await box.fill("heron")
    await expect(page.get_by_role("option", name="The heron is back")).to_be_visible()
    await box.press("Enter")
    await expect(page.get_by_role("button", name="Edit")).to_be_visible()
    await page.keyboard.press("Control+k")
    await box.fill("journal")
    await box.press("Escape")
    await expect(box).to_be_hidden()


async def test_a_question_mark_lists_the_keys(app: App) -> None:
    await app.page.get_by_role("heading", level=1).click()
    await app.page.keyboard.press("?")
    await expect(app.page.get_by_role("dialog", name="Keys")).to_contain_text("New entry")
    await app.page.keyboard.press("Escape")
    await expect(app.page.get_by_role("dialog")).to_have_count(0)


async def test_no_hit_is_told_in_words(app: App) -> None:
    await app.page.goto(f"{app.server.url}/search?q=albatross")
    await expect(app.page.get_by_role("status")).to_contain_text("No entry has “albatross”")


async def test_a_year_leads_to_its_days(app: App) -> None:
    await keep(app, "Written today.")
    await app.page.keyboard.press("Escape")
    await app.page.get_by_role("heading", level=1).click()
    await app.page.keyboard.press("g")
    await app.page.keyboard.press("c")
    await expect(app.page.get_by_text("1 day with a word in it.")).to_be_visible()
    await app.page.get_by_role("link", name="1 entry").click()
    await expect(app.page.get_by_role("link", name="Written today.")).to_be_visible()


async def test_a_typed_date_is_gone_to_and_a_wrong_one_told(app: App) -> None:
    await app.page.goto(f"{app.server.url}/calendar")
    box = app.page.get_by_role("textbox", name="Go to a year or a day")
    await box.fill("the other day")
    await box.press("Enter")
    await expect(app.page.get_by_role("alert").filter(has_text="Write a year")).to_be_visible()
    await box.fill("1665-06-12")
    await box.press("Enter")
    await expect(app.page.get_by_role("heading", name="12 June 1665")).to_be_visible()
    await app.page.keyboard.press("]")
    await expect(app.page.get_by_role("heading", name="13 June 1665")).to_be_visible()


async def test_a_month_is_walked_through_by_keys(app: App) -> None:
    journal = (await app.asked("POST", "/journals/", {"title": "Diary"}))["id"]
    entry = {"title": "Found", "content": "By keys.", "journal_id": journal}
    await app.asked("POST", "/entries/", entry | {"entry_date": "2019-03-16"})
    await app.page.goto(f"{app.server.url}/calendar/2019")
    await app.page.get_by_label("Go to a year or a day").fill("march 2019")
    await app.page.keyboard.press("Enter")
    await expect(app.page.get_by_role("heading", name="March 2019")).to_be_visible()
    await app.page.get_by_role("link", name="1 March", exact=True).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        await app.page.keyboard.press(key)
    await expect(app.page.get_by_role("link", name="16 March, 1 entry")).to_be_focused()
    await app.page.keyboard.press("PageDown")
    await expect(app.page.get_by_role("heading", name="April 2019")).to_be_visible()
    await app.page.go_back()
    await app.page.get_by_role("link", name="16 March, 1 entry").press("Enter")
    await expect(app.page.get_by_role("link", name="Found")).to_be_visible()
