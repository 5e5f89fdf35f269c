"""Commands of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`journiv <name> …`: `configure` adds arguments, `run` returns the exit code.

    When `run` is a coroutine function, `ctx.store` is open and migrated while it runs, beside a
    running server or without one.
    """

    name: str
    help: str
    configure: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int | Awaitable[int]]
