"""Which files go when rows go: marked before a deletion, kept after it where a row remains."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Insert, delete, exists, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from journiv.sqlstore.tables import media, media_waste, moments, upload_parts, uploads

_KEYS: Final = ["user_id", "key"]
_STILL_THERE: Final = exists().where(
    media.c.user_id == media_waste.c.user_id, media.c.key == media_waste.c.key
)


def mark_of_moments(
    connection: Connection, *conditions: ColumnElement[bool], **values: Any
) -> None:
    """Mark the files and uploads of the moments that are about to be deleted."""
    of_moments = (
        select(media.c.user_id, media.c.key)
        .distinct()
        .join(moments, (moments.c.user_id == media.c.user_id) & (moments.c.id == media.c.entry_id))
        .where(*conditions)
    )
    _mark(connection, of_moments, values)
    pieces = (
        select(upload_parts.c.user_id, upload_parts.c.key)
        .join(
            uploads,
            (uploads.c.user_id == upload_parts.c.user_id)
            & (uploads.c.id == upload_parts.c.upload_id),
        )
        .join(
            moments,
            (moments.c.user_id == uploads.c.user_id) & (moments.c.id == uploads.c.entry_id),
        )
        .where(*conditions)
    )
    _mark(connection, pieces, values)


def mark_media(connection: Connection, *conditions: ColumnElement[bool], **values: Any) -> None:
    """Mark the files of media that are about to be deleted."""
    _mark(connection, select(media.c.user_id, media.c.key).distinct().where(*conditions), values)


def mark_parts(connection: Connection, *conditions: ColumnElement[bool], **values: Any) -> None:
    """Mark the pieces of uploads that are about to be forgotten."""
    parts = select(upload_parts.c.user_id, upload_parts.c.key).where(*conditions)
    _mark(connection, parts, values)


def keep_used(connection: Connection) -> None:
    """Take away the marks of files that a medium still has; call it after the deletion."""
    connection.execute(delete(media_waste).where(_STILL_THERE))


def insert_or_ignore(connection: Connection) -> Insert:
    """Return an INSERT into `media_waste` that leaves marks which are there already."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(media_waste).on_conflict_do_nothing()
    if connection.dialect.name == "sqlite":
        return sqlite.insert(media_waste).on_conflict_do_nothing()
    return insert(media_waste)


def _mark(connection: Connection, keys: Any, values: dict[str, Any]) -> None:
    connection.execute(insert_or_ignore(connection).from_select(_KEYS, keys), values)
