"""Signing in with a proof from elsewhere: finding or opening the account it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from journiv.contracts.auth import Proof
from journiv.contracts.records import IdentityRecord, UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, BadRequest, Forbidden
from journiv.domain.events import Event, UserCreated
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.account_rows import (
    NewPassword,
    NewRows,
    claims_first_place,
    existing,
    new_rows,
    normal_email,
    raise_security_version,
    store_account,
)
from journiv.services.audit import Audit, Source
from journiv.services.principals import INACTIVE
from journiv.services.sessions import Client, Sessions
from journiv.services.signin import SignedIn

TAKEN: Final = (
    "An account with this e-mail address exists and is not linked to your single sign-on. "
    "Sign in with its password."
)
STALE: Final = "Invalid or expired ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationPolicy:
    """`provisions`: somebody unknown gets an account; `guarded`: but not the very first."""

    provisions: bool
    guarded: bool = False


class Federation:
    """Knows accounts by (provider, subject), never by e-mail address (security.md D11)."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sessions: Sessions,
        publish: Callable[[Event], None],
        audit: Audit,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._publish = publish
        self._audit = audit

    async def account(self, proof: Proof, policy: FederationPolicy) -> str:
        """Return the id of the account a proof belongs to, opening it when that is allowed.

        Raises `Forbidden`: the account is switched off, its address belongs to an account that is
        not linked, or nobody new is let in.
        """
        at = instant(self._clock.now())
        rows = _rows(proof, at)

        def work(tx: Transaction) -> tuple[str, bool]:
            identity = tx.identities.find(proof.provider, proof.subject)
            if identity is None:
                return self._provisioned(tx, rows, policy, admin=proof.claims["admin"]), True
            user = existing(tx, identity["user_id"])
            if not user["is_active"]:
                raise Forbidden(INACTIVE)
            _set_role(tx, user, proof.claims["admin"], at)
            return user["id"], False

        user_id, opened = await self._store.write(SYSTEM, work)
        if opened:
            self._publish(UserCreated(user_id, at))
        return user_id

    async def sign_in(self, user_id: str, client: Client) -> SignedIn:
        """Open a session for an account that has just been proved.

        Raises `BadRequest` when it is gone, `AuthenticationFailed` when it is switched off.
        """
        user = await self._store.read(SYSTEM, lambda tx: tx.users.get(user_id))
        if user is None:
            raise BadRequest(STALE)
        if not user["is_active"]:
            raise AuthenticationFailed(INACTIVE)
        opened = self._sessions.opened(user, client, ("oidc",))
        at = opened.record["created_at"]

        def work(tx: Transaction) -> None:
            now = existing(tx, user_id)
            if not now["is_active"] or now["security_version"] != user["security_version"]:
                raise BadRequest(STALE)
            tx.users.change(user_id, {"last_login_at": at})
            self._sessions.keep(tx, opened)
            self._audit.record(tx, "sign-in", user_id, at, source=Source(address=client.address))

        await self._store.write(SYSTEM, work)
        tokens = await self._sessions.tokens(opened.record, opened.secret)
        return SignedIn(UserRecord(**{**user, "last_login_at": at}), tokens)

    def _provisioned(
        self, tx: Transaction, rows: NewRows, policy: FederationPolicy, *, admin: bool | None
    ) -> str:
        if tx.users.by_email(rows.user["email"]) is not None:
            raise Forbidden(TAKEN)
        if not policy.provisions:
            raise Forbidden("Single sign-on opens no accounts on this server")
        first = claims_first_place(tx, rows)
        if first and policy.guarded and not admin:
            raise Forbidden("The first account of this server is opened with the setup token")
        return store_account(tx, rows, first=first or bool(admin))["id"]


def _rows(proof: Proof, at: str) -> NewRows:
    email, name = normal_email(proof.claims["email"]), proof.claims["name"]
    made = new_rows(email, name, "user", NewPassword(proof.provider, {}), at)
    identity = IdentityRecord(**{**made.identity, "id": new_id(), "subject": proof.subject})
    return NewRows(made.user, identity, made.settings)


def _set_role(tx: Transaction, user: UserRecord, admin: bool | None, at: str) -> None:
    """Let the provider's groups decide; the last administrator stays one."""
    if admin is None or (user["role"] == "admin") == admin:
        return
    if not admin and tx.users.count_active_admins() <= 1:
        return
    tx.users.change(user["id"], {"role": "admin" if admin else "user", "updated_at": at})
    raise_security_version(tx, user, at)
