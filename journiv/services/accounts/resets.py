"""Reset links: a new password for somebody who has lost theirs, handed over by an administrator.

The link opens no session, so that it never stands in for a second factor.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from journiv.contracts.auth import Person
from journiv.contracts.records import UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import existing, set_password
from journiv.services.accounts.audit import SHELL, Audit, Source
from journiv.services.accounts.onetime import Link, OneTime
from journiv.services.accounts.passwords import Loc, Passwords

LIFE: Final = timedelta(minutes=30)
DEAD: Final = "This link has been used or is no longer valid"
PASSWORD: Final[Loc] = ("body", "password")


class Resets:
    """Makes reset links and takes the new password of who opens one."""

    def __init__(
        self, store: Store, clock: Clock, passwords: Passwords, audit: Audit, public_url: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._audit = audit
        self._links = OneTime("password-resets", "jrst_", f"{public_url}/forgot")

    async def create(self, user_id: str, source: Source = SHELL) -> Link:
        """Make a link for thirty minutes. Raises `NotFound`, or `Forbidden` without passwords."""
        self._passwords.require()
        now = self._clock.now()
        link = self._links.make(now + LIFE)

        def work(tx: Transaction) -> None:
            user = existing(tx, user_id)
            value = {"user_id": user_id, "security_version": user["security_version"]}
            self._links.put(tx, link, value)
            self._audit.record(tx, "password.link", user_id, instant(now), source=source)

        await self._store.write(SYSTEM, work)
        return link

    async def redeem(self, token: str, password: str, source: Source) -> None:
        """Set a password by a link; every session and personal access token of the account ends.

        So does every other way in: whoever had the account before may have planted one. Raises
        `BadRequest` for a link that does not hold, `Invalid` for a refused password, which leaves
        the link as it is.
        """
        at = instant(self._clock.now())
        user = await self._store.read(
            SYSTEM, lambda tx: _holder(tx, self._links.get(tx, token, at))
        )
        person = Person(email=user["email"], name=user["name"])
        enrolled = await self._passwords.enrol(password, person, PASSWORD)

        def work(tx: Transaction) -> None:
            owner = _holder(tx, self._links.take(tx, token, at))
            set_password(tx, owner, enrolled, at)
            tx.access_tokens.delete_all(owner["id"])
            for identity in tx.identities.of_user(owner["id"]):
                if identity["provider"] != enrolled.provider:
                    tx.identities.delete(identity["id"])
            self._audit.record(tx, "password.reset", owner["id"], at, source=source)

        await self._store.write(SYSTEM, work)


def _holder(tx: Transaction, value: Any | None) -> UserRecord:
    """Return whose link this is; one from before another change of password is dead."""
    user = None if value is None else tx.users.get(value["user_id"])
    if value is None or user is None or not user["is_active"]:
        raise BadRequest(DEAD)
    if user["security_version"] != value["security_version"]:
        raise BadRequest(DEAD)
    return user
