"""Files that are a picture and a page, or a picture and a script, stay what they were let in as."""

from __future__ import annotations

import io
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final

import pytest
from PIL import Image
from playwright.async_api import Error, Page, Route

from tests.e2e.app import App
from tests.e2e.conftest import OpenApp

pytestmark = pytest.mark.asyncio(loop_scope="session")

HTML: Final = b"<html><body><script>alert('ran')</script></body></html>"
ELSEWHERE: Final = "http://elsewhere.example/"


def picture(kind: str) -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (8, 8), (120, 160, 140)).save(kept, kind)
    return kept.getvalue()


def gif(held: bytes = HTML) -> bytes:
    """A comment extension (GIF89a, 24) holds it."""
    plain = picture("GIF")
    comment = b"\x21\xfe" + bytes([len(held)]) + held + b"\x00"
    return plain[:-1] + comment + plain[-1:]


def jpeg(held: bytes = HTML) -> bytes:
    """A comment segment holds it; what follows the picture is a script."""
    plain = picture("JPEG")
    comment = b"\xff\xfe" + (len(held) + 2).to_bytes(2, "big") + held
    return plain[:2] + comment + plain[2:] + b"*/=1;alert('ran')//"


def png(held: bytes = HTML) -> bytes:
    """A text chunk holds it."""
    plain = picture("PNG")
    body = b"tEXt" + b"Comment\x00" + held
    chunk = (len(body) - 4).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
    return plain[:33] + chunk + plain[33:]


def pdf() -> bytes:
    return (
        b"%PDF-1.4\n% "
        + HTML
        + (
            b"\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript"
            b"/JS(app.alert\\('ran'\\))>>>>endobj\n"
            b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
        )
    )


FILES: Final = {
    "a.gif": ("image/gif", gif()),
    "a.jpg": ("image/jpeg", jpeg()),
    "a.png": ("image/png", png()),
    "a.pdf": ("application/pdf", pdf()),
}
SCRIPT: Final = b"*/=1;alert('ran')//"
# A script in what a picture says about itself and after its end: there is no page to see in them.
SCRIPTS: Final = {
    "b.gif": ("image/gif", gif(SCRIPT)),
    "b.jpg": ("image/jpeg", jpeg(SCRIPT)),
    "b.png": ("image/png", png(SCRIPT)),
}


async def test_MED_6_a_polyglot_opened_anywhere_runs_nothing(app: App) -> None:
    addresses = await kept(app, FILES | SCRIPTS)
    assert len(addresses) == len(SCRIPTS)
    page = await app.context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss())[1])
    frames = "".join(
        f"<script src='{url}'></script><iframe src='{url}'></iframe><object data='{url}'></object>"
        f"<embed src='{url}'><img src='{url}'>"
        for url in addresses
    )
    await page.route(ELSEWHERE, lambda route: route.fulfill(body=frames, content_type="text/html"))
    await page.goto(ELSEWHERE)
    await page.wait_for_load_state("networkidle")
    for url in addresses:
        await open_alone(page, url)
    assert ran == []


async def test_each_of_these_files_would_run_if_it_were_served_as_a_page(
    open_app: OpenApp,
) -> None:
    page = await (await open_app()).context.new_page()
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss())[1])
    for name, (_, file) in FILES.items():
        address = ELSEWHERE + name
        await page.route(address, served_as_a_page(file))
        await page.goto(address)
    assert ran == ["ran"] * len(FILES)


def served_as_a_page(file: bytes) -> Callable[[Route], Awaitable[None]]:
    async def serve(route: Route) -> None:
        await route.fulfill(body=file, content_type="text/html")

    return serve


async def kept(app: App, files: Mapping[str, tuple[str, bytes]]) -> list[str]:
    """Upload files to an entry; return the signed addresses of those that are let in."""
    journal = (await app.asked("POST", "/journals/", {"title": "Diary"}))["id"]
    entry = {"title": "Traps", "content": "Pictures.", "journal_id": journal}
    entry_id = (await app.asked("POST", "/entries/", entry))["id"]
    found = []
    for name, (mime, data) in files.items():
        answer = await app.context.request.post(
            f"{app.server.url}/api/v1/media/upload",
            multipart={
                "entry_id": entry_id,
                "file": {"name": name, "mimeType": mime, "buffer": data},
            },
            headers=app.bearer,
        )
        said = await answer.json()
        if name in FILES:
            assert answer.status in {400, 415, 422}, said
        else:
            found.append(app.server.url + said["signed_url"].removeprefix(app.server.url))
    return found


async def open_alone(page: Page, url: str) -> None:
    """Open an address as one that was typed; papers are downloaded instead of shown."""
    with suppress(Error):
        await page.goto(url)
