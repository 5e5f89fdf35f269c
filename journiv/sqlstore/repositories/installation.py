"""Installation in SQL."""

from __future__ import annotations

import json
from typing import Final

from sqlalchemy import bindparam, exists, or_, select, update

from journiv.contracts.repositories.installation import Installation
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import installation, users

_ID: Final = select(installation.c.installation_id)
_CLAIM: Final = (
    update(installation)
    .where(installation.c.installation_id.is_(None))
    .values(installation_id=bindparam("claimed"), created_at=bindparam("at"))
)
_CLAIM_FIRST_ADMIN: Final = (
    update(installation)
    .where(
        or_(
            installation.c.first_admin_id.is_(None),
            ~exists().where(users.c.id != bindparam("claimant")),
        )
    )
    .values(first_admin_id=bindparam("claimant"))
)
_CATALOGUE: Final = select(installation.c.catalogue_version)
_SET_CATALOGUE: Final = update(installation).values(catalogue_version=bindparam("planted"))
_FLAGS: Final = select(installation.c.flags)
_SET_FLAGS: Final = update(installation).values(flags=bindparam("written"))


class SqlInstallation(Installation):
    """See `Installation`. The row itself is made by the migration."""

    def __init__(self, bound: Bound) -> None:
        bound.require_system()
        self._connection = bound.connection

    def id(self) -> str | None:
        """See `Installation.id`."""
        return self._connection.execute(_ID).scalar()

    def claim(self, installation_id: str, at: str) -> None:
        """See `Installation.claim`."""
        self._connection.execute(_CLAIM, {"claimed": installation_id, "at": at})

    def claim_first_admin(self, user_id: str, at: str) -> bool:
        """See `Installation.claim_first_admin`."""
        return self._connection.execute(_CLAIM_FIRST_ADMIN, {"claimant": user_id}).rowcount == 1

    def catalogue_version(self) -> int:
        """See `Installation.catalogue_version`."""
        return int(self._connection.execute(_CATALOGUE).scalar_one())

    def set_catalogue_version(self, version: int) -> None:
        """See `Installation.set_catalogue_version`."""
        self._connection.execute(_SET_CATALOGUE, {"planted": version})

    def flag(self, name: str) -> bool | None:
        """See `Installation.flag`."""
        return self._flags().get(name)

    def set_flag(self, name: str, value: bool) -> None:
        """See `Installation.set_flag`."""
        written = json.dumps({**self._flags(), name: value}, sort_keys=True)
        self._connection.execute(_SET_FLAGS, {"written": written})

    def _flags(self) -> dict[str, bool]:
        flags: dict[str, bool] = json.loads(self._connection.execute(_FLAGS).scalar_one())
        return flags
