"""Commands."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_register_commands(ctx: PluginContext) -> Iterable[Command]:  # type: ignore[empty-body]
    """Add commands to `journiv`.

    Called by: the loader, when the command line starts.

    Args:
        ctx: The plugin's own context.

    Returns:
        Commands with a unique name.

    Several plugins: all are offered.
    Errors: a name twice, or one of the core's, stops the command line and names both owners.
    Since: 0.1. Stability: provisional. Used by: store_sqlite (`sqlite-backup`),
    auth_oidc (`oidc-check`), examples/journiv-webhooks.
    """
