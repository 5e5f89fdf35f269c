"""Work that repeats by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Run `run` every `every` seconds, by one process of the installation at a time.

    Its id is `<plugin>.<name>`. Failures are logged and the next turn comes as planned.
    """

    name: str
    every: float
    run: Callable[[], Awaitable[None]]
