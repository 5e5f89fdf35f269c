"""Hooks wire and are gone: serving requests calls none."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from journiv import API_VERSION, api, app, config, loader
from journiv.loader import Plugins
from journiv.loader.discovery import discover

PASSWORD = "quill-Lantern-harbour-47"
BUNDLED = ("builtin", "auth_local", "store_sqlite")


@pytest.fixture
def plugins(tmp_path: Path) -> Plugins:
    environ = {
        "ENVIRONMENT": "test",
        "JOURNIV_DATA": str(tmp_path),
        "SECRET_KEY": "k" * 40,
        "ARGON2_PROFILE": "low",
    }
    candidates = [one for one in discover() if one.name in BUNDLED]
    return loader.load(config.read_sources(environ), API_VERSION, candidates)


@pytest.fixture
async def url(plugins: Plugins) -> AsyncIterator[str]:
    """A server over TCP; what it is built of was asked before this yields."""
    runner = api.runner(app.build(plugins))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/api/v1"
    await runner.cleanup()


async def test_requests_call_no_hook(plugins, url):
    called: list[str] = []
    stop = plugins.calls.monitor(called.append)
    async with ClientSession() as client:
        await use(client, url)
    assert called == []
    plugins.select()
    stop()
    assert "journiv_register_stores" in called, "the monitor heard nothing, so it proves nothing"


async def use(client: ClientSession, url: str) -> None:
    """Do what a person does in a day."""
    account = {"email": "sam@example.org", "password": PASSWORD, "name": "Sam"}
    async with client.post(f"{url}/auth/register", json=account) as answer:
        assert answer.status == 201
    async with client.post(f"{url}/auth/login", json=account) as answer:
        token = (await answer.json())["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with client.post(f"{url}/journals/", json={"title": "Diary"}, headers=headers) as answer:
        journal = (await answer.json())["id"]
    entry = {"journal_id": journal, "title": "Up betimes", "content": "To the office."}
    async with client.post(f"{url}/entries/", json=entry, headers=headers) as answer:
        assert answer.status == 201
    for path in ("/entries/", "/entries/search?q=office", "/moods/", "/tags/", "/nowhere",
                 "/analytics/writing-streak", "/prompts/daily", "/health"):  # fmt: skip
        async with client.get(url + path, headers=headers) as answer:
            assert answer.status < 500
