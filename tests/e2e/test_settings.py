"""Settings: how the app looks, who is signed in, what programs may do."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time

import pytest
from playwright.async_api import expect

from tests.e2e.app import PASSWORD, App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_theme_size_and_language_outlive_a_reload(app: App) -> None:
    page = app.page
    await page.get_by_role("link", name="Mara").click()
    await page.get_by_role("link", name="Appearance").click()
    await page.get_by_label("Dark").check()
    await page.get_by_label("Large").check()
    await page.get_by_label("Deutsch").check()
    await expect(page.get_by_role("heading", name="Aussehen", level=1)).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Aussehen", level=1)).to_be_visible()
    worn = await page.evaluate("({...document.documentElement.dataset})")
    assert worn == {"theme": "dark", "size": "large"}


async def test_the_daily_question_is_turned_off_and_the_week_begins_on_sunday(app: App) -> None:
    page = app.page
    await expect(page.get_by_role("button", name="Another")).to_be_visible()
    await page.goto(f"{app.server.url}/settings/writing")
    await page.get_by_label("Show a question each day").uncheck()
    await page.get_by_label("Sunday").check()
    await page.reload()
    await expect(page.get_by_label("Sunday")).to_be_checked()
    await expect(page.get_by_label("Show a question each day")).not_to_be_checked()
    await page.goto(app.server.url)
    await expect(page.get_by_role("link", name="Whole timeline")).to_be_visible()
    await page.wait_for_load_state("networkidle")
    await expect(page.get_by_role("button", name="Another")).to_be_hidden()


async def test_other_sessions_are_ended(app: App) -> None:
    page = app.page
    await app.entries()
    await page.goto(f"{app.server.url}/settings/sessions")
    await expect(page.get_by_text("This device")).to_be_visible()
    await page.get_by_role("button", name="End all others").click()
    await expect(page.get_by_role("button", name="End all others")).to_be_hidden()
    await expect(page.get_by_text("This device")).to_be_visible()


async def test_a_token_is_shown_once_and_revoked(app: App) -> None:
    page = app.page
    await page.goto(f"{app.server.url}/settings/tokens")
    await page.get_by_label("What it is for").fill("Backup")
    await page.get_by_role("button", name="Make a token").click()
    await expect(page.get_by_role("region", name="Shown once")).to_be_visible()
    await page.get_by_role("button", name="I have kept it").click()
    await expect(page.get_by_role("region", name="Shown once")).to_be_hidden()
    await page.get_by_role("button", name="Revoke").click()
    await expect(page.get_by_text("No program has a token.")).to_be_visible()


async def test_a_second_step_is_set_up_with_recovery_codes(app: App) -> None:
    page = app.page
    await page.goto(f"{app.server.url}/settings/security")
    await page.get_by_role("button", name="Set up").click()
    await expect(page.get_by_role("img", name="Code to scan")).to_be_visible()
    secret = await page.locator("pre").inner_text()
    await page.get_by_label("Code that the app shows").fill(code(secret))
    await page.get_by_role("button", name="Turn on").click()
    await expect(page.get_by_role("region", name="Shown once")).to_be_visible()
    await expect(page.get_by_text("On. 10 recovery codes are left.")).to_be_visible()


async def test_a_password_is_changed(app: App) -> None:
    page = app.page
    await page.goto(f"{app.server.url}/settings/security")
    await page.get_by_label("Current password").fill(PASSWORD)
    await page.get_by_label("New password").fill("another heron came by today")
    await page.get_by_role("button", name="Change password").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()


def code(secret: str) -> str:
    """Return the six digits an authenticator app shows now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"
