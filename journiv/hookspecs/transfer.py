"""Importers and exporters."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.transfer import Exporter, Importer
from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_register_importers() -> Iterable[Importer]:  # type: ignore[empty-body]
    """Offer formats to import from.

    Called by: the loader, after selection, for the server and for `journiv import`.

    Returns:
        Importers with a unique `format`.

    Several plugins: all are offered; a format twice stops the start.
    Errors: as above.
    Since: 0.1. Stability: provisional. Used by: builtin (`ndjson`).
    """


@hookspec
def journiv_register_exporters() -> Iterable[Exporter]:  # type: ignore[empty-body]
    """Offer formats to export to.

    Called by: the loader, after selection, for the server and for `journiv export`.

    Returns:
        Exporters with a unique `format`.

    Several plugins: all are offered; a format twice stops the start.
    Errors: as above.
    Since: 0.1. Stability: provisional. Used by: builtin (`ndjson`).
    """
