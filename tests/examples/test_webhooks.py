"""The example plugin, installed from its own wheel, on a real server, with a real receiver."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import register
from tests.api.diary import write_entry, write_journal
from tests.api.server import ServerProcess
from tests.examples.sink import Received, Sink

HOOKS = "/x/webhooks"
TWO_MINUTES = "+120"


async def add_webhook(person: ApiClient, url: str, **fields: Any) -> dict[str, Any]:
    answer = await person.post(f"{HOOKS}/", {"url": url, **fields})
    assert answer.status == 201, answer.json
    made: dict[str, Any] = answer.json
    return made


def is_signed(received: Received, secret: str) -> bool:
    """Check as the README tells receivers to."""
    parts = dict(part.split("=") for part in received.headers["Journiv-Signature"].split(","))
    signed = parts["t"].encode() + b"." + received.body
    expected = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts["v1"])


def test_the_wheel_holds_the_plugin_and_nothing_of_the_server(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"journiv_webhooks", "journiv_webhooks-0.1.0.dist-info"}


async def test_the_life_of_an_entry_arrives_signed_and_without_its_text(
    person: ApiClient, sink: Sink
) -> None:
    hook = await add_webhook(person, f"{sink.url}/in")
    journal = await write_journal(person)
    entry = await write_entry(person, journal, title="Secret", content="Nobody's business.")
    path = f"/entries/{entry['id']}"
    assert (await person.put(path, {"content": "Still nobody's."})).status == 200
    assert (await person.delete(path)).status == 204
    assert (await person.post(f"/trash/{entry['id']}/restore")).status == 200
    received = [await sink.next() for _ in range(4)]
    told = {one.json["event"]: one for one in received}
    assert set(told) == {"entry.created", "entry.updated", "entry.trashed", "entry.restored"}
    for name, one in told.items():
        assert one.headers["Journiv-Event"] == name
        assert one.json["entry_id"] == entry["id"]
        assert one.json["user_id"] == person.user["id"]
        assert b"nobody" not in one.body.lower()
        assert is_signed(one, hook["secret"])
        assert not is_signed(one, "another secret")


async def test_only_the_events_that_were_asked_for_are_told(person: ApiClient, sink: Sink) -> None:
    await add_webhook(person, sink.url, events=["entry.trashed"])
    entry = await write_entry(person, await write_journal(person))
    assert (await person.delete(f"/entries/{entry['id']}")).status == 204
    assert (await sink.next()).json["event"] == "entry.trashed"
    assert sink.received.empty()


async def test_webhooks_are_listed_changed_and_removed(person: ApiClient, sink: Sink) -> None:
    made = await add_webhook(person, sink.url)
    shown = {key: value for key, value in made.items() if key != "secret"}
    path = f"{HOOKS}/{made['id']}"
    assert (await person.get(f"{HOOKS}/")).json == [shown]
    assert (await person.get(path)).json == shown
    changed = await person.patch(path, {"events": ["entry.created"]})
    assert changed.json == {**shown, "events": ["entry.created"]}
    assert (await person.delete(path)).status == 204
    for answer in (await person.get(path), await person.delete(path), await person.patch(path, {})):
        assert (answer.status, answer.detail) == (404, "Webhook not found")
    assert (await person.get(f"{HOOKS}/")).json == []


@pytest.mark.parametrize(
    "url", ["ftp://example.org/", "file:///etc/passwd", "example.org", "http://", "http://[::1",
            "http://sam:secret@example.org/", "http://example.org/ x", "https://example.org:99999"]
)  # fmt: skip
async def test_addresses_that_are_no_web_addresses_are_refused(person: ApiClient, url: str) -> None:
    refused = await person.post(f"{HOOKS}/", {"url": url})
    assert refused.status == 422
    assert refused.json["errors"][0]["loc"] == ["body", "url"]


async def test_somebody_elses_webhook_is_none(
    person: ApiClient, session: Any, server: ServerProcess, sink: Sink
) -> None:
    stranger = ApiClient(session, server.url, server.contract)
    other = await register(stranger, "eliza@example.org")
    hook = await add_webhook(person, sink.url)
    path = f"{HOOKS}/{hook['id']}"
    assert (await stranger.get(f"{HOOKS}/")).status == 401
    assert (await other.get(f"{HOOKS}/")).json == []
    for answer in (
        await other.get(path),
        await other.patch(path, {"url": "https://example.org/"}),
        await other.delete(path),
        await other.post(f"{path}/test"),
    ):
        assert answer.status == 404
    await write_entry(other, await write_journal(other))
    assert (await person.post(f"{path}/test")).json["delivered"] is True
    assert (await sink.next()).json["event"] == "ping"
    assert sink.received.empty()


async def test_a_test_delivery_says_how_it_went(person: ApiClient, sink: Sink) -> None:
    path = f"{HOOKS}/{(await add_webhook(person, sink.url))['id']}/test"
    assert (await person.post(path)).json == {"delivered": True, "status": 204, "error": None}
    sink.status = 302
    assert (await person.post(path)).json == {"delivered": False, "status": 302, "error": None}
    nobody = await add_webhook(person, "http://127.0.0.1:1/")
    answer = await person.post(f"{HOOKS}/{nobody['id']}/test")
    assert (answer.json["delivered"], answer.json["status"]) == (False, None)
    assert [(await sink.next()).json["event"] for _ in range(2)] == ["ping", "ping"]
    assert sink.received.empty(), "a redirect was followed"


async def test_a_failed_delivery_is_tried_again_after_a_restart(
    person: ApiClient, server: ServerProcess, sink: Sink, installed: dict[str, str]
) -> None:
    sink.status = 500
    await add_webhook(person, sink.url)
    await write_entry(person, await write_journal(person))
    first = await sink.next()
    assert server.stop() == 0, server.log.read_text()
    assert "1 waiting" in listed(server.folder, installed)
    sink.status = 200
    again = ServerProcess(server.folder, {**installed, "JOURNIV_TEST_CLOCK": TWO_MINUTES})
    again.start()
    try:
        second = await sink.next()
        await forgotten(server.folder, installed)
    finally:
        assert again.stop() == 0, again.log.read_text()
    assert second.headers["Journiv-Delivery"] == first.headers["Journiv-Delivery"]
    assert second.body == first.body


async def test_a_server_keeps_to_the_open_network_unless_it_is_told_otherwise(
    tmp_path: Path, site: Path, session: Any
) -> None:
    server = ServerProcess(tmp_path, {"PYTHONPATH": str(site)})
    server.start()
    try:
        stranger = ApiClient(session, server.url, server.contract)
        person = await register(stranger, "sam@example.org")
        for url in (server.url, "http://localhost/", "http://[::1]/", "http://169.254.169.254/"):
            assert (await person.post(f"{HOOKS}/", {"url": url})).status == 422
    finally:
        assert server.stop() == 0


def listed(folder: Path, installed: dict[str, str]) -> str:
    """Return what `journiv webhooks list` prints."""
    ran = subprocess.run(
        [sys.executable, "-m", "journiv", "webhooks", "list"],
        env={
            **installed,
            "ENVIRONMENT": "test",
            "JOURNIV_DATA": str(folder / "data"),
            "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
        },
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return ran.stdout


async def forgotten(folder: Path, installed: dict[str, str]) -> None:
    """Wait until nothing waits: the receiver knows earlier than the server that it arrived."""
    async with asyncio.timeout(20):
        while "0 waiting" not in await asyncio.to_thread(listed, folder, installed):
            await asyncio.sleep(0.05)


async def test_the_command_and_the_list_of_plugins_know_it(
    person: ApiClient, server: ServerProcess, sink: Sink, installed: dict[str, str]
) -> None:
    await add_webhook(person, sink.url, events=["entry.created"])
    assert listed(server.folder, installed) == (
        f"sam@example.org  {sink.url}  entry.created  0 waiting\n1 webhooks\n"
    )


async def test_a_deleted_accounts_webhooks_are_forgotten(
    person: ApiClient, server: ServerProcess, sink: Sink, session: Any, installed: dict[str, str]
) -> None:
    stranger = ApiClient(session, server.url, server.contract)
    other = await register(stranger, "eliza@example.org")
    await add_webhook(other, sink.url)
    gone = await other.delete("/users/me", json={"password": other.password})
    assert gone.status < 300, gone.json
    assert server.stop() == 0
    assert listed(server.folder, installed) == "0 webhooks\n"
