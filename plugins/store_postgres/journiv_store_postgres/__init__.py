"""The PostgreSQL store: `DATABASE_URL=postgresql://user:password@host:5432/journiv`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.storage import Store
from journiv.contracts.store_backend import StoreBackend
from journiv_store_postgres.settings import SCHEMA

JOURNIV_API = "0.1"


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    """Describe the section `[store_postgres]`."""
    return SCHEMA


@hookimpl
def journiv_register_stores() -> Iterable[StoreBackend]:
    """Offer the store."""
    return [
        StoreBackend(
            name="postgres",
            summary="A PostgreSQL database, for one server or many",
            create=_create,
            schemes=("postgresql", "postgres"),
        )
    ]


def _create(settings: Mapping[str, Any], ctx: PluginContext) -> Store:
    from journiv_store_postgres.connections import Tuning
    from journiv_store_postgres.store import PostgresStore
    from journiv_store_postgres.urls import plain

    tuning = Tuning(
        pool_size=settings["pool_size"],
        pool_overflow=settings["pool_overflow"],
        statement_timeout_ms=settings["statement_timeout_ms"],
        lock_timeout_ms=settings["lock_timeout_ms"],
        transaction_pooler=settings["transaction_pooler"],
    )
    url = ctx.core.database_url
    migration_url = plain(settings["migration_url"] or url)
    read_url = plain(settings["read_url"] or "")
    return PostgresStore(url, migration_url, ctx.log, tuning, read_url)
