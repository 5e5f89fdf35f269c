"""Preferences in SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from sqlalchemy import bindparam, delete, insert, select, update

from journiv.contracts.records import SettingsRecord
from journiv.contracts.repositories.settings import Settings
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import settings

_KEYS: Final = tuple(SettingsRecord.__annotations__)
_MINE = settings.c.user_id == bindparam("owner")
_GET = select(*(settings.c[key] for key in _KEYS)).where(_MINE)
_TIME_ZONE = select(settings.c.time_zone).where(_MINE)
_INSERT = insert(settings)
_UPDATE = update(settings).where(_MINE)
_DELETE = delete(settings).where(_MINE)


class SqlSettings(Settings):
    """See `Settings`."""

    def __init__(self, bound: Bound) -> None:
        self._connection = bound.connection
        self._owner = {"owner": bound.user_id}

    def get(self) -> SettingsRecord | None:
        """See `Settings`."""
        row = self._connection.execute(_GET, self._owner).first()
        return None if row is None else cast("SettingsRecord", dict(zip(_KEYS, row, strict=True)))

    def put(self, settings: SettingsRecord) -> None:
        """See `Settings`."""
        self._connection.execute(_DELETE, self._owner)
        self._connection.execute(_INSERT, {**settings, "user_id": self._owner["owner"]})

    def change(self, changes: Mapping[str, Any], at: str) -> SettingsRecord | None:
        """See `Settings`."""
        statement = _UPDATE.values(**{**changes, "updated_at": at})
        self._connection.execute(statement, self._owner)
        return self.get()

    def time_zone(self) -> str:
        """See `Settings`."""
        zone = self._connection.execute(_TIME_ZONE, self._owner).scalar_one_or_none()
        return "UTC" if zone is None else zone
