"""Which tables are copied, in this release and in older ones.

Not copied: `leases` (which process runs what) and the search index (made anew).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Column, MetaData, Table

from journiv.contracts.copying import Layout
from journiv.domain.errors import BadRequest
from journiv.sqlstore.migrate import REVISIONS
from journiv.sqlstore.tables import installation, leases, metadata

_OF: Final = "journiv.sqlstore"
_TABLES: Final = {
    table.name: table
    for table in metadata.sorted_tables
    if table.name not in (installation.name, leases.name)
}
PRESENT: Final = Layout(
    f"{_OF} {REVISIONS[-1]}",
    {name: tuple(column.name for column in table.columns) for name, table in _TABLES.items()},
    tuple(column.name for column in installation.columns),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """The tables of a layout, and that of the row about the installation."""

    tables: Mapping[str, Table]
    about: Table


def revision_of(layout: Layout) -> str:
    """Return the revision that has these tables. Raises `BadRequest` for one not known here."""
    of, _, revision = layout.name.partition(" ")
    if of != _OF or revision not in REVISIONS:
        raise BadRequest(
            f"The tables are of schema {revision or layout.name}, and this release knows schemas "
            f"up to {REVISIONS[-1]}, so nothing was changed. Install a newer release first."
        )
    return revision


def seen_as(layout: Layout) -> Seen:
    """Return the tables of a layout. Raises `BadRequest` for what this release does not know."""
    revision_of(layout)
    if layout == PRESENT:
        return Seen(_TABLES, installation)
    return Seen(
        {name: _narrowed(_TABLES.get(name), columns) for name, columns in layout.tables.items()},
        _narrowed(installation, layout.about),
    )


def _narrowed(table: Table | None, names: Sequence[str]) -> Table:
    """Return a table with fewer columns, those of an older release.

    Releases that share a database only add columns (`SCHEMA_COMPAT`), so all are there.
    """
    if table is None or not set(names) <= set(table.columns.keys()):
        raise BadRequest(
            "This release keeps something in another way than the tables do, so nothing was "
            "changed. Restore with the release that wrote them, then upgrade."
        )
    columns = (table.columns[name] for name in names)
    return Table(
        table.name,
        MetaData(),
        *(Column(one.name, one.type, primary_key=one.primary_key) for one in columns),
    )
