"""The rows of an account, and the rules that hold whoever changes them.

Everything here runs inside somebody's unit of work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from journiv.contracts.records import IdentityRecord, Role, SettingsRecord, UserRecord
from journiv.contracts.storage import Transaction
from journiv.domain.errors import BadRequest, Invalid, NotFound, Violation
from journiv.domain.ids import new_id

RESERVED: Final = frozenset({"arpa", "invalid", "local", "localhost", "onion", "test"})
LAST_ADMIN: Final = "Cannot {} the last admin user. At least one admin must exist."


@dataclass(frozen=True, slots=True)
class Account:
    """An account, the names of the providers it signs in with, and whether it has a password."""

    user: UserRecord
    providers: tuple[str, ...]
    has_password: bool


@dataclass(frozen=True, slots=True)
class NewRows:
    """The rows of an account to store, with the role it has unless it is the first."""

    user: UserRecord
    identity: IdentityRecord
    settings: SettingsRecord


@dataclass(frozen=True, slots=True)
class NewPassword:
    """What a password provider keeps for an account from now on.

    `identity_id` is used when the account has had no password.
    """

    provider: str
    data: Mapping[str, Any] = field(repr=False)
    identity_id: str = field(default_factory=new_id)


def normal_email(email: str) -> str:
    """Return an address as it is stored and compared: trimmed, lower-case."""
    return email.strip().lower()


def refuse_reserved(email: str) -> None:
    """Raise `Invalid` for an address in a domain that never receives mail (RFC 6761)."""
    if email.rpartition(".")[2] in RESERVED:
        sentence = "This address ends in a name that is reserved and receives no mail."
        raise Invalid([Violation(("body", "email"), "value_error", sentence)])


def new_rows(email: str, name: str, role: Role, password: NewPassword, at: str) -> NewRows:
    """Make the rows of an account with the default preferences."""
    user_id = new_id()
    user = UserRecord(
        id=user_id,
        email=email,
        name=name.strip(),
        role=role,
        is_active=True,
        profile_picture_url=None,
        last_login_at=None,
        time_zone="UTC",
        security_version=1,
        created_at=at,
        updated_at=at,
    )
    identity = _identity(user_id, email, password, at)
    return NewRows(user, identity, default_settings(user_id, at))


def default_settings(user_id: str, at: str) -> SettingsRecord:
    """Return the preferences of a new account."""
    return SettingsRecord(
        user_id=user_id,
        daily_prompt_enabled=True,
        time_zone="UTC",
        push_notifications=True,
        reminder_time=None,
        writing_goal_daily=500,
        theme="light",
        start_of_week_day=0,
        time_format="system",
        keep_media_metadata=False,
        created_at=at,
        updated_at=at,
    )


def claims_first_place(tx: Transaction, rows: NewRows) -> bool:
    """Take the place of the first account: True for exactly one caller of an empty store."""
    if tx.users.count():
        return False
    return tx.installation.claim_first_admin(rows.user["id"], rows.user["created_at"])


def store_account(tx: Transaction, rows: NewRows, *, first: bool) -> UserRecord:
    """Store an account, as administrator when it is the first. Raises `Conflict`."""
    user = rows.user
    if first:
        user = UserRecord(**{**user, "role": "admin"})
    tx.users.add(user)
    tx.identities.add(rows.identity)
    tx.as_user(user["id"]).settings.put(rows.settings)
    return user


def existing(tx: Transaction, user_id: str) -> UserRecord:
    """Return an account. Raises `NotFound`."""
    user = tx.users.get(user_id)
    if user is None:
        raise NotFound("User not found")
    return user


def accounts_of(tx: Transaction, users: list[UserRecord], password_provider: str) -> list[Account]:
    """Return accounts with their providers."""
    found = tx.identities.providers([user["id"] for user in users])
    return [
        Account(user, tuple(found[user["id"]]), password_provider in found[user["id"]])
        for user in users
    ]


def account_of(tx: Transaction, user_id: str, password_provider: str) -> Account:
    """Return an account with its providers. Raises `NotFound`."""
    return accounts_of(tx, [existing(tx, user_id)], password_provider)[0]


def identity_of(tx: Transaction, user_id: str, provider: str) -> IdentityRecord | None:
    """Return the identity an account has with a provider."""
    found = (one for one in tx.identities.of_user(user_id) if one["provider"] == provider)
    return next(found, None)


def require_another_admin(tx: Transaction, user: UserRecord, verb: str) -> None:
    """Raise `BadRequest` when this is the only administrator who can sign in."""
    if user["role"] == "admin" and user["is_active"] and tx.users.count_active_admins() <= 1:
        raise BadRequest(LAST_ADMIN.format(verb))


def set_password(
    tx: Transaction, user: UserRecord, password: NewPassword, at: str, *, keep: str | None = None
) -> None:
    """Give an account a new password and end its sessions, but the one to keep."""
    identity = identity_of(tx, user["id"], password.provider)
    if identity is None:
        tx.identities.add(_identity(user["id"], user["email"], password, at))
    else:
        tx.identities.set_data(identity["id"], password.data, at)
    raise_security_version(tx, user, at)
    tx.sessions.revoke_all(user["id"], at, "password", keep=keep)


def raise_security_version(tx: Transaction, user: UserRecord, at: str) -> None:
    """Make what is bound to the security version die (media addresses), but not live sessions.

    Sessions that are to end are ended by name beside this.
    """
    version = existing(tx, user["id"])["security_version"] + 1
    tx.users.change(user["id"], {"security_version": version, "updated_at": at})
    for session in tx.sessions.of_user(user["id"]):
        tx.sessions.change(session["id"], {"security_version": version})


def _identity(user_id: str, subject: str, password: NewPassword, at: str) -> IdentityRecord:
    return IdentityRecord(
        id=password.identity_id,
        user_id=user_id,
        provider=password.provider,
        subject=subject,
        data=dict(password.data),
        created_at=at,
        updated_at=at,
    )
