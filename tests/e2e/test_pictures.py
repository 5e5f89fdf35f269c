"""Pictures in entries: taken in while one writes, sent once, shown, described, taken away."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.api.pictures import png
from tests.e2e.app import App
from tests.e2e.conftest import PHONE, OpenApp
from tests.e2e.test_access import violations
from tests.e2e.test_offline import ready

pytestmark = pytest.mark.asyncio(loop_scope="session")

GIVE = """([selector, kind, files]) => {
  const transfer = new DataTransfer();
  for (const { name, type, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    transfer.items.add(new File([bytes], name, { type }));
  }
  const given = { bubbles: true, cancelable: true };
  document.querySelector(selector).dispatchEvent(
    kind === "paste"
      ? new ClipboardEvent("paste", { ...given, clipboardData: transfer })
      : new DragEvent("drop", { ...given, dataTransfer: transfer }),
  );
}"""

SHARE = """(base64) => {
  const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  const form = new FormData();
  form.set("title", "A heron");
  form.set("url", "https://example.org/heron");
  form.append("files", new File([bytes], "shared.png", { type: "image/png" }));
  return fetch("/share", { method: "POST", body: form }).then(({ ok }) => ok);
}"""


async def give(page: Page, kind: str, *files: tuple[str, str, bytes]) -> None:
    """Paste or drop files where one writes."""
    packed = [
        {"name": name, "type": mime, "base64": base64.b64encode(data).decode()}
        for name, mime, data in files
    ]
    await expect(page.get_by_label("Add pictures or sounds")).to_be_attached()
    await page.evaluate(GIVE, ["textarea, .cm-content", kind, packed])


async def test_a_picture_pasted_while_typing_is_sent_described_and_shown(app: App) -> None:
    page = app.page
    await app.box.fill("The heron")
    await give(page, "paste", ("heron.png", "image/png", png(640, 480)))
    await app.box.press("End")
    await app.box.press_sequentially(" is back.")
    strip = page.get_by_role("list", name="Pictures and sounds")
    await expect(strip.get_by_role("button", name="Remove heron.png")).to_be_visible()
    await expect(app.status).to_contain_text("Saved")
    await strip.get_by_label("What is to be seen?").fill("A heron on a post")
    await page.get_by_role("button", name="Done").click()
    await page.get_by_role("link", name="The heron is back.").click()
    picture = page.get_by_role("button", name="Show A heron on a post large")
    await expect(picture.get_by_role("img", name="A heron on a post")).to_be_visible()
    (medium,) = await media(app)
    assert medium["alt_text"] == "A heron on a post"
    assert (medium["width"], medium["height"]) == (640, 480)


async def test_of_two_that_are_dropped_a_broken_one_is_refused_in_words(app: App) -> None:
    page = app.page
    await app.box.fill("Two of them.")
    broken = ("broken.png", "image/png", png(40, 30)[:600])
    await give(page, "drop", broken, ("whole.png", "image/png", png(400, 300)))
    strip = page.get_by_role("list", name="Pictures and sounds")
    await expect(strip.get_by_role("button", name="Remove whole.png")).to_be_visible()
    await expect(strip.get_by_role("alert")).to_contain_text("cannot be read")
    await page.reload()
    await expect(strip.get_by_role("alert")).to_contain_text("cannot be read")
    await strip.get_by_role("button", name="Dismiss: broken.png").click()
    await expect(strip.get_by_role("alert")).to_have_count(0)
    assert [one["original_filename"] for one in await media(app)] == ["whole.png"]


async def test_an_upload_goes_on_where_it_was_when_the_server_went(app: App) -> None:
    page = app.page
    await app.box.fill("A large one.")
    await expect(app.status).to_contain_text("Saved")
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "PUT" else None)

    async def lose(route: Any) -> None:
        app.server.kill()
        await route.abort()

    await page.route("**/media/uploads/*offset=524288", lose, times=1)
    await give(page, "drop", ("large.png", "image/png", png(900, 600)))
    tile = page.get_by_role("list", name="Pictures and sounds")
    await expect(tile.get_by_role("status")).to_contain_text("Sends when online")
    app.server.start()
    await expect(tile.get_by_role("button", name="Remove large.png")).to_be_visible(timeout=20_000)
    offsets = [url.rpartition("=")[2] for url in sent if "/uploads/" in url]
    assert offsets.count("0") == 1
    assert len(await media(app)) == 1


async def test_a_picture_given_without_a_network_outlives_a_reload_and_is_sent_once(
    app: App,
) -> None:
    await ready(app)
    page = app.page
    app.server.kill()
    await page.reload()
    await give(page, "drop", ("cellar.png", "image/png", png(300, 200)))
    strip = page.get_by_role("list", name="Pictures and sounds")
    await expect(strip.get_by_role("status")).to_contain_text("Sends when online")
    await page.reload()
    await expect(strip.get_by_text("cellar.png")).to_be_visible()
    await app.box.fill("From the cellar.")
    app.server.start()
    await expect(strip.get_by_role("button", name="Remove cellar.png")).to_be_visible(
        timeout=20_000
    )
    assert [one["content"] for one in await app.entries()] == ["From the cellar."]
    assert len(await media(app)) == 1


async def test_a_picture_alone_is_an_entry_and_is_taken_away_and_brought_back(app: App) -> None:
    page = app.page
    await give(page, "drop", ("there.png", "image/png", png(300, 200)))
    away = page.get_by_role("button", name="Remove there.png")
    await away.click()
    await page.get_by_role("button", name="Undo").click()
    await away.click()
    await expect(away).to_have_count(0)
    assert len(await app.entries()) == len(await media(app)) == 1
    await page.get_by_role("link", name="Timeline").first.click()
    await expect(page.get_by_role("heading", name="Timeline")).to_be_visible()
    for _ in range(50):
        if not await media(app):
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the picture is still there")


async def test_the_photos_are_looked_at_large_by_keyboard(app: App) -> None:
    page = app.page
    await app.box.fill("Two pictures.")
    small = ("one.png", "image/png", png(400, 300, seed=1))
    await give(page, "drop", small, ("two.png", "image/png", png(300, 400, seed=2)))
    for name in ("one.png", "two.png"):
        await expect(page.get_by_role("button", name=f"Remove {name}")).to_be_visible()
    await page.get_by_role("button", name="Done").click()
    await page.get_by_role("link", name="Photos").first.click()
    await page.get_by_role("button", name="Show two.png large").focus()
    await page.keyboard.press("Enter")
    large = page.get_by_role("dialog")
    await expect(large.get_by_role("status")).to_have_text("1 of 2")
    await page.keyboard.press("ArrowRight")
    await expect(large).to_have_accessible_name("one.png")
    await page.keyboard.press("ArrowRight")
    await expect(large.get_by_role("status")).to_have_text("2 of 2")
    assert await violations(page) == []
    async with page.expect_download() as started:
        await large.get_by_role("button", name="Download the original").click()
    assert (await started.value).suggested_filename == "one.png"
    await page.keyboard.press("Escape")
    await expect(large).to_have_count(0)
    await page.get_by_role("button", name="Show one.png large").click()
    await page.get_by_role("link", name="To the entry").click()
    await expect(page.get_by_role("heading", name="Two pictures.")).to_be_visible()
    await page.goto(f"{app.server.url}/timeline")
    await expect(page.get_by_role("article").locator("img")).to_be_visible()


async def test_what_another_app_shares_becomes_an_entry_when_one_says_so(app: App) -> None:
    await ready(app)
    page = app.page
    await page.evaluate(SHARE, base64.b64encode(png(300, 200)).decode())
    await page.goto(f"{app.server.url}/share")
    await expect(page.get_by_text("https://example.org/heron")).to_be_visible()
    assert await app.entries() == []
    await page.get_by_role("button", name="Keep it as an entry").click()
    await expect(app.box).to_have_value("A heron\n\nhttps://example.org/heron")
    await expect(page.get_by_role("button", name="Remove shared.png")).to_be_visible()
    assert len(await app.entries()) == len(await media(app)) == 1
    await page.goto(f"{app.server.url}/share")
    await expect(page.get_by_text("Nothing was shared")).to_be_visible()


async def test_a_phone_offers_its_camera(open_app: OpenApp) -> None:
    app = await open_app(viewport=PHONE, has_touch=True, is_mobile=True)
    await app.register()
    camera = app.page.get_by_label("Take a picture")
    await expect(camera).to_have_attribute("capture", "environment")
    await camera.set_input_files(
        {"name": "IMG_1.png", "mimeType": "image/png", "buffer": png(300, 400)}
    )
    await expect(app.page.get_by_role("button", name="Remove IMG_1.png")).to_be_visible()


async def media(app: App) -> list[dict[str, Any]]:
    """Return what the server holds of media, newest first."""
    found: list[dict[str, Any]] = (await app.ask("/media"))["items"]
    return found
