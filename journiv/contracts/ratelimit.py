"""How often somebody may do something."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final

from journiv.contracts.backend import Backend

ROUNDING: Final = 1e-6
"""Seconds by which sums of fractions of a second miss the exact value at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`limit` events in `period` seconds, of which `burst` at once (default: all).

    What is `vital` is counted in an outage of the limiter too, by the server itself.
    """

    name: str
    limit: int
    period: float
    burst: int | None = None
    vital: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer. Times are seconds; waiting `retry_after` makes the next event pass."""

    allowed: bool
    limit: int
    remaining: int
    retry_after: float
    reset_after: float

    @classmethod
    def of(cls, rule: Rule, *, fill: float, retry_after: float | None) -> Decision:
        """Return GCRA's answer for a bucket that will be empty in `fill` seconds.

        `retry_after` is None when the event passed.
        """
        spacing = rule.period / rule.limit
        room = spacing * (rule.burst or rule.limit) - fill
        return cls(
            allowed=retry_after is None,
            limit=rule.limit,
            remaining=max(0, math.floor((room + ROUNDING) / spacing)),
            retry_after=retry_after or 0.0,
            reset_after=fill,
        )


class RateLimiter(ABC):
    """Counts events by key (GCRA).

    The server waits 100 ms for an answer. After an error or without an answer it counts what is
    vital itself, lets the rest pass, and asks again 5 s later.
    """

    async def open(self) -> None:
        """Connect, before the server listens. Raises `Unavailable` (worth retrying)."""

    @abstractmethod
    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        """Count an event and say whether it passes. Raises `Unavailable` in an outage."""

    async def reset(self, key: str, rule: Rule) -> None:
        """Forget what was counted for a key."""

    async def ping(self) -> None:
        """Raise `Unavailable` when the limiter cannot count now."""

    async def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimitBackend(Backend[RateLimiter]):
    """Offers a rate limiter for the schemes of `RATE_LIMIT_STORAGE_URI`."""

    schemes: tuple[str, ...]
