"""What administrators do with accounts. They see accounts, never anybody's diary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from journiv.contracts.auth import Person
from journiv.contracts.records import UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, Conflict
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import (
    Account,
    NewPassword,
    account_of,
    accounts_of,
    existing,
    identity_of,
    normal_email,
    raise_security_version,
    refuse_reserved,
    require_another_admin,
    set_password,
)
from journiv.services.accounts.accounts import PASSWORD, TAKEN, Accounts, NewAccount
from journiv.services.accounts.audit import SHELL, Audit, Source
from journiv.services.accounts.passwords import Passwords
from journiv.services.factors.second_factor import forget_factor

OWN_FACTOR: Final = "Your own second factor is switched off with one of its codes"
_COLUMNS: Final = ("name", "email", "role", "is_active")


class Administration:
    """Lists, opens, changes and deletes accounts."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        passwords: Passwords,
        accounts: Accounts,
        audit: Audit,
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._accounts = accounts
        self._audit = audit

    async def page(self, limit: int, offset: int) -> list[Account]:
        """Return accounts, newest first."""

        def work(tx: Transaction) -> list[Account]:
            return accounts_of(tx, tx.users.page(limit, offset), self._passwords.provider)

        return await self._store.read(SYSTEM, work)

    async def by_email(self, email: str) -> UserRecord | None:
        """Return the account of an address."""
        address = normal_email(email)
        return await self._store.read(SYSTEM, lambda tx: tx.users.by_email(address))

    async def create(self, new: NewAccount, source: Source = SHELL) -> Account:
        """See `Accounts.create`."""
        return await self._accounts.create(new, source)

    async def delete(self, user_id: str, source: Source = SHELL) -> UserRecord:
        """See `Accounts.delete`."""
        return await self._accounts.delete(user_id, source)

    async def remove_second_factor(self, user_id: str, source: Source = SHELL) -> None:
        """Switch off the second factor of somebody who has lost it; all their sessions end.

        It opens no session: their password is still needed. Raises `NotFound`, and `BadRequest`
        when there is none, or when it is the caller's own, which takes one of its codes.
        """
        if user_id == source.user_id:
            raise BadRequest(OWN_FACTOR)
        now = self._clock.now()
        at = instant(now)

        def work(tx: Transaction) -> None:
            user = existing(tx, user_id)
            if not forget_factor(tx, user_id, now):
                raise BadRequest("This account has no second factor")
            raise_security_version(tx, user, at)
            tx.sessions.revoke_all(user_id, at, "totp")
            self._audit.record(tx, "totp.off", user_id, at, source=source)

        await self._store.write(SYSTEM, work)

    async def end_sessions(self, user_id: str, source: Source = SHELL) -> None:
        """End every session of an account. Raises `NotFound`."""
        at = instant(self._clock.now())

        def work(tx: Transaction) -> None:
            existing(tx, user_id)
            tx.sessions.revoke_all(user_id, at, "revoked")
            self._audit.record(tx, "session.end", user_id, at, result="all", source=source)

        await self._store.write(SYSTEM, work)

    async def change(
        self, user_id: str, changes: Mapping[str, Any], source: Source = SHELL
    ) -> Account:
        """Change name, email, role, is_active or password; fields left out or None stay.

        Everything takes effect at once: a switched-off account's sessions end, a new role counts
        from the next request on, a new password ends every session and access token. Raises
        `NotFound`, and `BadRequest` for a taken address or when no administrator would be left.
        """
        columns = {key: changes[key] for key in _COLUMNS if changes.get(key) is not None}
        if "email" in columns:
            columns["email"] = normal_email(columns["email"])
            refuse_reserved(columns["email"])
        password = await self._password(user_id, changes.get("password"), columns)
        at = instant(self._clock.now())
        try:
            return await self._store.write(
                SYSTEM, lambda tx: self._changed(tx, user_id, columns, password, at, source)
            )
        except Conflict as error:
            raise BadRequest(TAKEN) from error

    async def _password(
        self, user_id: str, wanted: str | None, columns: Mapping[str, Any]
    ) -> NewPassword | None:
        user = await self._store.read(SYSTEM, lambda tx: existing(tx, user_id))
        if wanted is None:
            return None
        after = {**user, **columns}
        person = Person(email=after["email"], name=after["name"])
        return await self._passwords.enrol(wanted, person, PASSWORD)

    def _changed(
        self,
        tx: Transaction,
        user_id: str,
        columns: Mapping[str, Any],
        password: NewPassword | None,
        at: str,
        source: Source,
    ) -> Account:
        before = existing(tx, user_id)
        if columns.get("role", before["role"]) != before["role"]:
            require_another_admin(tx, before, "demote")
            raise_security_version(tx, before, at)
        if before["is_active"] and columns.get("is_active") is False:
            require_another_admin(tx, before, "deactivate")
            raise_security_version(tx, before, at)
            tx.sessions.revoke_all(user_id, at, "deactivated")
        if columns:
            tx.users.change(user_id, {**columns, "updated_at": at})
        after = existing(tx, user_id)
        if after["email"] != before["email"]:
            self._rename_identity(tx, after, at)
        if password is not None:
            set_password(tx, after, password, at)
            tx.access_tokens.delete_all(user_id)
            self._audit.record(tx, "password.set", user_id, at, source=source)
        for event, result in _told(before, after):
            self._audit.record(tx, event, user_id, at, result=result, source=source)
        return account_of(tx, user_id, self._passwords.provider)

    def _rename_identity(self, tx: Transaction, user: UserRecord, at: str) -> None:
        identity = identity_of(tx, user["id"], self._passwords.provider)
        if identity is not None:
            tx.identities.set_subject(identity["id"], user["email"], at)


def _told(before: UserRecord, after: UserRecord) -> Iterator[tuple[str, str]]:
    """Yield the event and the result of each change that concerns safety."""
    if after["role"] != before["role"]:
        yield "account.role", after["role"]
    if after["is_active"] != before["is_active"]:
        yield ("account.enable" if after["is_active"] else "account.disable"), "ok"
    if after["email"] != before["email"]:
        yield "account.email", "ok"
