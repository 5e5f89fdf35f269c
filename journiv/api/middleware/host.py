"""Which `Host` a request may name (decision 34): against DNS rebinding and poisoned links."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from aiohttp import web

from journiv.api.problems import HttpProblem

PROBES = frozenset({"/livez", "/readyz"})
_ANY = "*"
_PORT = re.compile(r"(:\d*)?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9_-]{1,63}", re.ASCII)

UNKNOWN: Final = (
    "This server does not answer for that host name. Its names are DOMAIN_NAME and ALLOWED_HOSTS."
)


class HostCheck:
    """Refuses other hosts with 421.

    Accepted are `hosts` (a port does not matter; a leading dot takes subdomains; `*` takes all),
    loopback, and from a private peer any single-label name, which is how containers call each
    other. Probes come by address and are not checked.
    """

    def __init__(self, hosts: Iterable[str]) -> None:
        names = [host_name(host.strip()) for host in hosts if host.strip()]
        self._any = _ANY in names
        self._names = frozenset({*names, "localhost"})
        self._suffixes = tuple(name for name in names if name.startswith("."))
        self._known: set[str] = set()

    @web.middleware
    async def handle(
        self,
        request: web.Request,
        handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
    ) -> web.StreamResponse:
        """Run the rest for an accepted host. Raises `HttpProblem` (421)."""
        sent = request.headers.get("Host", "")
        self._require(sent, request)
        # `GET http://other/` names a host too, and is the one that counts (RFC 9112 section 3.2.2).
        if request.host != sent:
            self._require(request.host, request)
        return await handler(request)

    def _require(self, sent: str, request: web.Request) -> None:
        if sent not in self._known and not self._admit(sent, request):
            raise HttpProblem(421, UNKNOWN)

    def _admit(self, sent: str, request: web.Request) -> bool:
        name = host_name(sent)
        if self._any or self._accepted(name):
            if len(self._known) < 256:
                self._known.add(sent)
            return True
        if request.path in PROBES:
            return True
        return _LABEL.fullmatch(name) is not None and is_private(request.remote)

    def _accepted(self, name: str) -> bool:
        if name in self._names or name.endswith(self._suffixes):
            return bool(name)
        try:
            return ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False


def host_name(sent: str) -> str:
    """Return a `Host` header's name, lower-case, without port, brackets and last dot.

    Returns "" where anything but a port follows the name (RFC 9110 section 7.2).
    """
    if sent.startswith("["):
        name, closed, rest = sent[1:].partition("]")
        return name.lower() if closed and _PORT.fullmatch(rest) else ""
    if sent.count(":") > 1:
        return sent.lower()  # an IPv6 address that somebody wrote into a setting
    name, colon, port = sent.partition(":")
    return name.lower().rstrip(".") if _PORT.fullmatch(colon + port) else ""


def is_private(peer: str | None) -> bool:
    """Say whether a peer's address is loopback or of a private network."""
    try:
        return ipaddress.ip_address(peer or "").is_private
    except ValueError:
        return False
