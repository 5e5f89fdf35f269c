"""In and out of the app."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import EMAIL, PASSWORD, App
from tests.e2e.conftest import PHONE, OpenApp

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_session_outlives_a_reload(app: App) -> None:
    await app.page.reload()
    await expect(app.box).to_be_visible()


async def test_a_stranger_asks_the_server_for_nothing_it_refuses(open_app: OpenApp) -> None:
    app = await open_app()
    refused: list[str] = []
    app.page.on("response", lambda answer: refused.append(answer.url) if not answer.ok else None)
    await app.page.goto(app.server.url)
    await expect(app.page.get_by_role("heading", level=1)).to_be_visible()
    await app.page.wait_for_load_state("networkidle")
    assert refused == []


async def test_on_a_phone_one_signs_out_in_the_settings(open_app: OpenApp) -> None:
    app = await open_app(viewport=PHONE)
    await app.register()
    await app.page.get_by_role("link", name="Settings").click()
    await app.page.get_by_role("button", name="Sign out").click()
    await expect(app.page.get_by_role("heading", name="Welcome back")).to_be_visible()


async def test_a_new_person_says_how_they_live_and_may_bring_a_journal(open_app: OpenApp) -> None:
    app = await open_app(timezone_id="Asia/Tokyo", locale="en-US")
    page = app.page
    await page.goto(f"{app.server.url}/setup")
    await page.get_by_label("Your name").fill("Mara")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open my journal").click()
    await expect(page.get_by_label("Your time zone")).to_have_value("Asia/Tokyo")
    await expect(page.get_by_label("Sunday")).to_be_checked()
    await page.get_by_label("Dark").check()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    await page.get_by_role("button", name="Bring it in").click()
    await expect(page.get_by_label("Choose a file")).to_be_attached()
    await page.goto(f"{app.server.url}/settings/writing")
    await expect(page.get_by_label("Sunday")).to_be_checked()


async def test_the_first_account_of_a_closed_server_asks_for_its_token(open_app: OpenApp) -> None:
    app = await open_app()
    app.server.restart(SETUP_TOKEN="the-token-of-this-server")
    page = app.page
    await page.goto(f"{app.server.url}/register")
    await page.get_by_label("Your name").fill("Mara")
    await page.get_by_label("E-mail").fill(EMAIL)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Open my journal").click()
    await page.get_by_label("Setup token").fill("the-token-of-this-server")
    await page.get_by_role("button", name="Open my journal").click()
    await page.get_by_role("button", name="Begin to write").click()
    await expect(app.box).to_be_focused()


async def test_signing_out_leaves_nothing_behind(app: App) -> None:
    await app.page.get_by_role("button", name="Sign out").click()
    await expect(app.page.get_by_role("heading", name="Welcome back")).to_be_visible()
    assert await app.page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    await app.page.reload()
    await app.sign_in()
    await expect(app.box).to_be_visible()


async def test_a_wrong_password_is_told_in_words(app: App, open_app: OpenApp) -> None:
    other = await open_app()
    await other.page.goto(other.server.url)
    await other.page.get_by_label("E-mail").fill("mara@example.com")
    await other.page.get_by_label("Password").fill("something else")
    await other.page.get_by_role("button", name="Sign in").click()
    await expect(other.page.get_by_role("alert")).to_contain_text("do not belong together")


async def test_a_deep_link_opens_its_screen_and_an_unknown_one_says_so(app: App) -> None:
    await app.page.goto(f"{app.server.url}/timeline")
    await expect(app.page.get_by_role("heading", name="Timeline")).to_be_visible()
    await app.page.goto(f"{app.server.url}/nowhere/at/all")
    await expect(app.page.get_by_role("heading", name="no such page")).to_be_visible()


async def test_german_browsers_get_german(open_app: OpenApp) -> None:
    app = await open_app(locale="de-AT")
    await app.page.goto(f"{app.server.url}/register")
    await expect(app.page.get_by_role("heading", name="Hier beginnt dein Tagebuch")).to_be_visible()
    assert await app.page.evaluate("document.documentElement.lang") == "de-AT"
