from __future__ import annotations

import pytest

from journiv_store_postgres.checklist import Seen, _encryption, _network, _password
from tests.plugins.store_postgres.conftest import OpenStore
from tests.ports import free_port
from tests.services.postgres import PostgresServer

LONG = "b7Qe2mZt9KxW4rVn"
CLOSED = Seen(superuser=False, encrypted=False, listens="localhost", fsync="on")
ENCRYPTED = Seen(superuser=False, encrypted=True, listens="*", fsync="on")


async def test_a_running_server_is_judged_line_by_line(
    store_at: OpenStore, postgres: PostgresServer
) -> None:
    name = postgres.new_database().rpartition("/")[2]
    found = {one.id: one for one in await store_at(postgres.url(name)).findings()}
    assert {line: one.status for line, one in found.items()} == {
        "D1": "fail",  # the tests' server does not wait for its disk
        "D2": "warn",
        "D3": "pass",
        "D4": "manual",
        "D5": "pass",
    }
    assert "fsync" in found["D1"].advice


async def test_a_server_that_is_away_is_a_finding_and_no_error(store_at: OpenStore) -> None:
    url = f"postgresql://sam:hidden-word@127.0.0.1:{free_port()}/journiv"
    found = await store_at(url).findings()
    assert {one.status for one in found} == {"manual"}
    assert not [one for one in found if "hidden-word" in one.advice]


@pytest.mark.parametrize(
    ("url", "status"),
    [
        (f"postgresql://sam:{LONG}@db/journiv", "pass"),
        ("postgresql://sam:short@db/journiv", "fail"),
        (f"postgresql://{LONG}:{LONG}@db/journiv", "fail"),
        ("postgresql://sam@db/journiv", "warn"),
        ("postgresql://sam@/journiv?host=/run/postgresql", "pass"),
    ],
)
def test_D2_passwords_are_long_and_no_names(url: str, status: str) -> None:
    assert _password(url)[0] == status


@pytest.mark.parametrize(
    ("url", "seen", "status"),
    [
        ("postgresql://sam@db/journiv", CLOSED, "fail"),
        ("postgresql://sam@127.0.0.1/journiv", CLOSED, "pass"),
        ("postgresql://sam@db/journiv?sslmode=require", ENCRYPTED, "warn"),
        ("postgresql://sam@db/journiv?sslmode=verify-full", ENCRYPTED, "pass"),
    ],
)
def test_D3_the_way_is_encrypted_and_the_other_end_is_known(
    url: str, seen: Seen, status: str
) -> None:
    assert _encryption(url, seen)[0] == status


@pytest.mark.parametrize(
    ("url", "seen", "status"),
    [
        ("postgresql://sam@localhost/journiv", CLOSED, "pass"),
        ("postgresql://sam@10.0.0.5/journiv", ENCRYPTED, "manual"),
        ("postgresql://sam@9.9.9.9/journiv", ENCRYPTED, "warn"),
    ],
)
def test_D5_the_database_is_not_at_a_public_address(url: str, seen: Seen, status: str) -> None:
    assert _network(url, seen)[0] == status
