"""Where deliveries may go. People choose the addresses, so the server must not trust them."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from aiohttp import ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult


class Refused(ValueError):
    """An address that nothing is delivered to; the text is a sentence for the person."""


def check_url(url: str, *, private: bool) -> None:
    """Raise `Refused` unless `url` is http or https and, without `private`, in the open network.

    Names are looked up when something is delivered, see `OpenResolver`.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Refused("This is not an address.") from None
    if parts.scheme not in ("http", "https") or not host:
        raise Refused("This must be an http or https address.")
    if parts.username is not None or parts.password is not None:
        raise Refused("This must not hold a name or password.")
    if any(letter <= " " or letter == "\x7f" for letter in url):
        raise Refused("This must not hold spaces or control characters.")
    if not private and _is_closed(host):
        raise Refused("This is an address of a private network.")


class OpenResolver(AbstractResolver):
    """Looks names up and keeps what is in the open network.

    Checking the addresses that are connected to, and not a lookup before, leaves no moment for the
    name to change its mind.
    """

    def __init__(self) -> None:
        self._resolver = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses of a name. Raises `OSError` when none may be used."""
        found = await self._resolver.resolve(host, port, family)
        open_ones = [one for one in found if not _is_closed(one["host"])]
        if not open_ones:
            raise OSError("the name leads into a private network")
        return open_ones

    async def close(self) -> None:
        """Let go."""
        await self._resolver.close()


def _is_closed(host: str) -> bool:
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_multicast or not address.is_global
