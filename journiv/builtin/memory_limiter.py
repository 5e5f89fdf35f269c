"""Counting in this process's memory, for one process and for tests.

GCRA: of each key only one number is kept, the time at which its bucket would be empty again
(the "theoretical arrival time" of ITU-T I.371).
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from journiv.contracts.ratelimit import Decision, RateLimiter, Rule

MOST_KEYS: Final = 100_000
_ROUNDING: Final = 1e-6  # sums of fractions of a second miss the exact value by less


class MemoryLimiter(RateLimiter):
    """Keeps at most `most_keys` buckets; beyond that the one longest untouched is forgotten.

    `now` returns seconds of a clock that never goes back.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, *, most_keys: int = MOST_KEYS
    ) -> None:
        self._now = now
        self._most_keys = most_keys
        self._empty_at: OrderedDict[tuple[str, str], float] = OrderedDict()

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        """See `RateLimiter`. An event that does not pass is not counted."""
        now = self._now()
        spacing = rule.period / rule.limit
        depth = spacing * (rule.burst or rule.limit)
        bucket = (rule.name, key)
        before = max(self._empty_at.get(bucket, now), now)
        after = before + cost * spacing
        wait = after - depth - now
        if wait > _ROUNDING:
            return _decision(rule, before - now, depth, spacing, wait)
        self._empty_at[bucket] = after
        self._empty_at.move_to_end(bucket)
        if len(self._empty_at) > self._most_keys:
            self._empty_at.popitem(last=False)
        return _decision(rule, after - now, depth, spacing, None)

    async def reset(self, key: str, rule: Rule) -> None:
        """See `RateLimiter`."""
        self._empty_at.pop((rule.name, key), None)


def _decision(
    rule: Rule, fill: float, depth: float, spacing: float, wait: float | None
) -> Decision:
    return Decision(
        allowed=wait is None,
        limit=rule.limit,
        remaining=max(0, math.floor((depth - fill + _ROUNDING) / spacing)),
        retry_after=0.0 if wait is None else wait,
        reset_after=fill,
    )
