"""What doctor says behind each proxy, ready-made and not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.api.server import ServerProcess
from tests.proxies import processes
from tests.proxies.certificates import Certificates
from tests.proxies.conftest import READY, Site, Start, _ports
from tests.proxies.processes import NAME

ACCOUNT = {"email": "sam@example.org", "name": "Sam", "password": "quill-Lantern-harbour-47"}


@pytest.fixture
def fresh(tmp_path: Path, made: Certificates, start: Start) -> Iterator[Site]:
    """A server that has seen no other proxy."""
    server = ServerProcess(tmp_path, {"DOMAIN_NAME": NAME, "DOMAIN_SCHEME": "https"})
    server.start()
    proxy = start(tmp_path, _ports(server), made)
    yield Site(server, proxy)
    proxy.stop()
    server.kill()


async def lines(http: ClientSession, site: Site) -> dict[str, str]:
    api = f"{site.proxy.url}/api/v1"
    async with http.post(f"{api}/auth/register", json=ACCOUNT) as answer:
        assert answer.status == 201
    async with http.post(f"{api}/auth/login", json=ACCOUNT) as answer:
        token = (await answer.json())["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    async with http.get(f"{api}/admin/doctor", headers=headers) as answer:
        return {row["id"]: row["status"] for row in await answer.json()}


@pytest.mark.parametrize("start", READY.values(), ids=READY)
async def test_doctor_is_content_behind_a_ready_made_proxy(http: ClientSession, fresh: Site):
    found = await lines(http, fresh)
    assert (found["N1"], found["I4"], found["I5"]) == ("pass", "pass", "pass")


@pytest.mark.parametrize("start", [processes.literal_nginx])
async def test_doctor_says_what_the_missing_headers_cost(http: ClientSession, fresh: Site):
    found = await lines(http, fresh)
    assert (found["N1"], found["I5"]) == ("warn", "manual")
