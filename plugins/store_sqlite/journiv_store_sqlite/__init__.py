"""The SQLite store: `DATABASE_URL=sqlite:////absolute/path.db`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from journiv import hookimpl
from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.contracts.storage import Store
from journiv.contracts.store_backend import StoreBackend
from journiv_store_sqlite.commands import backup_command
from journiv_store_sqlite.location import database_path
from journiv_store_sqlite.settings import SCHEMA

JOURNIV_API = "0.1"


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    """Describe the section `[store_sqlite]`."""
    return SCHEMA


@hookimpl
def journiv_register_stores() -> Iterable[StoreBackend]:
    """Offer the store."""
    summary = "One SQLite file in the data folder"
    return [StoreBackend(name="sqlite", summary=summary, create=_create, schemes=("sqlite",))]


@hookimpl
def journiv_register_commands(ctx: PluginContext) -> Iterable[Command]:
    """Add `journiv sqlite-backup`."""
    return [backup_command(ctx)]


def _create(settings: Mapping[str, Any], ctx: PluginContext) -> Store:
    from journiv_store_sqlite.connections import Tuning
    from journiv_store_sqlite.store import SqliteStore

    tuning = Tuning(
        cache_mib=settings["cache_mib"],
        mmap_mib=settings["mmap_mib"],
        busy_timeout_ms=settings["busy_timeout_ms"],
    )
    path = database_path(ctx.core.database_url, ctx.core.data)
    return SqliteStore(path, ctx.clock, ctx.log, tuning, settings["readers"])
