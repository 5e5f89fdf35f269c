"""Rate limits at the edge: per address before sign-in, per person after it, stricter for proofs."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from journiv.contracts.ratelimit import Decision, RateLimiter, Rule
from journiv.domain.errors import TooMany

# Presenting a proof (sign-in, registration, OIDC start): security.md D6, decision 35.
STRICT: Mapping[str, tuple[Rule, ...]] = {
    "sign-in": (
        Rule(name="sign-in-minute", limit=5, period=60, burst=10, vital=True),
        Rule(name="sign-in-hour", limit=60, period=3600, vital=True),
    ),
    "report": (Rule(name="report-minute", limit=10, period=60, vital=True),),
}

_PERIODS = {60: "1 minute", 3600: "1 hour"}


class RateLimited(TooMany):
    """A rate limit said no; carries what the `RateLimit-*` headers tell."""

    def __init__(self, rule: Rule, decision: Decision) -> None:
        period = _PERIODS.get(int(rule.period), f"{rule.period:g} seconds")
        super().__init__(
            f"Too many requests. Limit: {rule.limit} per {period}",
            max(1, math.ceil(decision.retry_after)),
        )
        self._decision = decision

    def headers(self) -> Mapping[str, str]:
        """Return the `RateLimit-*` headers of this refusal."""
        return {
            "RateLimit-Limit": str(self._decision.limit),
            "RateLimit-Remaining": str(self._decision.remaining),
            "RateLimit-Reset": str(max(1, math.ceil(self._decision.reset_after))),
        }


class RateLimits:
    """Counts requests. `exempt` are CIDRs never counted."""

    def __init__(
        self,
        limiter: RateLimiter,
        *,
        per_minute: int,
        signed_in_factor: float,
        exempt: Sequence[str] = (),
    ) -> None:
        self._limiter = limiter
        self._anonymous = Rule(name="anonymous", limit=per_minute, period=60)
        self._person = Rule(
            name="person", limit=max(1, round(per_minute * signed_in_factor)), period=60
        )
        networks = tuple(ipaddress.ip_network(cidr, strict=False) for cidr in exempt)
        self._exempt = lru_cache(maxsize=1024)(lambda client: _inside(client, networks))

    async def anonymous(self, client: str) -> None:
        """Count a request without a valid sign-in. Raises `RateLimited`."""
        if not self._exempt(client):
            await self._count(f"ip:{bucket_address(client)}", self._anonymous)

    async def person(self, user_id: str, client: str) -> None:
        """Count a signed-in request. Raises `RateLimited`."""
        if not self._exempt(client):
            await self._count(f"user:{user_id}", self._person)

    async def strict(self, bucket: str, client: str) -> None:
        """Count a proof of identity. Raises `RateLimited`."""
        if self._exempt(client):
            return
        key = f"{bucket}:{bucket_address(client)}"
        for rule in STRICT[bucket]:
            await self._count(f"{key}:{rule.name}", rule)

    async def _count(self, key: str, rule: Rule) -> None:
        decision = await self._limiter.hit(key, rule)
        if not decision.allowed:
            raise RateLimited(rule, decision)


@lru_cache(maxsize=4096)
def bucket_address(client: str) -> str:
    """Return what is counted as one client: an IPv4 address, or the /64 an IPv6 address is in."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    if isinstance(address, ipaddress.IPv4Address):
        return client
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _inside(client: str, networks: Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in networks)
