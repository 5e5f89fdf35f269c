"""The fourteen hooks. They wire; the objects they return do the work.

Every hook is synchronous, runs at start-up only and returns descriptors. Implementations take any
subset of the parameters and may return None for "nothing".
"""

from __future__ import annotations

from types import ModuleType


def specs() -> tuple[ModuleType, ...]:
    """Return the modules that hold the specifications, in the order the hooks are called."""
    from journiv.hookspecs import auth, cli, config, media, ratelimit, runtime, storage, transfer

    return (config, storage, auth, ratelimit, media, transfer, runtime, cli)
