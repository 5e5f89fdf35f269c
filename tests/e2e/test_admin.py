"""Whoever runs the server sees how it is and who is on it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.app import App

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_administrator_sees_checks_and_invites_and_locks_somebody_out(app: App) -> None:
    page = app.page
    person = {"email": "jo@example.com", "name": "Jo", "password": "a goat has grown a second goat"}
    await app.asked("POST", "/admin/users", person | {"role": "user"})
    await page.goto(f"{app.server.url}/settings")
    await page.get_by_role("link", name="Administration").click()
    await expect(page.get_by_text("checks are right")).to_be_visible()
    await page.get_by_role("link", name="People").click()
    row = page.get_by_role("listitem").filter(has_text="jo@example.com")
    await row.get_by_role("button", name="Lock out").click()
    await expect(row.get_by_text("Cannot sign in")).to_be_visible()
    await row.get_by_role("button", name="Let in again").click()
    await expect(row.get_by_text("Cannot sign in")).to_have_count(0)
    await page.get_by_role("link", name="Invitations").click()
    await page.get_by_role("button", name="Invite somebody").click()
    await expect(page.get_by_text("/register")).to_be_visible()
    await expect(page.get_by_role("button", name="Take back")).to_be_visible()


async def test_nobody_else_finds_the_administration(app: App) -> None:
    person = {"email": "jo@example.com", "name": "Jo", "password": "a goat has grown a second goat"}
    await app.asked("POST", "/admin/users", person | {"role": "user"})
    await app.page.get_by_role("button", name="Sign out").click()
    await app.page.get_by_label("E-mail").fill(person["email"])
    await app.page.get_by_label("Password").fill(person["password"])
    await app.page.get_by_role("button", name="Sign in").click()
    await expect(app.box).to_be_visible()
    await app.page.goto(f"{app.server.url}/admin/users")
    await expect(app.page.get_by_text("There is no such page.")).to_be_visible()
