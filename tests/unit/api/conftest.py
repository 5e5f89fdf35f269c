from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest
from aiohttp import ClientSession, web

from journiv.api import Mount, build, runner
from journiv.config import Sources, core
from journiv.contracts.ratelimit import Decision, RateLimiter, Rule
from journiv.contracts.routes import RouteDef
from journiv.contracts.storage import Store
from journiv.contracts.tokens import Principal
from journiv.domain.clock import SystemClock
from journiv.domain.errors import AuthenticationFailed, Forbidden
from journiv.domain.scope import UserScope
from tests.conftest import AddUser

Serve = Callable[..., Awaitable[str]]


class CountingLimiter(RateLimiter):
    """Allows `burst` (or `limit`) events a key, for ever; remembers what it counted."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    async def hit(self, key: str, rule: Rule, cost: int = 1) -> Decision:
        self.counts[key] = self.counts.get(key, 0) + cost
        allowed = self.counts[key] <= (rule.burst or rule.limit)
        left = max(0, rule.limit - self.counts[key])
        return Decision(
            allowed=allowed, limit=rule.limit, remaining=left, retry_after=12.5, reset_after=60.0
        )


class People:
    """Tokens are names: `sam` is a user, `root` an administrator, `ghost` is inactive."""

    def __init__(self, ids: dict[str, str]) -> None:
        self._ids = ids

    async def principal(self, token: str) -> Principal:
        if token == "ghost":
            raise Forbidden("User account is inactive")
        if token not in self._ids:
            raise AuthenticationFailed("Could not validate credentials")
        return Principal(
            user_id=self._ids[token],
            session_id=self._ids[token],
            email=f"{token}@example.org",
            role="admin" if token == "root" else "user",
            security_version=1,
            expires_at=2**40,
            authenticated_at=0,
            scope=UserScope(self._ids[token]),
        )


@pytest.fixture
def limiter() -> CountingLimiter:
    return CountingLimiter()


@pytest.fixture
def log() -> list[bytes]:
    """Takes the access log."""
    return []


@pytest.fixture
def running() -> list[web.AppRunner]:
    """The servers that `serve` started."""
    return []


@pytest.fixture
async def serve(
    store: Store,
    add_user: AddUser,
    limiter: CountingLimiter,
    log: list[bytes],
    running: list[web.AppRunner],
) -> AsyncIterator[Serve]:
    """Serves routes over TCP: `url = await serve([route, …], MAX_IN_FLIGHT="1")`."""
    people = {name: (await add_user(f"{name}@example.org")).user_id for name in ("sam", "root")}

    async def start(routes: Sequence[RouteDef], **environ: str) -> str:
        given = {"ENVIRONMENT": "test", "JOURNIV_DATA": "data", "JOURNIV_WEB": "off", **environ}
        app = build(
            core(Sources(given, None, {})),
            [Mount("/api/v1", routes)],
            principal=People(people).principal,
            limiter=limiter,
            store=store,
            clock=SystemClock(),
            version="1.2.3",
            access_log=log.append,
        )
        running.append(runner(app))
        await running[-1].setup()
        site = web.TCPSite(running[-1], "127.0.0.1", 0)
        await site.start()
        port = running[-1].addresses[0][1]
        return f"http://127.0.0.1:{port}"

    yield start
    for one in running:
        await one.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session
