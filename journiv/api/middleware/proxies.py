"""Who the client is when proxies stand in between (decision 11)."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from functools import lru_cache

from aiohttp import web

_PRIVATE = (
    "127.0.0.0/8",
    "::1/128",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "fc00::/7",
    "fe80::/10",
)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """Knows which peers may say for whom they forward.

    `trusted` is a comma-separated list of CIDRs, or `auto`: loopback and private networks when
    the public address is https, nobody otherwise.
    """

    def __init__(self, trusted: str, *, https: bool) -> None:
        self._networks = networks_of(trusted, https=https)
        self._trusts = lru_cache(maxsize=4096)(self._inside)

    def client_of(self, request: web.Request) -> str:
        """Return the address of the client: the rightmost one that is not a trusted proxy."""
        peer = request.remote or "unknown"
        if not self._networks or not self._trusts(peer):
            return peer
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
        for hop in reversed(forwarded.split(",")):
            address = _address(hop.strip())
            if address is None:
                break
            peer = address
            if not self._trusts(address):
                break
        return peer

    def _inside(self, text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None) or address
        return any(mapped in network for network in self._networks)


def networks_of(trusted: str, *, https: bool) -> Sequence[Network]:
    """Read `TRUSTED_PROXIES`. Raises `ValueError` for what is no network."""
    if trusted.strip().lower() == "auto":
        cidrs: Sequence[str] = _PRIVATE if https else ()
    else:
        cidrs = [part.strip() for part in trusted.split(",") if part.strip()]
    return tuple(ipaddress.ip_network(cidr, strict=False) for cidr in cidrs)


def _address(hop: str) -> str | None:
    """Read one hop: an address, perhaps with a port (`1.2.3.4:80`, `[::1]:80`)."""
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return None
