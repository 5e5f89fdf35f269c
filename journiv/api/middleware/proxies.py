"""Who the client is when proxies stand in between (decision 11)."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from aiohttp import web

from journiv.services.doctor.seen import Seen

HEADER: Final = "X-Forwarded-For"
SCHEME: Final = "X-Forwarded-Proto"
MAX_HOPS: Final = 10
_QUIET: Final = 3600.0  # seconds between two warnings
_SCHEMES: Final = frozenset({"", "http", "https"})
_PROBES: Final = frozenset({"/livez", "/readyz", "/api/v1/health"})
_log = logging.getLogger(__name__)

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
    the public address is https, nobody otherwise. `seen` is for whoever judges the settings;
    probes, which come past the proxy, are counted apart.
    """

    def __init__(self, trusted: str, *, https: bool, seen: Seen | None = None) -> None:
        self._networks = networks_of(trusted, https=https)
        self._trusts = lru_cache(maxsize=4096)(self._inside)
        self._warned_at: float | None = None
        self.seen: Final = Seen() if seen is None else seen

    def client_of(self, request: web.Request) -> str:
        """Return the address of the client: the rightmost one that is not a trusted proxy.

        A list that is too long or holds no address at its end tells nothing: the peer it is.
        """
        peer = request.remote or "unknown"
        if request.path in _PROBES:
            self.seen.probes += 1
        if not self._networks or not self._trusts(peer):
            if HEADER in request.headers:
                self._ignore(peer)
            return peer
        hops = ",".join(request.headers.getall(HEADER, ())).split(",", MAX_HOPS)
        self._count(request, named=hops != [""])
        return self._client(peer, hops) if len(hops) <= MAX_HOPS else peer

    def _count(self, request: web.Request, *, named: bool) -> None:
        """Note what a trusted peer told."""
        if named:
            self.seen.named += 1
            said = request.headers.get(SCHEME, "").rpartition(",")[2].strip().lower()
            self.seen.scheme = said if said in _SCHEMES else "another"
        elif request.path not in _PROBES:
            self.seen.unnamed += 1

    def _client(self, peer: str, hops: Sequence[str]) -> str:
        for hop in reversed(hops):
            address = _address(hop.strip())
            if address is None:
                break
            peer = address
            if not self._trusts(address):
                break
        return peer

    def _ignore(self, peer: str) -> None:
        """Count a header that nobody may send, and say so once an hour."""
        self.seen.ignored += 1
        now = time.monotonic()
        if self._warned_at is None or now - self._warned_at > _QUIET:
            self._warned_at = now
            _log.warning(
                "%s sent %s and is no trusted proxy, so the header was ignored. If it is your "
                "proxy, name it in TRUSTED_PROXIES; until then its users count as one.",
                peer, HEADER,
            )  # fmt: skip

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
    """Read one hop: an address, perhaps with a port (`1.2.3.4:80`, `[::1]:80`).

    A zone (`fe80::1%eth0`) means something on the proxy's machine only, and may be any text.
    """
    if "%" in hop:
        return None
    if hop.startswith("["):
        hop = hop[1:].partition("]")[0]
    elif hop.count(":") == 1:
        hop = hop.partition(":")[0]
    try:
        return str(ipaddress.ip_address(hop))
    except ValueError:
        return None
