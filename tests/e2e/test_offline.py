"""The app opens and takes text where there is no network, and says when a newer one is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.async_api import expect

from journiv.config.derived import BUNDLED
from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def ready(app: App) -> None:
    """Wait until the service worker has everything and answers for this page."""
    await app.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await app.page.reload()
    await app.page.wait_for_function("navigator.serviceWorker.controller !== null")


async def test_the_app_opens_without_a_network_and_sends_later(app: App) -> None:
    await ready(app)
    app.server.kill()
    await app.page.reload()
    await app.box.fill("Typed on the mountain.")
    await expect(app.status).to_contain_text("Kept on this device")
    await app.page.reload()
    await expect(app.box).to_have_value("Typed on the mountain.")
    app.server.start()
    await expect(app.status).to_contain_text("Saved", timeout=20_000)
    assert [entry["content"] for entry in await app.entries()] == ["Typed on the mountain."]


async def test_a_session_that_ends_while_typing_is_opened_again_over_the_text(app: App) -> None:
    await app.box.fill("Before.")
    await expect(app.status).to_contain_text("Saved")
    await app.end_sessions()
    await app.box.press("End")
    await app.box.press_sequentially(" After.")
    dialog = app.page.get_by_role("dialog", name="Please sign in again")
    await expect(dialog).to_be_visible()
    await dialog.get_by_label("Password").fill("the heron is back on the weir")
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog).to_have_count(0)
    await expect(app.box).to_have_value("Before. After.")
    await expect(app.status).to_contain_text("Saved", timeout=10_000)
    assert [entry["content"] for entry in await app.entries()] == ["Before. After."]


async def test_a_stranger_offline_is_told_that_nobody_answers(app: App) -> None:
    await ready(app)
    await app.page.get_by_role("button", name="Sign out").click()
    await expect(app.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    app.server.kill()
    await app.page.get_by_label("E-mail").fill("mara@example.com")
    await app.page.get_by_label("Password").fill("the heron is back on the weir")
    await app.page.get_by_role("button", name="Sign in").click()
    await expect(app.page.get_by_role("alert")).to_contain_text("does not answer")


async def test_a_newer_version_is_offered_and_taken_without_losing_the_sentence(
    app: App, tmp_path: Path
) -> None:
    await ready(app)
    newer = tmp_path / "newer"
    shutil.copytree(BUNDLED, newer)
    script = (newer / "sw.js").read_text()
    for packed in newer.glob("sw.js.*"):
        packed.unlink()
    (newer / "sw.js").write_text(script + "// newer\n")
    app.server.restart(JOURNIV_WEB=str(newer))
    await app.page.reload()
    await app.box.fill("In the middle of a sen")
    await app.page.get_by_role("button", name="Load it").click()
    await app.page.wait_for_event("load")
    await expect(app.box).to_have_value("In the middle of a sen")
    await expect(app.page.get_by_role("button", name="Load it")).to_have_count(0)
