"""The schema's history: compare, refuse, upgrade. Alembic is imported only to upgrade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, insert, inspect, select, text, update

from journiv.contracts.storage import SchemaStatus
from journiv.domain.errors import ConfigError, Conflict
from journiv.sqlstore.tables import installation, metadata

REVISIONS: Final = ("0001", "0002", "0003", "0005", "0006")
"""The history of this release, oldest first; a test compares it with the files."""

SCHEMA_COMPAT: Final = 1
"""Rises when a release can no longer share a database with those before it (contract steps)."""

DERIVED_PREFIX: Final = "entry_search"
"""Tables of the search index start like this; they belong to the store plugin."""

COPY_OF: Final = "copy_of"
"""The flag of the installation that marks an unfinished copy of another store."""

HALF: Final = (
    "This database holds half of a migration or of a restored copy: its tables and the revision "
    "noted in alembic_version do not belong together, so nothing was changed. Restore a complete "
    "copy, made before the upgrade, into an empty database."
)
"""What is said of a database that no release has left behind like this."""

_STORED_REVISION: Final = text("SELECT version_num FROM alembic_version")
_HERE: Final = Path(__file__).parent / "migrations"


def schema_status(connection: Connection) -> SchemaStatus:
    """Compare the stored revision with this release's, by plain SQL."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        return SchemaStatus(current=None, head=REVISIONS[-1], compatible=not tables)
    current = connection.execute(_STORED_REVISION).scalar()
    known = current in REVISIONS and _compat(connection) <= SCHEMA_COMPAT
    compatible = known and not _is_unfinished(connection)
    return SchemaStatus(current=current, head=REVISIONS[-1], compatible=compatible)


def refuse_unknown(connection: Connection, status: SchemaStatus, release: str) -> None:
    """Raise `ConfigError` for a newer release's database, another program's, or half a one."""
    if status.compatible:
        return
    if not inspect(connection).has_table(installation.name):
        raise ConfigError(
            "DATABASE_URL names a database of another program, so nothing in it was touched. "
            "Name a new file, and bring the old data in with `journiv import`."
        )
    if _is_unfinished(connection):
        raise ConfigError(
            "This database is a copy of another one that is not finished. "
            "Run `journiv copy-store` again."
        )
    if status.current is None:
        raise ConfigError(HALF)
    opened_by = connection.execute(select(installation.c.opened_by)).scalar()
    raise ConfigError(
        f"This database was last opened by journiv {opened_by} and has schema {status.current}; "
        f"this is journiv {release}, which knows schemas up to {status.head}. Install journiv "
        f"{opened_by} or newer, or restore the copy that was made before the upgrade."
    )


def prepare(connection: Connection, revision: str, release: str) -> None:
    """Make the tables of a revision in an empty database, for a copy that is that old.

    Raises `Conflict` where there are tables of another one.
    """
    current = schema_status(connection).current
    if current is None and not inspect(connection).get_table_names():
        upgrade(connection, release, revision)
    elif current != revision:
        raise Conflict(
            "There are tables of another release here already; restore into an empty database."
        )


def upgrade(connection: Connection, release: str, revision: str = "head") -> None:
    """Run what is missing of the history inside the caller's transaction, and note the release.

    On SQLite the caller has switched foreign keys off before the transaction began: a batch
    migration recreates tables, and dropping one would delete its children.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    _note_release(connection, release)


def drift(connection: Connection) -> list[str]:
    """Return how the database's tables differ from this release's, a sentence each."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    context = MigrationContext.configure(connection, opts={"include_name": _not_derived})
    return [f"The schema differs: {change!r}." for change in compare_metadata(context, metadata)]


def _not_derived(name: str | None, kind: str, parents: object) -> bool:
    return not (kind == "table" and name is not None and name.startswith(DERIVED_PREFIX))


def _is_unfinished(connection: Connection) -> bool:
    flags = connection.execute(select(installation.c.flags)).scalar()
    return COPY_OF in json.loads(flags or "{}")


def _compat(connection: Connection) -> int:
    return connection.execute(select(installation.c.schema_compat)).scalar() or 0


def _note_release(connection: Connection, release: str) -> None:
    values = {"schema_compat": SCHEMA_COMPAT, "opened_by": release}
    changed = connection.execute(update(installation).values(values))
    if changed.rowcount == 0:
        first = {"id": 1, "catalogue_version": 0, "flags": "{}", **values}
        connection.execute(insert(installation).values(first))
