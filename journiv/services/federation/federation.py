"""Signing in with a proof from elsewhere: finding or opening the account it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from journiv.contracts.auth import Proof
from journiv.contracts.records import IdentityRecord, UserRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import AuthenticationFailed, BadRequest, Forbidden, SecondFactorNeeded
from journiv.domain.events import Event, UserCreated
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.account_rows import (
    NewPassword,
    NewRows,
    claims_first_place,
    existing,
    new_rows,
    normal_email,
    raise_security_version,
    store_account,
)
from journiv.services.accounts.audit import Audit
from journiv.services.factors.mfa import Challenges
from journiv.services.signin.origins import Arrival, Origins, methods
from journiv.services.signin.principals import INACTIVE
from journiv.services.signin.sessions import Client, Sessions
from journiv.services.signin.signin import CODE_NEEDED, SignedIn

STALE: Final = "Invalid or expired ticket"


@dataclass(frozen=True, slots=True, kw_only=True)
class FederationPolicy:
    """Who gets in without having been here.

    `provisions`: somebody unknown gets an account; `guarded`: but not the very first.
    `links_by_email`: an address the provider has verified opens the account that has it.
    """

    provisions: bool
    guarded: bool = False
    links_by_email: bool = False


class Federation:
    """Knows accounts by (provider, subject), never by e-mail address alone (security.md D11)."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        sessions: Sessions,
        publish: Callable[[Event], None],
        audit: Audit,
        origins: Origins,
        challenges: Challenges,
    ) -> None:
        self._store = store
        self._clock = clock
        self._sessions = sessions
        self._publish = publish
        self._audit = audit
        self._origins = origins
        self._challenges = challenges

    async def arrive(self, proof: Proof, policy: FederationPolicy) -> Arrival:
        """Find the account a proof belongs to, opening it when that is allowed.

        The arrival has no account when its address belongs to one that is not linked. Raises
        `Forbidden`: the account is switched off, or nobody new is let in.
        """
        at = instant(self._clock.now())
        rows = _rows(proof, at)

        def work(tx: Transaction) -> tuple[str | None, bool]:
            identity = tx.identities.find(proof.provider, proof.subject)
            if identity is None:
                return self._unknown(tx, proof, rows, policy)
            user = existing(tx, identity["user_id"])
            if not user["is_active"]:
                raise Forbidden(INACTIVE)
            _set_role(tx, user, proof.claims["admin"], at)
            return user["id"], False

        user_id, opened = await self._store.write(SYSTEM, work)
        if opened and user_id is not None:
            self._publish(UserCreated(user_id, at))
        return self._origins.arrival(proof, user_id)

    def arrival(self, proof: Proof, user_id: str) -> Arrival:
        """Return what is kept of a proof for an account that is known already."""
        return self._origins.arrival(proof, user_id)

    async def sign_in(self, arrival: Arrival, client: Client) -> SignedIn:
        """Open a session for somebody who has just arrived.

        Raises `BadRequest` when the account is gone, `AuthenticationFailed` when it is switched
        off, `SecondFactorNeeded` when it has a second factor and the provider asked for none.
        """
        user_id, now = arrival["user_id"] or "", self._clock.now()
        user = await self._store.read(SYSTEM, lambda tx: tx.users.get(user_id))
        if user is None:
            raise BadRequest(STALE)
        opened = self._sessions.opened(user, client, methods(arrival))
        challenge = self._challenges.make(now)
        at = opened.record["created_at"]

        def work(tx: Transaction) -> bool:
            _still(tx, user)
            if not arrival["second_factor"] and self._challenges.factor.is_on(tx, user_id, now):
                self._challenges.put(tx, challenge, user, methods(arrival), arrival)
                return False
            tx.users.change(user_id, {"last_login_at": at})
            self._sessions.keep(tx, opened)
            self._origins.keep(tx, opened.record, arrival)
            self._audit.record(tx, "sign-in", user_id, at, source=client.source)
            return True

        if not await self._store.write(SYSTEM, work):
            raise SecondFactorNeeded(CODE_NEEDED, challenge.token)
        tokens = await self._sessions.tokens(opened.record, opened.secret)
        return SignedIn(UserRecord(**{**user, "last_login_at": at}), tokens)

    def _unknown(
        self, tx: Transaction, proof: Proof, rows: NewRows, policy: FederationPolicy
    ) -> tuple[str | None, bool]:
        user = tx.users.by_email(rows.user["email"])
        if user is None:
            return self._provisioned(tx, rows, policy, admin=proof.claims["admin"]), True
        if not user["is_active"]:
            raise Forbidden(INACTIVE)
        trusted = policy.links_by_email and proof.claims["email_verified"] is True
        if not trusted or user["role"] == "admin":
            return None, False
        self._take_over(tx, user, rows.identity)
        return user["id"], False

    def _take_over(self, tx: Transaction, user: UserRecord, identity: IdentityRecord) -> None:
        """Give an account to whom its address belongs; whoever had it before is out."""
        at = identity["created_at"]
        for old in tx.identities.of_user(user["id"]):
            tx.identities.delete(old["id"])
        tx.sessions.revoke_all(user["id"], at, "linked")
        tx.access_tokens.delete_all(user["id"])
        raise_security_version(tx, user, at)
        tx.identities.add(IdentityRecord(**{**identity, "user_id": user["id"]}))
        self._audit.record(tx, "identity.trust", user["id"], at, object=identity["id"])

    def _provisioned(
        self, tx: Transaction, rows: NewRows, policy: FederationPolicy, *, admin: bool | None
    ) -> str:
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


def _still(tx: Transaction, user: UserRecord) -> None:
    now = tx.users.get(user["id"])
    if now is not None and not now["is_active"]:
        raise AuthenticationFailed(INACTIVE)
    if now is None or now["security_version"] != user["security_version"]:
        raise BadRequest(STALE)


def _set_role(tx: Transaction, user: UserRecord, admin: bool | None, at: str) -> None:
    """Let the provider's groups decide; the last administrator stays one."""
    if admin is None or (user["role"] == "admin") == admin:
        return
    if not admin and tx.users.count_active_admins() <= 1:
        return
    tx.users.change(user["id"], {"role": "admin" if admin else "user", "updated_at": at})
    raise_security_version(tx, user, at)
