"""Connections to the server: asyncpg reads the URL, SQLAlchemy pools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast
from uuid import uuid4

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from journiv_store_postgres.session import attach

CONNECT_TIMEOUT: Final = 5.0
ACQUIRE_TIMEOUT: Final = 2.0
"""Seconds a unit of work waits for a connection of the pool before it is refused."""

_STATEMENTS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """How many connections, and how patient they are."""

    pool_size: int = 10
    pool_overflow: int = 10
    statement_timeout_ms: int = 15_000
    lock_timeout_ms: int = 5_000
    transaction_pooler: bool = False

    def time_outs(self) -> dict[str, str]:
        """Return the server's settings that end what takes too long."""
        return {
            "statement_timeout": str(self.statement_timeout_ms),
            "lock_timeout": str(self.lock_timeout_ms),
            "idle_in_transaction_session_timeout": "30000",
        }


def engine_for(url: str, tuning: Tuning) -> AsyncEngine:
    """Make an engine for a libpq URL, whose transactions `run_unit` begins. Connects when used."""

    async def connect() -> asyncpg.Connection:
        return cast(
            "asyncpg.Connection",
            await asyncpg.connect(
                url,
                timeout=CONNECT_TIMEOUT,
                server_settings=_session(tuning),
                statement_cache_size=0 if tuning.transaction_pooler else _STATEMENTS,
            ),
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        isolation_level="AUTOCOMMIT",  # to SQLAlchemy, which would begin one of its own
        connect_args=_prepared_statements(tuning),
        pool_size=tuning.pool_size,
        max_overflow=tuning.pool_overflow,
        pool_timeout=ACQUIRE_TIMEOUT,
        pool_recycle=1800,
        hide_parameters=True,  # errors and traces shall not hold a diary
    )
    attach(engine)
    return engine


def _session(tuning: Tuning) -> dict[str, str]:
    """Return what a connection is told at its start; a pooler would refuse most of it."""
    if tuning.transaction_pooler:
        return {"application_name": "journiv"}
    return {
        "application_name": "journiv",
        **tuning.time_outs(),
        "default_transaction_read_only": "on",  # a write says so when it begins
        "jit": "off",
    }


def _prepared_statements(tuning: Tuning) -> dict[str, object]:
    if not tuning.transaction_pooler:
        return {"prepared_statement_cache_size": _STATEMENTS}
    # The next transaction may be on another connection of the pooler, which knows other names.
    return {
        "prepared_statement_cache_size": 0,
        "prepared_statement_name_func": lambda: f"journiv_{uuid4().hex}",
    }
