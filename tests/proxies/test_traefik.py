"""Traefik is no Debian package: what it would send, and the labels it would read."""

from __future__ import annotations

import re

from aiohttp import ClientSession

from devtools.paths import ROOT
from tests.api.server import ServerProcess
from tests.proxies.conftest import client_of
from tests.proxies.processes import NAME

COMPOSE = (ROOT / "deploy" / "traefik" / "compose.yaml").read_text()


async def test_what_traefik_sends_names_client_and_scheme(
    server: ServerProcess,
) -> None:
    headers = {
        "Host": NAME,
        "X-Forwarded-For": "198.51.100.7",
        "X-Forwarded-Host": NAME,
        "X-Forwarded-Port": "443",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Server": "3f1c",
        "X-Real-Ip": "198.51.100.7",
        "X-Request-ID": "traefik-client",
    }
    url = f"{server.url}/api/v1/health"
    async with ClientSession() as http, http.get(url, headers=headers) as answer:
        assert answer.status == 200
        assert "Strict-Transport-Security" in answer.headers
    assert await client_of(server, "traefik-client") == "198.51.100.7"


def test_its_file_has_the_labels_of_the_page() -> None:
    labels = dict(re.findall(r"- (traefik\.[\w.]+)=(.+)", COMPOSE))
    assert labels == {
        "traefik.enable": "true",
        "traefik.http.routers.journiv.rule": f"Host(`{NAME}`)",
        "traefik.http.routers.journiv.entrypoints": "websecure",
        "traefik.http.routers.journiv.tls.certresolver": "letsencrypt",
        "traefik.http.services.journiv.loadbalancer.server.port": "8000",
    }
    assert "journiv_data:/data" in COMPOSE
    assert f"DOMAIN_NAME: {NAME}" in COMPOSE
    assert "DOMAIN_SCHEME: https" in COMPOSE
    assert not re.search(r'- "?(\d+:)?8000', COMPOSE), "only Traefik may be reachable"
