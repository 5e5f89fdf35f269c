from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer


async def test_anybody_may_ask_for_health_but_not_for_the_version(client: ApiClient) -> None:
    answer = await client.get("/health")
    assert answer.status == 200
    assert set(answer.json) == {"status", "timestamp", "service", "database"}
    assert (answer.json["status"], answer.json["database"]) == ("healthy", "connected")


async def test_only_an_administrator_sees_the_version(admin: ApiClient, new_user: NewUser) -> None:
    person = await new_user()
    assert "version" not in (await person.get("/health")).json
    assert (await admin.get("/health")).json["version"]


async def test_memory_is_told_in_megabytes(client: ApiClient) -> None:
    answer = await client.get("/memory")
    assert answer.status == 200
    assert answer.json["process_memory"]["rss_mb"] > 1


@pytest.mark.parametrize("probe", ["/livez", "/readyz"])
async def test_probes_answer_at_any_host_name(client: ApiClient, probe: str) -> None:
    answer = await client.request("GET", probe, root=True, headers={"Host": "10.1.2.3:8000"})
    assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_a_server_ends_by_itself_when_asked_to(start_server: StartServer) -> None:
    assert start_server().stop() == 0
