"""What a browser keeps during a single sign-on, and the rows that make each step good once."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp_session import AbstractStorage, Session, get_session, session_middleware
from aiohttp_session.cookie_storage import EncryptedCookieStorage
from cryptography.fernet import Fernet, MultiFernet

from journiv.contracts.routes import Call
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.scope import SYSTEM

FLOW_LIVES: Final = timedelta(minutes=10)
COOKIE: Final = "oidc_flow"
_SPACE: Final = "oidc"

Work = Callable[[Session], Awaitable[web.StreamResponse]]


class Flow:
    """One browser's way through a sign-in; `storage` keeps what only that browser may bring."""

    def __init__(self, storage: AbstractStorage, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._middleware = session_middleware(storage)

    async def within(self, call: Call, work: Work) -> web.StreamResponse:
        """Run `work` with the browser's session; what it changes there goes out in the answer."""

        async def handler(request: web.Request) -> web.StreamResponse:
            return await work(await get_session(request))

        return await self._middleware(call.request, handler)

    async def put(self, kind: str, secret: str, value: Any, life: timedelta) -> None:
        """Keep a value that `secret` stands for."""
        key, ends_at = _key(kind, secret), instant(self._clock.now() + life)
        await self._store.write(SYSTEM, lambda tx: tx.kv.put(_SPACE, key, value, ends_at))

    async def take(self, kind: str, secret: str) -> Any | None:
        """Return a value once, None when it is used up, run out or unknown."""
        key, now = _key(kind, secret), instant(self._clock.now())
        return await self._store.write(SYSTEM, lambda tx: tx.kv.take(_SPACE, key, now))


def cookie_options(public_url: str) -> dict[str, Any]:
    """Return how the flow's cookie is set, whatever it holds."""
    return {
        "cookie_name": COOKIE,
        "max_age": int(FLOW_LIVES.total_seconds()),
        "httponly": True,
        "samesite": "Lax",
        "secure": urlsplit(public_url).scheme == "https",
    }


def cookie_storage(public_url: str, keys: Sequence[bytes]) -> AbstractStorage:
    """Keep everything in the cookie, encrypted with the first key and read with any."""
    return EncryptedCookieStorage(_AnyKey(keys), **cookie_options(public_url))


class _AnyKey(Fernet):
    """Reads what earlier keys wrote, so that a new SECRET_KEY interrupts no sign-in."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        written = [base64.urlsafe_b64encode(key) for key in keys]
        super().__init__(written[0])
        self._any = MultiFernet([Fernet(key) for key in written])

    def decrypt(self, token: bytes | str, ttl: int | None = None) -> bytes:
        """See `Fernet.decrypt`."""
        return self._any.decrypt(token, ttl)


def digest(secret: str) -> str:
    """Return what is stored of a secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(kind: str, secret: str) -> str:
    return f"{kind}:{digest(secret)}"
