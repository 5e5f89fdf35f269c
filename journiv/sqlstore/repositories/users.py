"""Users in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from sqlalchemy import Select, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from journiv.contracts.records import UserRecord
from journiv.contracts.repositories.users import Users
from journiv.domain.errors import Conflict
from journiv.domain.scope import UserScope
from journiv.sqlstore import media_waste
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import media, settings, upload_parts, users

USER_COLUMNS: Final = (
    users.c.id,
    users.c.email,
    users.c.name,
    users.c.role,
    users.c.is_active,
    users.c.profile_picture_url,
    users.c.last_login_at,
    func.coalesce(settings.c.time_zone, "UTC").label("time_zone"),
    users.c.security_version,
    users.c.created_at,
    users.c.updated_at,
)
USER_KEYS: Final = tuple(UserRecord.__annotations__)
USERS_WITH_ZONE: Final = users.outerjoin(settings, settings.c.user_id == users.c.id)

_SELECT = select(*USER_COLUMNS).select_from(USERS_WITH_ZONE)
_BY_ID = _SELECT.where(users.c.id == bindparam("user_id"))
_BY_EMAIL = _SELECT.where(users.c.email == bindparam("email"))
_PAGE = (
    _SELECT.order_by(users.c.created_at.desc(), users.c.id.desc())
    .limit(bindparam("take"))
    .offset(bindparam("skip"))
)
_COUNT = select(func.count()).select_from(users)
_COUNT_ACTIVE_ADMINS = _COUNT.where(users.c.role == "admin", users.c.is_active.is_(True))
_INSERT = insert(users)
_UPDATE = update(users).where(users.c.id == bindparam("row_id"))
_MEDIA = media.c.user_id == bindparam("user_id")
_PARTS = upload_parts.c.user_id == bindparam("user_id")
_DELETE = delete(users).where(users.c.id == bindparam("user_id"))


def user_record(row: Sequence[Any]) -> UserRecord:
    """Turn one row of `USER_COLUMNS` into a record."""
    return cast("UserRecord", dict(zip(USER_KEYS, row, strict=True)))


class SqlUsers(Users):
    """See `Users`. The zone of a record comes from the person's preferences."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound

    def get(self, user_id: str) -> UserRecord | None:
        """See `Users`."""
        scope = self._bound.scope
        if isinstance(scope, UserScope) and scope.user_id != user_id:
            return None
        return self._one(_BY_ID, user_id=user_id)

    def by_email(self, email: str) -> UserRecord | None:
        """See `Users`."""
        self._bound.require_system()
        return self._one(_BY_EMAIL, email=email)

    def page(self, limit: int, offset: int) -> list[UserRecord]:
        """See `Users`."""
        self._bound.require_system()
        rows = self._bound.connection.execute(_PAGE, {"take": limit, "skip": offset})
        return [user_record(row) for row in rows]

    def count(self) -> int:
        """See `Users`."""
        self._bound.require_system()
        return self._bound.connection.execute(_COUNT).scalar_one()

    def count_active_admins(self) -> int:
        """See `Users`."""
        self._bound.require_system()
        return self._bound.connection.execute(_COUNT_ACTIVE_ADMINS).scalar_one()

    def add(self, user: UserRecord) -> None:
        """See `Users`."""
        self._bound.require_system()
        columns = {key: value for key, value in user.items() if key != "time_zone"}
        try:
            self._bound.connection.execute(_INSERT, columns)
        except IntegrityError as error:
            raise Conflict("Email already registered") from error

    def change(self, user_id: str, changes: Mapping[str, Any]) -> UserRecord | None:
        """See `Users`."""
        self._bound.require_system()
        try:
            self._bound.connection.execute(_UPDATE.values(**changes), {"row_id": user_id})
        except IntegrityError as error:
            raise Conflict("Email already registered") from error
        return self._one(_BY_ID, user_id=user_id)

    def delete(self, user_id: str) -> bool:
        """See `Users`. Foreign keys take the rows of a person along; the index is told."""
        self._bound.require_system()
        connection = self._bound.connection
        self._bound.search.remove_user(connection, user_id)
        media_waste.mark_media(connection, _MEDIA, user_id=user_id)
        media_waste.mark_parts(connection, _PARTS, user_id=user_id)
        return connection.execute(_DELETE, {"user_id": user_id}).rowcount > 0

    def _one(self, statement: Select[Any], **values: Any) -> UserRecord | None:
        row = self._bound.connection.execute(statement, values).first()
        return None if row is None else user_record(row)
