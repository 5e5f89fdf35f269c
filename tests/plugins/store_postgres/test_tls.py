from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from journiv.domain.errors import ConfigError
from journiv.domain.scope import SYSTEM
from tests.plugins.store_postgres.conftest import OpenStore, asked
from tests.proxies import certificates
from tests.services.postgres import PostgresServer

ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def server(authority: Path) -> Iterator[PostgresServer]:
    """One that offers TLS, by the name localhost."""
    made = certificates.make(authority, "localhost")
    started = PostgresServer()
    started.start()
    for name, path in (("ssl_cert_file", made.chain), ("ssl_key_file", made.key)):
        mine = started.socket_folder / path.name
        shutil.copyfile(path, mine)
        mine.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(mine, started.socket_folder.owner())
        started.run(f"ALTER SYSTEM SET {name} = '{mine}'")
    started.run("ALTER SYSTEM SET ssl = on")
    started.run("SELECT pg_reload_conf()")
    yield started
    started.remove()


@pytest.fixture
def url(server: PostgresServer) -> str:
    return server.url("postgres").replace("127.0.0.1", "localhost")


@pytest.mark.parametrize(
    ("mode", "is_encrypted"),
    [("disable", False), ("prefer", True), ("require", True), ("verify-full", True)],
)
async def test_sslmode_says_whether_the_way_is_encrypted(
    url: str, authority: Path, store_at: OpenStore, mode: str, is_encrypted: bool
) -> None:
    url = f"{url}?sslmode={mode}&sslrootcert={authority / 'ca.pem'}"
    async with store_at(url) as store:
        assert await store.read(SYSTEM, lambda tx: asked(tx, ENCRYPTED)) is is_encrypted


async def test_verify_full_refuses_another_name_and_verify_ca_does_not(
    url: str, authority: Path, store_at: OpenStore
) -> None:
    url = f"{url.replace('localhost', '127.0.0.1')}?sslrootcert={authority / 'ca.pem'}"
    with pytest.raises(ConfigError, match="not trusted, or for another name"):
        await store_at(f"{url}&sslmode=verify-full").open()
    async with store_at(f"{url}&sslmode=verify-ca") as store:
        assert await store.read(SYSTEM, lambda tx: asked(tx, ENCRYPTED))


async def test_the_certificate_of_another_authority_is_refused(
    url: str, tmp_path: Path, store_at: OpenStore
) -> None:
    strangers = certificates.make(tmp_path, "localhost").authority
    with pytest.raises(ConfigError, match="set sslrootcert"):
        await store_at(f"{url}?sslmode=verify-full&sslrootcert={strangers}").open()
