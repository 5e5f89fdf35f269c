"""Rate limits in Redis, shared by every server that counts there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.ratelimit import RateLimitBackend, RateLimiter
from journiv_ratelimit_redis.schemes import SCHEMES

JOURNIV_API = "0.1"


@hookimpl
def journiv_register_rate_limiters() -> Iterable[RateLimitBackend]:
    """Offer the limiter."""
    return [
        RateLimitBackend(
            name="redis",
            summary="counts in Redis, for one server or many",
            create=_create,
            schemes=SCHEMES,
        )
    ]


def _create(settings: Mapping[str, Any], ctx: PluginContext) -> RateLimiter:
    from journiv_ratelimit_redis.clients import clients_for
    from journiv_ratelimit_redis.limiter import RedisLimiter

    url = ctx.core.rate_limit_storage_uri
    return RedisLimiter(clients_for(url, ctx.core.ca_file), url)
