"""What runs inside the server: routes, jobs, listeners, lifespans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from journiv.contracts.context import PluginContext
from journiv.contracts.jobs import Job
from journiv.contracts.listeners import Lifespan, Listener
from journiv.hookspecs.markers import hookspec

if TYPE_CHECKING:
    from journiv.contracts.routes import RouteDef


@hookspec
def journiv_register_routes(ctx: PluginContext) -> Iterable[RouteDef]:  # type: ignore[empty-body]
    """Add operations to the API.

    Called by: the loader, after selection, before the router freezes.

    Args:
        ctx: The plugin's own context.

    Returns:
        Routes, mounted below `/api/v1/x/<plugin>/`.

    Several plugins: cannot clash, each has its own prefix.
    Errors: one method and path twice inside a plugin stops the start.
    Since: 0.1. Stability: provisional. Used by: examples/journiv-webhooks.
    """


@hookspec
def journiv_register_jobs(ctx: PluginContext) -> Iterable[Job]:  # type: ignore[empty-body]
    """Add work that repeats.

    Called by: the loader, after selection. Jobs start once everything is open.

    Args:
        ctx: The plugin's own context.

    Returns:
        Jobs; the id of each is `<plugin>.<name>`.

    Several plugins: all run; a lease in the store makes each run once per installation.
    Errors: a name twice inside a plugin stops the start; a failing run is logged.
    Since: 0.1. Stability: provisional. Used by: builtin, examples/journiv-webhooks.
    """


@hookspec
def journiv_register_listeners(ctx: PluginContext) -> Iterable[Listener]:  # type: ignore[empty-body]
    """Hear what happened, after each commit.

    Called by: the loader, after selection.

    Args:
        ctx: The plugin's own context.

    Returns:
        Listeners; each names the event types it wants.

    Several plugins: all hear every event.
    Errors: a failing listener is logged and never reaches the writer.
    Since: 0.1. Stability: provisional. Used by: examples/journiv-webhooks.
    """


@hookspec
def journiv_register_lifespans(ctx: PluginContext) -> Iterable[Lifespan]:  # type: ignore[empty-body]
    """Open something while the server runs.

    Called by: the loader, after selection; entered after the backends, left before them.

    Args:
        ctx: The plugin's own context.

    Returns:
        Callables that make an async context manager.

    Several plugins: entered in plugin-name order, left in reverse.
    Errors: one that raises on entry stops the start.
    Since: 0.1. Stability: provisional. Used by: examples/journiv-webhooks.
    """
