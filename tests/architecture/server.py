"""A server inside the test's own process, over TCP, for what must be watched from inside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientSession, web

from journiv import API_VERSION, api, app, config, loader
from journiv.loader import Plugins
from journiv.loader.discovery import Candidate, discover

ACCOUNT = {"email": "sam@example.org", "password": "quill-Lantern-harbour-47", "name": "Sam"}
BUNDLED = ("builtin", "auth_local", "store_sqlite")


def load(data: Path, others: Iterable[Candidate] = ()) -> Plugins:
    """Load the bundled plugins and `others`, and no others that happen to be installed."""
    environ = {
        "ENVIRONMENT": "test",
        "JOURNIV_DATA": str(data),
        "SECRET_KEY": "k" * 40,
        "ARGON2_PROFILE": "low",
    }
    candidates = [one for one in discover() if one.name in BUNDLED]
    return loader.load(config.read_sources(environ), API_VERSION, [*candidates, *others])


@asynccontextmanager
async def served(plugins: Plugins) -> AsyncIterator[str]:
    """Serve and yield the address of the API; stop in good order at the end."""
    runner = api.runner(app.build(plugins))
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/v1"
    finally:
        await runner.cleanup()


async def sign_in(client: ClientSession, url: str) -> dict[str, str]:
    """Register, sign in and return the headers that say so."""
    async with client.post(f"{url}/auth/register", json=ACCOUNT) as answer:
        assert answer.status == 201
    async with client.post(f"{url}/auth/login", json=ACCOUNT) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['access_token']}"}


async def write_entry(client: ClientSession, url: str, headers: dict[str, str]) -> str:
    """Write an entry into a new journal and return its id."""
    async with client.post(f"{url}/journals/", json={"title": "Diary"}, headers=headers) as answer:
        journal = (await answer.json())["id"]
    entry = {"journal_id": journal, "title": "Up betimes", "content": "To the office."}
    async with client.post(f"{url}/entries/", json=entry, headers=headers) as answer:
        assert answer.status == 201
        made: str = (await answer.json())["id"]
    return made
