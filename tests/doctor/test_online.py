"""What `doctor --online` finds at the public address, behind TLS of a throw-away authority."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.doctor.installation import Installation
from tests.doctor.proxy import proxy
from tests.proxies import certificates
from tests.proxies.certificates import Certificates


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("lasting"), "localhost", days=60)


def online(
    installation: Installation, name: str, trusted: Certificates | None, **settings: str
) -> dict[str, str]:
    trust = {} if trusted is None else {"SSL_CERT_FILE": str(trusted.authority)}
    return installation.lines("--online", DOMAIN_NAME=name, **trust, **settings)


@pytest.fixture
def seen_online(installation: Installation, lasting: Certificates) -> dict[str, str]:
    """How the lines stand when all is well."""
    with proxy(lasting) as name:
        return online(installation, name, lasting)


def test_a_good_address_passes_two_more_lines(good, seen_online):
    assert seen_online == good | {"N2": "pass", "N5": "pass"}


def test_a_certificate_that_ends_soon_flips_its_line(tmp_path, installation, seen_online):
    ending = certificates.make(tmp_path, "localhost", days=5)
    with proxy(ending) as name:
        assert online(installation, name, ending) == seen_online | {"N2": "warn"}


def test_a_certificate_nobody_trusts_flips_its_line(installation, lasting, seen_online):
    with proxy(lasting) as name:
        assert online(installation, name, None) == seen_online | {"N2": "fail"}


def test_a_certificate_for_another_name_flips_its_line(tmp_path, installation, seen_online):
    other = certificates.make(tmp_path, "other.test", days=60)
    with proxy(other) as name:
        assert online(installation, name, other) == seen_online | {"N2": "fail"}


def test_a_proxy_that_passes_on_the_api_alone_flips_its_line(installation, lasting, seen_online):
    with proxy(lasting, pages=False) as name:
        assert online(installation, name, lasting) == seen_online | {"N5": "fail"}


def test_a_server_that_answers_beside_the_proxy_flips_its_line(
    installation, lasting, seen_online, server
):
    with proxy(lasting) as name:
        found = online(installation, name, lasting, APP_PORT=str(server.port))
    assert found == seen_online | {"N4": "warn"}


def test_an_address_nobody_answers_at_fails_one_line(installation, good):
    assert online(installation, "localhost:1", None) == good | {"N5": "fail"}


def test_what_tls_shows_stands_in_for_what_the_proxy_says(installation, lasting, seen_online):
    installation.saw(scheme="")
    with proxy(lasting) as name:
        assert online(installation, name, lasting) == seen_online


class Provider(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = b'{"issuer": "http://127.0.0.1:%d"}' % self.server.server_address[1]
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture
def issuer() -> Iterator[str]:
    """A provider that says no more than who it is."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(("end", "status"), [("", "pass"), ("/realms/x", "fail")])
def test_the_provider_is_asked(installation, lasting, seen_online, issuer, end, status):
    sso = {"OIDC_ENABLED": "true", "OIDC_CLIENT_ID": "journiv"}
    with proxy(lasting) as name:
        found = online(installation, name, lasting, OIDC_ISSUER=issuer + end, **sso)
    assert found == seen_online | {"U4": status}


def test_without_online_nobody_is_asked(tmp_path: Path, installation, lasting, good):
    with proxy(lasting) as name:
        assert installation.lines(DOMAIN_NAME=name) == good
