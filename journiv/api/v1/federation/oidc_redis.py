"""Keeping sign-ins in Redis instead of the browser's cookie, when `REDIS_URL` names one."""

from __future__ import annotations

import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web
from aiohttp_session import AbstractStorage, Session
from redis.asyncio import Redis
from redis.asyncio.connection import parse_url
from redis.exceptions import RedisError

from journiv.domain.errors import ConfigError, Unavailable

DOWN: Final = "Sign-ins cannot be kept right now, because Redis does not answer; try again soon."
PATIENCE: Final = 2.0
_PREFIX: Final = "journiv:oidc:"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class RedisStorage(AbstractStorage):
    """The cookie names a row in Redis that lives as long as the cookie.

    Sign-ins are rare, so each step has a connection of its own and none is kept. Every failure of
    Redis is `Unavailable`. Raises `ConfigError` for an address that is none.
    """

    def __init__(self, url: str, **options: Any) -> None:
        super().__init__(**options)
        try:
            parse_url(url)
        except ValueError as error:
            raise ConfigError(f"REDIS_URL is not the address of a Redis: {error}") from None
        self._url = url

    async def load_session(self, request: web.Request) -> Session:
        """Read the row the cookie names; a new session without one."""
        name = self.load_cookie(request)
        kept = None
        if name is not None and _NAME.fullmatch(name):
            async with self._redis() as redis:
                kept = await redis.get(_PREFIX + name)
        if kept is None:
            return Session(None, data=None, new=True, max_age=self.max_age)
        text = kept.decode() if isinstance(kept, bytes) else kept
        return Session(name, data=self._decoder(text), new=False, max_age=self.max_age)

    async def save_session(
        self, request: web.Request, response: web.StreamResponse, session: Session
    ) -> None:
        """Write the row under a new name, so that an old cookie is worth nothing."""
        async with self._redis() as redis:
            if session.identity is not None:
                await redis.delete(_PREFIX + session.identity)
            if session.empty:
                self.save_cookie(response, "")
                return
            name = secrets.token_urlsafe(32)
            row = self._encoder(self._get_session_data(session))
            await redis.set(_PREFIX + name, row, ex=self.max_age)
        self.save_cookie(response, name, max_age=session.max_age)

    @asynccontextmanager
    async def _redis(self) -> AsyncIterator[Redis]:
        try:
            async with Redis.from_url(
                self._url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE
            ) as redis:
                yield redis
        except (RedisError, OSError) as error:
            raise Unavailable(DOWN) from error
