"""What is typed arrives, once, whatever happens on the way."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_what_is_typed_is_saved_without_being_asked(app: App) -> None:
    await app.box.fill("The heron is back on the weir.\n\nSame post as last winter.")
    await expect(app.status).to_contain_text("Saved")
    (entry,) = await app.entries()
    assert entry["content"] == "The heron is back on the weir.\n\nSame post as last winter."
    assert entry["title"] == "The heron is back on the weir."


async def test_done_clears_the_box_and_shows_the_entry(app: App) -> None:
    await app.box.fill("Scraped the car with a library card.")
    await app.page.get_by_role("button", name="Done").click()
    await expect(app.box).to_have_value("")
    await expect(app.page.get_by_role("link", name="Scraped the car")).to_be_visible()
    await expect(app.page.get_by_text("You wrote on 1 of")).to_be_visible()
    await app.page.get_by_text("Bright", exact=True).click()
    await expect(app.page.get_by_text("Bright, 1 entry")).to_be_attached()


async def test_more_text_changes_the_one_entry(app: App) -> None:
    await app.box.fill("One.")
    await expect(app.status).to_contain_text("Saved")
    await app.box.press("End")
    await app.box.press_sequentially(" Two.")
    await expect(app.status).not_to_contain_text("Saved")
    await expect(app.status).to_contain_text("Saved")
    assert [entry["content"] for entry in await app.entries()] == ["One. Two."]


async def test_a_text_survives_a_reload_while_the_server_is_gone(app: App) -> None:
    await app.box.fill("Before. ")
    await expect(app.status).to_contain_text("Saved")
    app.server.kill()
    await app.box.press("End")
    await app.box.press_sequentially("Typed while nobody answered.")
    await expect(app.status).to_contain_text("Kept on this device. Sends when online.")
    app.server.start()
    await app.page.reload()
    await _until(app, ["Before. Typed while nobody answered."])


async def test_a_new_text_typed_without_a_server_is_sent_once_it_is_back(app: App) -> None:
    app.server.kill()
    await app.box.fill("Typed in the cellar.")
    await expect(app.status).to_contain_text("Kept on this device")
    app.server.start()
    await expect(app.status).to_contain_text("Saved", timeout=15_000)
    assert [entry["content"] for entry in await app.entries()] == ["Typed in the cellar."]


async def test_a_change_elsewhere_is_shown_beside_and_mine_can_be_kept(app: App) -> None:
    await _meet_a_change(app)
    await app.page.get_by_role("button", name="Keep mine").click()
    await expect(app.status).to_contain_text("Saved")
    assert [one["content"] for one in await app.entries()] == ["Mine. And more of mine."]


async def test_of_two_texts_theirs_can_be_kept(app: App) -> None:
    await _meet_a_change(app)
    await app.page.get_by_role("button", name="Keep theirs").click()
    await expect(app.box).to_have_value("Theirs.")
    assert [one["content"] for one in await app.entries()] == ["Theirs."]


async def test_of_two_texts_both_can_be_kept(app: App) -> None:
    await _meet_a_change(app)
    await app.page.get_by_role("button", name="Keep both").click()
    await _until(app, ["Mine. And more of mine.", "Theirs."], ordered=False)


async def _meet_a_change(app: App) -> None:
    """Write, let somebody else change it, and write on: nothing is overwritten."""
    await app.box.fill("Mine.")
    await expect(app.status).to_contain_text("Saved")
    (entry,) = await app.entries()
    await app.change_elsewhere(entry["id"], "Theirs.")
    await app.box.press("End")
    await app.box.press_sequentially(" And more of mine.")
    await expect(app.page.get_by_role("heading", name="changed elsewhere")).to_be_visible()
    assert [one["content"] for one in await app.entries()] == ["Theirs."]
    await expect(app.box).to_have_value("Mine. And more of mine.")


async def _until(app: App, contents: list[str], *, ordered: bool = True) -> None:
    """Wait until the server holds just these texts."""
    found: list[str] = []
    for _ in range(50):
        found = [entry["content"] for entry in await app.entries()]
        if found == contents or (not ordered and sorted(found) == sorted(contents)):
            return
        await asyncio.sleep(0.1)
    assert found == contents
