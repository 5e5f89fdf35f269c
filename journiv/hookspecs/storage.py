"""Stores."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.store_backend import StoreBackend
from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_register_stores() -> Iterable[StoreBackend]:  # type: ignore[empty-body]
    """Offer stores.

    Called by: the loader, at start; the scheme of `DATABASE_URL` chooses one.

    Returns:
        Descriptors; their `create` runs only for the chosen one.

    Several plugins: names and schemes are unique; `JOURNIV_STORE=<plugin>` settles a clash.
    Errors: no store for the scheme, or two without a pin, stop the start.
    Since: 0.1. Stability: provisional. Used by: store_sqlite, store_postgres.
    """
