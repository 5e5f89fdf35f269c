"""Rate limits."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.ratelimit import RateLimitBackend
from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_register_rate_limiters() -> Iterable[RateLimitBackend]:  # type: ignore[empty-body]
    """Offer rate limiters.

    Called by: the loader, at start; the scheme of `RATE_LIMIT_STORAGE_URI` chooses one.

    Returns:
        Descriptors; their `create` runs only for the chosen one.

    Several plugins: names and schemes are unique; `JOURNIV_RATE_LIMITER=<plugin>` settles a clash.
    Errors: no limiter for the scheme stops the start.
    Since: 0.1. Stability: provisional. Used by: builtin (`memory`), ratelimit_redis.
    """
