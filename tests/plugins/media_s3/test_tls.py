from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from journiv.domain.errors import ConfigError, Unavailable
from tests.plugins.media_s3.conftest import media_at
from tests.proxies import certificates
from tests.proxies.certificates import Certificates
from tests.services.s3 import S3Server


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates.make(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory, made: Certificates) -> Iterator[str]:
    """The URL of media at an object store with a certificate for localhost."""
    server = S3Server(
        tmp_path_factory.mktemp("s3"), "--cert", str(made.chain), "--key", str(made.key)
    )
    server.endpoint = f"https://localhost:{server.port}"
    server.start()
    yield server.url()
    server.stop()


async def test_the_given_authority_is_trusted(tls: str, made: Certificates) -> None:
    await media_at(tls, ca_file=str(made.authority)).ping()


async def test_no_other_authority_is(tls: str, tmp_path: Path) -> None:
    other = certificates.make(tmp_path, "localhost").authority
    for trusted in (None, str(other)):
        with pytest.raises(Unavailable) as raised:
            await media_at(tls, ca_file=trusted, timeout_seconds=1).ping()
        assert raised.value.detail.startswith("The object store does not answer: localhost:")


async def test_the_certificate_is_for_the_name_asked_for(tls: str, made: Certificates) -> None:
    elsewhere = tls.replace("localhost", "127.0.0.1")
    with pytest.raises(Unavailable):
        await media_at(elsewhere, ca_file=str(made.authority), timeout_seconds=1).ping()


@pytest.mark.parametrize("content", [None, "no certificates"])
async def test_a_file_without_certificates_is_a_sentence(
    tls: str, tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError) as raised:
        await media_at(tls, ca_file=str(path)).ping()
    assert str(raised.value) == f"The ca_file of [media_s3], {path}, holds no certificates."
