from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientSession

from journiv.config import Sources, core
from journiv.domain.errors import ConfigError
from tests.unit.api.conftest import Serve

PATH = "/.well-known/security.txt"


async def test_a_contact_is_told_with_a_date_that_is_ahead(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(
        [],
        SECURITY_CONTACT="mailto:safety@example.org",
        DOMAIN_NAME="diary.example.org",
        DOMAIN_SCHEME="https",
    )
    async with http.get(url + PATH) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        fields = dict(line.split(": ", 1) for line in (await answer.text()).splitlines())
    assert fields["Contact"] == "mailto:safety@example.org"
    assert fields["Canonical"] == f"https://diary.example.org{PATH}"
    left = datetime.fromisoformat(fields["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


async def test_without_a_contact_there_is_no_file_and_no_page(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve([])
    async with http.get(url + PATH, headers={"Accept": "text/html"}) as answer:
        assert answer.status == 404
        assert "html" not in answer.headers["Content-Type"]


@pytest.mark.parametrize("contact", ["me@example.org", "http://x.org", "mailto:a\nExpires: b"])
def test_a_contact_is_an_address_of_a_kind(contact: str) -> None:
    with pytest.raises(ConfigError, match="SECURITY_CONTACT"):
        core(Sources({"JOURNIV_DATA": "data", "SECURITY_CONTACT": contact}, None, {}))
