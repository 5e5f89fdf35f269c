from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from socket import AF_INET
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession, DummyCookieJar, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.api.server import ServerProcess
from tests.ports import free_port
from tests.proxies import certificates, processes
from tests.proxies.certificates import Certificates
from tests.proxies.processes import NAME, Ports, Proxy

CLIENT = "127.0.0.9"
Start = Callable[[Path, Ports, Certificates], Proxy]
READY: dict[str, Start] = {
    "nginx": processes.nginx,
    "nginx-replicas": processes.replicas_nginx,
    "caddy": processes.caddy,
    "haproxy": processes.haproxy,
}


@dataclass(frozen=True, slots=True)
class Site:
    """A server and the proxy before it."""

    server: ServerProcess
    proxy: Proxy


async def client_of(server: ServerProcess, request_id: str) -> str:
    """Return whom the server took for the client of a request."""
    async with asyncio.timeout(5):
        while True:
            for line in server.log.read_text(errors="replace").splitlines():
                if request_id in line:
                    client: str = orjson.loads(line)["client"]
                    return client
            await asyncio.sleep(0.02)


class _Everywhere(AbstractResolver):
    """Finds every name on this machine."""

    async def resolve(self, host: str, port: int = 0, family: Any = AF_INET) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=port, family=AF_INET, proto=0, flags=0
            )
        ]

    async def close(self) -> None:
        pass


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("certificates"), NAME)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server as the page sets it up: its name and https, nothing about proxies."""
    process = ServerProcess(
        tmp_path_factory.mktemp("proxied"),
        {"DOMAIN_NAME": NAME, "DOMAIN_SCHEME": "https"},
    )
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


@pytest.fixture(scope="session", params=READY)
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    server: ServerProcess,
    made: Certificates,
) -> Iterator[Site]:
    """Every proxy of `deploy/` that runs here, one after the other."""
    folder = tmp_path_factory.mktemp(request.param)
    proxy = READY[request.param](folder, _ports(server), made)
    yield Site(server, proxy)
    proxy.stop()


@pytest.fixture(scope="session")
def literal(
    tmp_path_factory: pytest.TempPathFactory, server: ServerProcess, made: Certificates
) -> Iterator[Site]:
    """nginx with one rule and nothing else."""
    proxy = processes.literal_nginx(tmp_path_factory.mktemp("literal"), _ports(server), made)
    yield Site(server, proxy)
    proxy.stop()


@pytest.fixture
async def http(made: Certificates) -> AsyncIterator[ClientSession]:
    """A client at an address of its own that trusts the test's authority and nobody else."""
    connector = TCPConnector(
        resolver=_Everywhere(),
        local_addr=(CLIENT, 0),
        ssl=ssl.create_default_context(cafile=str(made.authority)),
        force_close=True,
    )
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar()) as session:
        yield session
    await asyncio.sleep(0.1)  # TLS transports close some turns of the loop later


def _ports(server: ServerProcess) -> Ports:
    return Ports(plain=free_port(), tls=free_port(), server=server.port)
