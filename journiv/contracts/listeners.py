"""Being told what happened (provisional)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from journiv.domain.events import Event

Lifespan = Callable[[], AbstractAsyncContextManager[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Gets every event of these types after its commit, at most once, in order.

    A failure is logged and never reaches the writer.
    """

    events: tuple[type[Event], ...]
    handle: Callable[[Event], Awaitable[None]]
