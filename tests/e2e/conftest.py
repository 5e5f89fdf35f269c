from __future__ import annotations

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from devtools import programs
from journiv.config.derived import BUNDLED
from tests.api.server import ServerProcess
from tests.e2e.app import App

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

PAGES = "axe pages"
ROUNDS = "JOURNIV_SOAK_ROUNDS"

OpenApp = Callable[..., Awaitable[App]]


@pytest.fixture(scope="session")
def rounds() -> int:
    """How often a long journey is made: once in `./dev test`, 50 times in `./dev soak`."""
    return int(os.environ[ROUNDS]) if is_soak() else 1


def is_soak() -> bool:
    """Say whether there is time for everything."""
    return int(os.environ.get(ROUNDS, "3")) > 3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    """A server of its own for each journey: journeys kill and restart it."""
    process = ServerProcess(tmp_path, {"JOURNIV_WEB": str(BUNDLED)})
    process.start()
    yield process
    process.kill()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = programs.locate(programs.CHROMIUM)
        browser = await playwright.chromium.launch(executable_path=path, chromium_sandbox=False)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_app(server: ServerProcess, browser: Browser) -> AsyncIterator[OpenApp]:
    """Opens the app as on a machine of its own: `await open_app(viewport=PHONE)`.

    When the test is over, nothing may have complained.
    """
    opened: list[App] = []

    async def start(**options: object) -> App:
        given = {"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/London"} | options
        context = await browser.new_context(**given)
        app = App(server, context, await context.new_page())
        app.listen()
        opened.append(app)
        return app

    yield start
    assert [complaint for app in opened for complaint in app.complaints] == []


@pytest_asyncio.fixture(loop_scope="session")
async def app(open_app: OpenApp) -> App:
    """The app with its first person signed in, on Today."""
    app = await open_app()
    await app.register()
    return app


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many journeys passed, and on how many pages axe found nothing."""
    reports = terminalreporter.getreports("passed")
    passed = [one for one in reports if one.when == "call" and "tests/e2e/" in one.nodeid]
    pages = sum(
        int(str(value)) for one in passed for key, value in one.user_properties if key == PAGES
    )
    journeys = sum(all(key != PAGES for key, _ in one.user_properties) for one in passed)
    terminalreporter.write_line(f"The web app: {journeys} journeys and {pages} axe pages passed.")
