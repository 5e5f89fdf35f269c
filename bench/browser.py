"""How the web app feels on a slow phone: a throttled Chromium reads and writes a real diary.

The profile is a slow 4G connection and a processor a quarter as fast, set by the browser's own
debugger, so figures of one machine may be compared with each other.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from bench.client import PERSON, Client
from bench.imports import DIARY
from bench.processes import ROOT, SETTINGS, Process, journiv
from bench.visitor import signed_in
from devtools import programs
from journiv.config.derived import BUNDLED

PHONE: Final = ViewportSize(width=390, height=844)
SLOWER: Final = 4
SLOW_4G: Final = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
KEYS: Final = 60
LONG: Final = 25_000
WHEELS: Final = 150

# What the page itself sees: its largest paint, what moved, and tasks that kept it from answering.
WATCH: Final = """
window.seen = { paint: 0, moved: 0, blocked: 0, frames: [], keys: [] };
const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note))
  .observe({ type, buffered: true });
watch('largest-contentful-paint', (one) => { seen.paint = one.startTime; });
watch('layout-shift', (one) => { if (!one.hadRecentInput) seen.moved += one.value; });
watch('longtask', (one) => { seen.blocked += Math.max(0, one.duration - 50); });
addEventListener('keydown', (event) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => seen.keys.push(performance.now() - event.timeStamp);
  port2.postMessage(null);
}), true);
"""
FRAMES: Final = """() => {
  let before = performance.now();
  const step = (now) => {
    seen.frames.push(now - before);
    before = now;
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
}"""


@dataclass(frozen=True, slots=True)
class View:
    """A first view: milliseconds to its largest paint and of blocking, and how much it moved."""

    name: str
    paint: float
    blocked: float
    moved: float


@dataclass(frozen=True, slots=True)
class Feel:
    """First views; milliseconds from key to frame; the longest frame while scrolling."""

    views: tuple[View, ...]
    key: float
    frame: float
    long_frames: int
    frames: int


def measure(rounds: int) -> Feel:
    """Look at the diary, write in a long entry, and scroll the whole of it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _diary(Path(folder)) as (server, client),
        _chromium() as browser,
    ):
        entry = client.get("/entries/?limit=1")[0]["id"]
        paths = {"Today": "/", "an entry": f"/entry/{entry}"}
        views = [_first_view(browser, server, *one, rounds) for one in paths.items()]
        keys = _keys(browser, server, client)
        frames = _scroll(browser, server)
    slow = sum(frame > 50 for frame in frames)
    return Feel(tuple(views), quantiles(keys, n=20)[-1], max(frames), slow, len(frames))


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = programs.locate(programs.CHROMIUM)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        browser.close()


@contextmanager
def _diary(folder: Path) -> Iterator[tuple[Process, Client]]:
    """Serve the whole diary to one person."""
    with journiv(folder, {"JOURNIV_WEB": str(BUNDLED)}) as server:
        client = Client(server)
        client.register()
        command = [
            sys.executable, "-m", "journiv", "import", str(DIARY), "--format", "ndjson",
            "--user", PERSON["email"], "--journal", "Diary", "--zone", "Europe/London",
        ]  # fmt: skip
        settings = {"JOURNIV_DATA": str(folder), **SETTINGS}
        subprocess.run(command, env=settings, check=True, capture_output=True, cwd=ROOT)
        yield server, client


def _signed_in(browser: Browser, server: Process) -> BrowserContext:
    context = signed_in(browser, server.url, PERSON, viewport=PHONE)
    context.add_init_script(WATCH)
    return context


def _slow(page: Page) -> None:
    debugger = page.context.new_cdp_session(page)
    debugger.send("Network.enable")
    debugger.send("Network.emulateNetworkConditions", SLOW_4G)
    debugger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _first_view(browser: Browser, server: Process, name: str, path: str, rounds: int) -> View:
    seen: list[dict[str, float]] = []
    for _ in range(rounds):
        context = _signed_in(browser, server)
        page = context.new_page()
        _slow(page)
        page.goto(server.url + path, wait_until="networkidle")
        page.wait_for_timeout(1000)
        seen.append(page.evaluate("seen"))
        context.close()
    return View(
        name,
        median(one["paint"] for one in seen),
        median(one["blocked"] for one in seen),
        max(one["moved"] for one in seen),
    )


def _keys(browser: Browser, server: Process, client: Client) -> list[float]:
    """Type into the middle of a long entry, a key at a time."""
    sentence = "The heron stood on the *same* post, with the same shoulders, in **the rain**. "
    words = len(sentence.split())
    text = "\n\n".join([sentence * 8] * (LONG // (8 * words) + 1))
    journal = client.post("/journals/", {"title": "Long"})["id"]
    entry = {"title": "Long", "content": text, "journal_id": journal}
    kept: dict[str, Any] = client.post("/entries/", entry)
    context = _signed_in(browser, server)
    page = context.new_page()
    page.goto(f"{server.url}/entry/{kept['id']}")
    page.get_by_role("button", name="Edit").click()
    page.locator(".cm-content").wait_for()
    debugger = context.new_cdp_session(page)
    debugger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.locator(".cm-content").press("Control+Home")
    for _ in range(10):
        page.keyboard.press("PageDown")
    page.evaluate("seen.keys.length = 0")
    for number in range(KEYS):
        page.keyboard.press("abcde "[number % 6])
        page.wait_for_timeout(60)
    keys: list[float] = page.evaluate("seen.keys")
    context.close()
    return keys


def _scroll(browser: Browser, server: Process) -> list[float]:
    """Scroll the timeline as far as its pages come, a wheel at a time."""
    context = _signed_in(browser, server)
    page = context.new_page()
    page.goto(f"{server.url}/timeline", wait_until="networkidle")
    debugger = context.new_cdp_session(page)
    debugger.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.mouse.move(200, 400)
    page.evaluate(FRAMES)
    for _ in range(WHEELS):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(50)
    frames: list[float] = page.evaluate("seen.frames.slice(2)")
    context.close()
    return frames
