"""The files behind everybody's media, in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import bindparam, delete, or_, select, tuple_, update

from journiv.contracts.records import MediaRecord
from journiv.contracts.repositories.media import MediaFiles, StoredKey
from journiv.sqlstore import media_waste as wasted
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.repositories.media import MEDIA_COLUMNS, media_records
from journiv.sqlstore.tables import media, media_waste, upload_parts, uploads

_CLAIMABLE: Final = (
    select(*MEDIA_COLUMNS)
    .where(
        media.c.status == "pending",
        or_(media.c.claimed_until.is_(None), media.c.claimed_until <= bindparam("now")),
    )
    .order_by(media.c.created_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM: Final = (
    update(media)
    .where(media.c.user_id == bindparam("user"), media.c.id == bindparam("medium"))
    .values(claimed_until=bindparam("until"), attempts=media.c.attempts + 1)
)
_WASTE: Final = select(media_waste.c.user_id, media_waste.c.key).limit(bindparam("limit"))
_FORGET: Final = delete(media_waste).where(
    media_waste.c.user_id == bindparam("user"), media_waste.c.key == bindparam("name")
)
_NAMED: Final = (media, upload_parts, media_waste)
_STALE: Final = uploads.c.updated_at < bindparam("before")
_STALE_PARTS: Final = tuple_(upload_parts.c.user_id, upload_parts.c.upload_id).in_(
    select(uploads.c.user_id, uploads.c.id).where(_STALE)
)


class SqlMediaFiles(MediaFiles):
    """See `MediaFiles`."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def claim(self, now: str, until: str, limit: int) -> list[MediaRecord]:
        """See `MediaFiles`."""
        values: dict[str, Any] = {"now": now, "limit": limit}
        found = media_records(self._connection.execute(_CLAIMABLE, values).fetchall())
        for medium in found:
            keys = {"user": medium["user_id"], "medium": medium["id"], "until": until}
            self._connection.execute(_CLAIM, keys)
            medium["attempts"] += 1
        return found

    def waste(self, limit: int) -> list[StoredKey]:
        """See `MediaFiles`."""
        rows = self._connection.execute(_WASTE, {"limit": limit})
        return [StoredKey(user_id, key) for user_id, key in rows]

    def discard(self, keys: Sequence[StoredKey]) -> None:
        """See `MediaFiles`."""
        rows = [{"user_id": one.user_id, "key": one.key} for one in keys]
        if rows:
            self._connection.execute(wasted.insert_or_ignore(self._connection), rows)

    def forget(self, keys: Sequence[StoredKey]) -> None:
        """See `MediaFiles`."""
        rows = [{"user": one.user_id, "name": one.key} for one in keys]
        if rows:
            self._connection.execute(_FORGET, rows)

    def known(self, keys: Sequence[StoredKey]) -> set[StoredKey]:
        """See `MediaFiles`."""
        pairs = [(one.user_id, one.key) for one in keys]
        found: set[StoredKey] = set()
        for table in _NAMED:
            named = select(table.c.user_id, table.c.key).where(
                table.c.user_id.in_({user_id for user_id, _ in pairs}),
                table.c.key.in_([key for _, key in pairs]),
            )
            rows = self._connection.execute(named)
            found.update(StoredKey(user_id, key) for user_id, key in rows)
        return found

    def purge_uploads(self, before: str) -> int:
        """See `MediaFiles`."""
        wasted.mark_parts(self._connection, _STALE_PARTS, before=before)
        stale = delete(uploads).where(_STALE)
        return self._connection.execute(stale, {"before": before}).rowcount
