"""Errors that quote what people wrote, log lines that repeat it, and a limiter that fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping
from typing import Any

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.ratelimit import Decision, RateLimitBackend, RateLimiter, Rule
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.errors import Unavailable

JOURNIV_API = "0.1"

_TEXT = Schema("Mishap", {"text": {"type": "text", "required": True}})


@hookimpl
def journiv_register_routes(ctx: PluginContext) -> Iterable[RouteDef]:
    """A route that fails over a text, and one that logs it."""

    async def fail(call: Call) -> Any:
        text = call.body["text"]
        try:
            ctx.store.read(text)  # a TypeError that quotes nothing
        except TypeError:
            raise ValueError(f"SELECT * FROM entries WHERE content = '{text}'") from KeyError(text)

    async def say(call: Call) -> Any:
        said = call.body["text"].encode("ascii", "backslashreplace").decode("unicode_escape")
        ctx.log.warning("somebody said %s", said)
        return {"text": "said"}

    return [_route("/fail", fail), _route("/say", say)]


@hookimpl
def journiv_register_rate_limiters() -> Iterable[RateLimitBackend]:
    """A limiter that is down while a file lies in the data folder, `slow` or not."""
    return [
        RateLimitBackend(
            name="flaky", schemes=("flaky",), summary="counts, or fails", create=_limiter
        )
    ]


class Flaky(RateLimiter):
    """Allows everything, unless it is down."""

    def __init__(self, ctx: PluginContext) -> None:
        self._down = ctx.core.data / "limiter-is-down"

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        if self._down.exists():
            if self._down.read_text() == "slow":
                await asyncio.sleep(30)
            raise Unavailable(f"redis://:canary-password@cache is away at {time.time()}")
        return Decision(
            allowed=True, limit=rule.limit, remaining=1, retry_after=0.0, reset_after=0.0
        )


def _limiter(settings: Mapping[str, Any], ctx: PluginContext) -> RateLimiter:
    return Flaky(ctx)


def _route(path: str, handler: Any) -> RouteDef:
    return RouteDef(
        method="POST",
        path=path,
        handler=handler,
        access=Access.PUBLIC,
        summary="Go wrong",
        body=_TEXT,
        answers={200: _TEXT},
    )
