"""Reading an entry and writing in it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")

TEXT = "The *heron* is back.\n\n- same post\n- same shoulders\n\n`code` and <b>no html</b>"


async def open_entry(app: App, text: str) -> None:
    await app.box.fill(text)
    await app.page.get_by_role("button", name="Done").click()
    await app.page.get_by_role("link", name=text[:8].replace("*", "")).first.click()
    await expect(app.page.get_by_role("button", name="Edit")).to_be_visible()


async def test_markdown_is_shown_as_it_is_meant(app: App) -> None:
    await open_entry(app, TEXT)
    await expect(app.page.locator("em")).to_have_text("heron")
    await expect(app.page.get_by_role("listitem").filter(has_text="same post")).to_be_visible()
    await expect(app.page.get_by_text("<b>no html</b>")).to_be_visible()


async def test_an_entry_is_edited_in_place_and_kept_byte_for_byte(app: App) -> None:
    await open_entry(app, TEXT)
    await app.page.keyboard.press("e")
    editor = app.page.get_by_role("textbox", name="Text")
    await expect(editor).to_be_focused()
    await editor.press("Control+End")
    await app.page.keyboard.type(" **More.**  ")
    await app.page.keyboard.press("Control+Enter")
    await expect(app.page.locator("strong")).to_have_text("More.")
    (entry,) = await app.entries()
    assert entry["content"].rstrip() == f"{TEXT} **More.**"


async def test_the_editor_hides_marks_where_the_cursor_is_not(app: App) -> None:
    await open_entry(app, "Plain first line.\n\nA **bold** word.")
    await app.page.get_by_role("button", name="Edit").click()
    editor = app.page.get_by_role("textbox", name="Text")
    await expect(editor).to_contain_text("A bold word.")
    await editor.press("Control+End")
    for _ in range(7):
        await app.page.keyboard.press("ArrowLeft")
    await expect(editor).to_contain_text("A **bold** word.")
    weight = await app.page.evaluate(
        "getComputedStyle([...document.querySelectorAll('.cm-line span')]"
        ".find((one) => one.textContent === 'bold')).fontWeight"
    )
    assert weight == "700"


async def test_keys_format_what_is_selected(app: App) -> None:
    await open_entry(app, "walking")
    await app.page.keyboard.press("e")
    await app.page.get_by_role("textbox", name="Text").press("Control+a")
    await app.page.keyboard.press("Control+b")
    await app.page.keyboard.press("Control+Enter")
    await expect(app.page.get_by_role("button", name="Edit")).to_be_visible()
    assert [entry["content"] for entry in await app.entries()] == ["**walking**"]


async def test_an_entry_that_is_not_there_is_told(app: App) -> None:
    await app.page.goto(f"{app.server.url}/entry/00000000-0000-4000-8000-000000000000")
    await expect(app.page.get_by_role("heading", name="not there")).to_be_visible()


async def test_lists_show_no_marks_and_no_sentence_twice(app: App) -> None:
    await app.box.fill("The *heron* is back.\n\n- same **post**")
    await app.page.get_by_role("button", name="Done").click()
    article = app.page.get_by_role("article")
    await expect(article.get_by_role("heading")).to_have_text("The heron is back.")
    await expect(article.get_by_role("paragraph")).to_have_text("same post")
