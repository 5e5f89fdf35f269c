from __future__ import annotations

import pytest
from aiohttp import ThreadedResolver

from journiv_webhooks.destinations import OpenResolver, Refused, check_url

CLOSED = (
    "127.0.0.1", "localhost", "LOCALHOST.", "10.0.0.8", "192.168.1.1", "172.16.0.1", "0.0.0.0",
    "169.254.169.254", "100.64.0.1", "224.0.0.1", "[::1]", "[fe80::1]", "[fd00::1]",
    "[::ffff:127.0.0.1]",
)  # fmt: skip


@pytest.mark.parametrize("host", CLOSED)
def test_private_addresses_are_refused_unless_they_are_allowed(host):
    with pytest.raises(Refused):
        check_url(f"http://{host}:8080/in", private=False)
    check_url(f"http://{host}:8080/in", private=True)


@pytest.mark.parametrize(
    "url",
    ["https://example.org/in?a=b", "http://93.184.215.14/", "https://[2606:4700::1111]:8443/"],
)
def test_the_open_network_is_allowed(url):
    check_url(url, private=False)


@pytest.mark.parametrize(
    "url", ["", "example.org", "//example.org", "ftp://example.org/", "file:///etc/passwd",
            "javascript:alert(1)", "http://", "http://[::1", "http://example.org:99999/",
            "http://sam@example.org/", "http://sam:pw@example.org/", "http://example.org/a b",
            "http://example.org/\r\nHost: other"]
)  # fmt: skip
def test_what_is_no_plain_web_address_is_refused_even_where_private_ones_are_allowed(url):
    with pytest.raises(Refused):
        check_url(url, private=True)


@pytest.fixture
def names(monkeypatch):
    """What the names of this test's network lead to."""
    found = {}

    async def resolve(self, host, port=0, family=0):
        return [{"hostname": host, "host": one, "port": port} for one in found[host]]

    monkeypatch.setattr(ThreadedResolver, "resolve", resolve)
    return found


async def test_a_name_that_leads_home_is_not_connected_to(names):
    names["rebound.example"] = ["127.0.0.1", "192.168.1.1", "::1"]
    resolver = OpenResolver()
    with pytest.raises(OSError, match="private network"):
        await resolver.resolve("rebound.example", 80)
    await resolver.close()


async def test_of_several_addresses_the_open_ones_are_used(names):
    names["mixed.example"] = ["10.0.0.1", "93.184.215.14"]
    resolver = OpenResolver()
    found = await resolver.resolve("mixed.example", 443)
    assert [one["host"] for one in found] == ["93.184.215.14"]
    await resolver.close()
