"""One's own account: reading it, changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from journiv.contracts.auth import Person
from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, BadRequest, Invalid, Violation
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import (
    Account,
    NewPassword,
    account_of,
    existing,
    set_password,
)
from journiv.services.accounts.audit import OWN, Audit, Source
from journiv.services.accounts.own_password import OwnPassword
from journiv.services.accounts.passwords import Loc, Passwords

NEW_PASSWORD: Final[Loc] = ("body", "new_password")
CURRENT_PASSWORD: Final[Loc] = ("body", "current_password")
_COLUMNS: Final = ("name", "profile_picture_url")
_EVENT: Final = "password.change"


class Profiles:
    """Serves the account of one person at a time."""

    def __init__(
        self, store: Store, clock: Clock, passwords: Passwords, own: OwnPassword, audit: Audit
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._own = own
        self._audit = audit

    async def get(self, principal: Principal) -> Account:
        """Return the caller's account."""
        owner, provider = principal.user_id, self._passwords.provider
        return await self._store.read(SYSTEM, lambda tx: account_of(tx, owner, provider))

    async def change(
        self, principal: Principal, changes: Mapping[str, Any], source: Source = OWN
    ) -> Account:
        """Change name, picture or password (`new_password` with `current_password`).

        A new password ends every other session and, unless `keep_access_tokens`, every personal
        access token. Raises `BadRequest` for a wrong password or when nothing is to change,
        `Invalid` for a refused new password, `TooMany` after too many wrong ones.
        """
        columns = {key: changes[key] for key in _COLUMNS if changes.get(key) is not None}
        wanted = changes.get("new_password")
        if wanted is None and not columns:
            raise BadRequest("No fields to update")
        password = None
        if wanted is not None:
            current = changes.get("current_password")
            password = await self._exchanged(principal, current, wanted, source)
        at = instant(self._clock.now())
        keeps_tokens = bool(changes.get("keep_access_tokens"))

        def work(tx: Transaction) -> Account:
            user = existing(tx, principal.user_id)
            if password is not None:
                set_password(tx, user, password, at, keep=principal.session_id)
                if not keeps_tokens:
                    tx.access_tokens.delete_all(user["id"])
                self._own.right(tx, user["id"])
                self._audit.record(tx, _EVENT, user["id"], at, source=source)
            tx.users.change(user["id"], {**columns, "updated_at": at})
            return account_of(tx, user["id"], self._passwords.provider)

        return await self._store.write(SYSTEM, work)

    async def _exchanged(
        self, principal: Principal, current: str | None, wanted: str, source: Source
    ) -> NewPassword:
        if current is None:
            sentence = "The current password is needed to set a new one"
            raise Invalid([Violation(CURRENT_PASSWORD, "missing", sentence)])
        try:
            await self._own.prove(principal.user_id, current, _EVENT, source)
        except AuthenticationFailed:
            raise BadRequest("Current password is incorrect") from None
        user = await self._store.read(SYSTEM, lambda tx: existing(tx, principal.user_id))
        person = Person(email=user["email"], name=user["name"])
        try:
            return await self._passwords.enrol(wanted, person, NEW_PASSWORD)
        except Invalid:
            owner = principal.user_id
            await self._store.write(SYSTEM, lambda tx: self._own.right(tx, owner))
            raise
