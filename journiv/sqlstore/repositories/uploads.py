"""Uploads in pieces, in SQL."""

from __future__ import annotations

from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from journiv.contracts.records import UploadRecord
from journiv.contracts.repositories.media import StoredKey, Uploads
from journiv.domain.errors import Conflict
from journiv.sqlstore import media_waste
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import upload_parts, uploads

_KEYS: Final = tuple(UploadRecord.__annotations__)
_MINE: Final = uploads.c.user_id == bindparam("user")
_ONE: Final = uploads.c.id == bindparam("upload")
_GET: Final = select(*(uploads.c[name] for name in _KEYS)).where(_MINE, _ONE)
_COUNT: Final = select(func.count()).select_from(uploads).where(_MINE)
_ADVANCE: Final = (
    update(uploads)
    .where(_MINE, _ONE, uploads.c.received == bindparam("start"))
    .values(received=bindparam("reached"), updated_at=bindparam("when"))
)
_PARTS: Final = (
    upload_parts.c.user_id == bindparam("user"),
    upload_parts.c.upload_id == bindparam("upload"),
)
_PART_KEYS: Final = select(upload_parts.c.key).where(*_PARTS).order_by(upload_parts.c.start)
_DELETE: Final = delete(uploads).where(_MINE, _ONE)


class SqlUploads(Uploads):
    """See `Uploads`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def get(self, upload_id: str) -> UploadRecord | None:
        """See `Uploads`."""
        row = self._connection.execute(_GET, self._keys(upload_id)).fetchone()
        return None if row is None else cast("UploadRecord", dict(zip(_KEYS, row, strict=True)))

    def count(self) -> int:
        """See `Uploads`."""
        return self._connection.execute(_COUNT, {"user": self._bound.user_id}).scalar_one()

    def add(self, upload: UploadRecord) -> None:
        """See `Uploads`."""
        try:
            self._connection.execute(insert(uploads), {**upload, "user_id": self._bound.user_id})
        except IntegrityError as error:
            raise Conflict("This upload exists already.") from error

    def add_part(self, upload_id: str, start: int, part: StoredKey, size: int, at: str) -> bool:
        """See `Uploads`."""
        values = {**self._keys(upload_id), "start": start, "reached": start + size, "when": at}
        if not self._connection.execute(_ADVANCE, values).rowcount:
            return False
        row = {
            "user_id": self._bound.user_id,
            "upload_id": upload_id,
            "start": start,
            "key": part.key,
            "size": size,
        }
        self._connection.execute(insert(upload_parts), row)
        return True

    def part_keys(self, upload_id: str) -> list[str]:
        """See `Uploads`."""
        return list(self._connection.execute(_PART_KEYS, self._keys(upload_id)).scalars())

    def delete(self, upload_id: str) -> bool:
        """See `Uploads`."""
        keys = self._keys(upload_id)
        media_waste.mark_parts(self._connection, *_PARTS, **keys)
        return bool(self._connection.execute(_DELETE, keys).rowcount)

    def _keys(self, upload_id: str) -> dict[str, Any]:
        return {"user": self._bound.user_id, "upload": upload_id}
