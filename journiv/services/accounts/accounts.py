"""Accounts: opening the first and all others, closing them."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeVar

from journiv.contracts.auth import Person
from journiv.contracts.records import Role, UserRecord
from journiv.contracts.storage import Store, Transaction, Work
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import (
    BadRequest,
    Conflict,
    Forbidden,
)
from journiv.domain.events import Event, UserCreated, UserDeleted
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import (
    Account,
    NewRows,
    claims_first_place,
    existing,
    new_rows,
    normal_email,
    refuse_reserved,
    require_another_admin,
    store_account,
)
from journiv.services.accounts.audit import OWN, Audit, Source
from journiv.services.accounts.onetime import OneTime
from journiv.services.accounts.passwords import Loc, Passwords
from journiv.services.factors.second_factor import forget_factor
from journiv.services.signin.origins import forget_origins

T = TypeVar("T")

TAKEN: Final = "Email already registered"
PASSWORD: Final[Loc] = ("body", "password")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpPolicy:
    """Who may open an account. `disabled` does not hold back the first, `setup_token` only it."""

    disabled: bool = False
    setup_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """An account to open."""

    email: str
    name: str
    password: str = field(repr=False)
    role: Role = "user"


class Accounts:
    """Opens and closes accounts."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        passwords: Passwords,
        policy: SignUpPolicy,
        publish: Callable[[Event], None],
        audit: Audit,
        invites: OneTime | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._passwords = passwords
        self._policy = policy
        self._publish = publish
        self._audit = audit
        self._invites = invites

    async def register(
        self, new: NewAccount, setup_token: str | None = None, invite: str | None = None
    ) -> Account:
        """Open an account by sign-up. The very first one becomes the administrator.

        An `invite` opens one with sign-up off too, once. Raises `BadRequest` when the address is
        taken, `Forbidden` when sign-up is off or the first account lacks the setup token,
        `Invalid` for a refused password.
        """
        email = normal_email(new.email)
        self._passwords.require()
        # Asked before hashing too, so that a closed door costs nothing.
        at = self._at()

        def admitted(tx: Transaction) -> None:
            invited = self._invited(tx, invite, at, use=False)
            self._admit(tx, email, setup_token, first=tx.users.count() == 0, invited=invited)

        await self._store.read(SYSTEM, admitted)
        rows = await self._prepared(new)

        def work(tx: Transaction) -> UserRecord:
            first = claims_first_place(tx, rows)
            invited = self._invited(tx, invite, at, use=True)
            self._admit(tx, email, setup_token, first=first, invited=invited)
            return store_account(tx, rows, first=first)

        return await self._open(work)

    async def create(self, new: NewAccount, source: Source = OWN) -> Account:
        """Open an account for somebody, with sign-up off too.

        Raises `BadRequest` when the address is taken, `Invalid` for a refused password.
        """
        rows = await self._prepared(new)

        def work(tx: Transaction) -> UserRecord:
            user = store_account(tx, rows, first=claims_first_place(tx, rows))
            at, role = user["created_at"], user["role"]
            self._audit.record(tx, "account.create", user["id"], at, result=role, source=source)
            return user

        return await self._open(work)

    async def delete(self, user_id: str, source: Source = OWN) -> UserRecord:
        """Delete an account and everything in it; what the audit log has of it stays.

        Raises `NotFound`, and `BadRequest` for the last administrator.
        """
        now = self._clock.now()
        at = instant(now)

        def work(tx: Transaction) -> UserRecord:
            user = existing(tx, user_id)
            require_another_admin(tx, user, "delete")
            tx.users.delete(user_id)
            forget_factor(tx, user_id, now)
            forget_origins(tx, user_id, at)
            self._audit.record(tx, "account.delete", user_id, at, source=source)
            return user

        user = await self._store.write(SYSTEM, work)
        self._publish(UserDeleted(user_id, at))
        return user

    async def _prepared(self, new: NewAccount) -> NewRows:
        email = normal_email(new.email)
        refuse_reserved(email)
        person = Person(email=email, name=new.name)
        password = await self._passwords.enrol(new.password, person, PASSWORD)
        return new_rows(email, new.name, new.role, password, self._at())

    async def _open(self, work: Work[UserRecord]) -> Account:
        try:
            user = await self._store.write(SYSTEM, work)
        except Conflict as error:  # the published answer for a taken address is 400
            raise BadRequest(TAKEN) from error
        self._publish(UserCreated(user["id"], user["created_at"]))
        return Account(user, (self._passwords.provider,), has_password=True)

    def _invited(self, tx: Transaction, invite: str | None, at: str, *, use: bool) -> bool:
        if invite is None or self._invites is None:
            return False
        look = self._invites.take if use else self._invites.get
        return look(tx, invite, at) is not None

    def _admit(
        self,
        tx: Transaction,
        email: str,
        setup_token: str | None,
        *,
        first: bool,
        invited: bool,
    ) -> None:
        expected = self._policy.setup_token
        if first and expected and not _same(setup_token or "", expected):
            raise Forbidden("The first account needs the setup token in X-Setup-Token")
        if not first and not invited and self._policy.disabled:
            raise Forbidden("Sign up is disabled")
        if tx.users.by_email(email) is not None:
            raise BadRequest(TAKEN)

    def _at(self) -> str:
        return instant(self._clock.now())


def _same(one: str, other: str) -> bool:
    # A header may hold bytes that are no UTF-8; they arrive as lone surrogates.
    return hmac.compare_digest(
        one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass")
    )
