"""Settings of plugins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_config_schema() -> Mapping[str, Any] | None:
    """Describe the plugin's own section of the configuration.

    Called by: the loader, first of all hooks, for the server and the command line.

    Returns:
        A Cerberus schema of the section `[<plugin name>]`. Each key may carry `meta` with `env`
        (a list of further environment names), `secret` (True hides the value) and `help`.
        `JOURNIV_<PLUGIN>__<KEY>` always works.

    Several plugins: sections are named after plugins and cannot clash.
    Errors: two keys that claim one environment name stop the start.
    Since: 0.1. Stability: provisional. Used by: auth_local, store_sqlite,
    examples/journiv-webhooks.
    """
