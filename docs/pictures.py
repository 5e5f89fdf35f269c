"""Photograph the main screens of the web app into docs/screenshots: `./dev screenshots`."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import APIResponse, Browser, BrowserContext, ViewportSize, sync_playwright

from bench.processes import Process, journiv
from bench.visitor import signed_in
from devtools import programs
from docs.sample_diary import Day, days
from journiv.config.derived import BUNDLED

FOLDER: Final = Path(__file__).parent / "screenshots"
DESKTOP: Final = ViewportSize(width=1280, height=900)
PHONE: Final = ViewportSize(width=390, height=844)
PERSON: Final = {
    "name": "Mara",
    "email": "mara@example.com",
    "password": "the heron is back on the weir",
}
SCORES: Final = {1: "Stressed", 2: "Sad", 3: "Neutral", 4: "Calm", 5: "Happy"}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture of one address, in one look; `press` are keys pressed before it is taken."""

    name: str
    path: str
    dark: bool = False
    phone: bool = False
    press: tuple[str, ...] = ()


SHOTS: Final = (
    Shot("today-light", "/"),
    Shot("today-dark", "/", dark=True),
    Shot("today-phone", "/", phone=True),
    Shot("timeline-light", "/timeline"),
    Shot("timeline-phone-dark", "/timeline", dark=True, phone=True),
    Shot("entry-light", "/entry/{entry}"),
    Shot("entry-dark", "/entry/{entry}", dark=True),
    Shot("entry-phone", "/entry/{entry}", phone=True),
    Shot("writing-light", "/entry/{entry}", press=("e",)),
    Shot("year-light", "/calendar/{year}"),
    Shot("year-phone", "/calendar/{year}", phone=True),
    Shot("month-light", "/calendar/{year}/{month}"),
    Shot("photos-light", "/photos"),
    Shot("photos-phone-dark", "/photos", dark=True, phone=True),
    Shot("places-light", "/places"),
    Shot("patterns-light", "/patterns"),
    Shot("patterns-dark", "/patterns", dark=True),
    Shot("search-light", "/search?q=river"),
    Shot("palette-dark", "/timeline", dark=True, press=("Control+k",)),
    Shot("data-light", "/settings/data"),
    Shot("admin-light", "/admin/overview"),
    Shot("month-phone", "/calendar/{year}/{month}", phone=True),
    Shot("patterns-phone", "/patterns", phone=True),
)


def main() -> None:
    """Fill a server with the sample diary and take every picture."""
    FOLDER.mkdir(exist_ok=True)
    now = datetime.now(UTC)
    path = programs.locate(programs.CHROMIUM)
    with (
        tempfile.TemporaryDirectory() as folder,
        journiv(Path(folder), {"JOURNIV_WEB": str(BUNDLED)}) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        filled = _fill(browser, server, now)
        places = {"entry": filled, "year": str(now.year), "month": f"{now.month:02}"}
        for shot in SHOTS:
            _take(browser, server, shot, places)
        browser.close()


def _fill(browser: Browser, server: Process, now: datetime) -> str:
    """Write the diary through the API and return the id of its last entry."""
    context = browser.new_context()
    _ask(context, server, "POST", "/auth/register", PERSON)
    token = _ask(context, server, "POST", "/auth/login", PERSON)["access_token"]
    context.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    moods = {one["name"]: one["id"] for one in _ask(context, server, "GET", "/moods/")}
    journal = _ask(context, server, "POST", "/journals/", {"title": "Diary"})["id"]
    last = ""
    for day in days(now):
        last = _write(context, server, journal, day)
        logged = {"mood_id": moods[SCORES[day.score]], "entry_id": last}
        _ask(context, server, "POST", "/moods/log", logged)
    context.close()
    return last


def _write(context: BrowserContext, server: Process, journal: str, day: Day) -> str:
    entry: dict[str, Any] = {
        "title": day.title,
        "content": day.content,
        "journal_id": journal,
        "entry_datetime_utc": day.at.isoformat(),
        "entry_timezone": "Europe/London",
    }
    if day.place:
        name, latitude, longitude = day.place
        entry |= {"location": name, "latitude": latitude, "longitude": longitude}
    kept: str = _ask(context, server, "POST", "/entries/", entry)["id"]
    if day.tags:
        _ask(context, server, "POST", f"/entries/{kept}/tags/bulk", list(day.tags))
    if day.picture:
        file: Any = {"name": "hills.jpg", "mimeType": "image/jpeg", "buffer": day.picture}
        form: Any = {"entry_id": kept, "alt_text": "Hills below a pale sun", "file": file}
        _said(context.request.post(f"{server.url}/api/v1/media/upload", multipart=form))
    return kept


def _ask(context: BrowserContext, server: Process, method: str, path: str, sent: Any = None) -> Any:
    address = f"{server.url}/api/v1{path}"
    return _said(context.request.fetch(address, method=method, data=sent))


def _said(answer: APIResponse) -> Any:
    if not answer.ok:
        raise SystemExit(f"{answer.url} answered {answer.status}: {answer.text()}")
    return answer.json()


def _take(browser: Browser, server: Process, shot: Shot, places: Mapping[str, str]) -> None:
    context = signed_in(
        browser,
        server.url,
        PERSON,
        viewport=PHONE if shot.phone else DESKTOP,
        color_scheme="dark" if shot.dark else "light",
        locale="en-GB",
        timezone_id="Europe/London",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(server.url + shot.path.format(**places), wait_until="networkidle")
    page.locator("h1").first.wait_for(state="attached")
    for key in shot.press:
        page.keyboard.press(key)
    page.wait_for_timeout(700)
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


if __name__ == "__main__":
    main()
