"""Bringing a journal in, taking it out, and leaving for good."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.e2e.app import PASSWORD, App
from tests.e2e.conftest import OpenApp

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTES = {
    "2019-03-04 The weir.md": "The heron stood there. #heron",
    "2020-05-06 The bend.md": "No heron today.",
    "Without a day.md": "When was this?",
}


def notes() -> FilePayload:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as folder:
        for name, text in NOTES.items():
            folder.writestr(name, text)
    return FilePayload(name="notes.zip", mimeType="application/zip", buffer=written.getvalue())


async def test_a_journal_is_tried_brought_in_and_taken_back(app: App) -> None:
    page = app.page
    await page.goto(f"{app.server.url}/settings/data")
    await page.get_by_label("Choose a file").set_input_files(notes())
    await page.get_by_role("button", name="Try it first").click()
    await expect(page.get_by_role("heading", name="Dry run: A file")).to_be_visible()
    await expect(page.get_by_text("3 entries")).to_be_visible()
    await page.get_by_text("1 remark").click()
    await expect(page.get_by_text("Without a day")).to_be_visible()
    assert await app.entries() == []
    await page.get_by_role("button", name="Bring it in").click()
    await page.get_by_role("button", name="Take it back").click()
    await expect(page.get_by_text("3 entries removed")).to_be_visible()
    await expect(page.get_by_role("button", name="Take it back")).to_be_hidden()
    assert await app.entries() == []


async def test_a_file_nobody_reads_is_told_in_words(app: App) -> None:
    page = app.page
    await page.goto(f"{app.server.url}/settings/data")
    nothing = FilePayload(name="x.bin", mimeType="application/octet-stream", buffer=b"\x00\x01")
    await page.get_by_label("Choose a file").set_input_files(nothing)
    await page.get_by_role("button", name="Try it first").click()
    await expect(page.get_by_role("alert").filter(has_text="file")).to_be_visible()


async def test_a_journal_is_taken_out_as_markdown(app: App) -> None:
    page = app.page
    await app.box.fill("The heron is back.")
    await expect(app.status).to_contain_text("Saved")
    await page.goto(f"{app.server.url}/settings/data")
    await page.get_by_label("As", exact=True).select_option("Markdown files")
    await page.get_by_role("button", name="Make the file").click()
    async with page.expect_download() as awaited:
        await page.get_by_role("button", name="Download").click()
    with zipfile.ZipFile(await (await awaited.value).path()) as folder:
        texts = [folder.read(name).decode() for name in folder.namelist() if name.endswith(".md")]
    assert any("The heron is back." in text for text in texts)
    await page.get_by_role("button", name="Delete the file").click()
    await expect(page.get_by_text("No file was made yet.")).to_be_visible()


async def test_an_account_is_deleted_by_who_types_its_name(app: App, open_app: OpenApp) -> None:
    iris = {"name": "Iris", "email": "iris@example.com", "password": PASSWORD}
    opened = await app.context.request.post(f"{app.server.url}/api/v1/auth/register", data=iris)
    assert opened.ok
    page = (await open_app()).page
    await page.goto(f"{app.server.url}/settings/data")
    await sign_in(page, iris["email"])
    await page.get_by_role("button", name="Delete the account").click()
    sure = page.get_by_role("button", name="Delete everything for ever")
    await page.get_by_label("Write “Iris”").fill("Iri")
    await expect(sure).to_be_disabled()
    await page.get_by_label("Write “Iris”").fill("Iris")
    await sure.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Welcome back")
    await sign_in(page, iris["email"])
    await expect(page.get_by_role("alert")).to_contain_text("do not belong together")


async def sign_in(page: Page, email: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
