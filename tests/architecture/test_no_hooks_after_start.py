"""Hooks wire and are gone: serving requests calls none."""

from __future__ import annotations

from aiohttp import ClientSession

from tests.architecture.server import load, served, sign_in, write_entry

PATHS = (
    "/entries/", "/entries/search?q=office", "/moods/", "/tags/", "/nowhere", "/prompts/daily",
    "/analytics/writing-streak", "/health", "/instance/config",
)  # fmt: skip


async def test_requests_call_no_hook(tmp_path):
    plugins = load(tmp_path)
    called: list[str] = []
    async with served(plugins) as url, ClientSession() as client:
        stop = plugins.calls.monitor(called.append)
        headers = await sign_in(client, url)
        await write_entry(client, url, headers)
        for path in PATHS:
            async with client.get(url + path, headers=headers) as answer:
                assert answer.status < 500
    assert called == []
    plugins.select()
    stop()
    assert "journiv_register_stores" in called, "the monitor heard nothing, so it proves nothing"
