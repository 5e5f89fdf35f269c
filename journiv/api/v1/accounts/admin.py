"""Accounts, for administrators (api-v1 §3.11)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.accounts.account_shapes import (
    EMAIL,
    LISTED_USER,
    MESSAGE,
    NAME,
    NOT_BLANK,
    PASSWORD,
    USER,
    listed_user,
    user_response,
)
from journiv.api.v1.accounts.audit import source_of
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.accounts.accounts import NewAccount
from journiv.services.accounts.admin import Administration
from journiv.services.signin.recent_auth import RecentAuth

_ROLE: Final = {"type": "text", "allowed": ["admin", "user"]}
CREATE: Final = Schema(
    "AdminUserCreate", {"email": EMAIL, "name": NAME, "password": PASSWORD, "role": _ROLE}
)
UPDATE: Final = Schema(
    "AdminUserUpdate",
    {
        "name": {"type": "text", "nullable": True, "maxlength": 100, "regex": NOT_BLANK},
        "email": {"type": "email", "nullable": True},
        "role": _ROLE,
        "is_active": {"type": "boolean"},
        "password": {"type": "secret", "nullable": True},
    },
)


_SENSITIVE: Final = frozenset({"role", "password", "email"})


class AdminRoutes:
    """Lists, opens, changes and deletes accounts."""

    def __init__(self, administration: Administration, recent: RecentAuth) -> None:
        self._administration = administration
        self._recent = recent

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/admin/users",
                handler=self.page,
                access=Access.ADMIN,
                summary="List accounts, newest first",
                answers={200: ListOf(LISTED_USER)},
                query=(
                    Param(name="limit", kind="int", default=100, minimum=1, maximum=1000),
                    Param(name="offset", kind="int", default=0, minimum=0),
                ),
                tag="admin",
                scope="admin:users",
            ),
            RouteDef(
                method="POST",
                path="/admin/users",
                handler=self.create,
                access=Access.ADMIN,
                summary="Open an account for somebody",
                answers={201: USER},
                body=CREATE,
                tag="admin",
                scope="admin:users",
            ),
            RouteDef(
                method="PATCH",
                path="/admin/users/{user_id}",
                handler=self.change,
                access=Access.ADMIN,
                summary="Change an account",
                answers={200: USER},
                body=UPDATE,
                tag="admin",
                scope="admin:users",
            ),
            RouteDef(
                method="DELETE",
                path="/admin/users/{user_id}",
                handler=self.delete,
                access=Access.ADMIN,
                summary="Delete an account and everything in it",
                answers={200: MESSAGE},
                tag="admin",
                scope="admin:users",
            ),
            RouteDef(
                method="DELETE",
                path="/admin/users/{user_id}/sessions",
                handler=self.end_sessions,
                access=Access.ADMIN,
                summary="End all sessions of an account",
                answers={204: None},
                tag="admin",
            ),
            RouteDef(
                method="DELETE",
                path="/admin/users/{user_id}/totp",
                handler=self.remove_second_factor,
                access=Access.ADMIN,
                summary="Switch off the second factor of somebody who has lost it",
                answers={204: None},
                tag="admin",
            ),
        )

    async def page(self, call: Call) -> list[dict[str, Any]]:
        """List accounts."""
        found = await self._administration.page(call.query["limit"], call.query["offset"])
        return [listed_user(account) for account in found]

    async def create(self, call: Call) -> dict[str, Any]:
        """Open an account; an administrator's only soon after signing in."""
        if call.body.get("role") == "admin":
            self._recent.require(call.principal)
        new = NewAccount(**call.body)
        return user_response(await self._administration.create(new, source_of(call)))

    async def change(self, call: Call) -> dict[str, Any]:
        """Change an account; a role or a password only soon after signing in."""
        if not _SENSITIVE.isdisjoint(call.body):
            self._recent.require(call.principal)
        user_id, source = call.path["user_id"], source_of(call)
        return user_response(await self._administration.change(user_id, call.body, source))

    async def delete(self, call: Call) -> dict[str, Any]:
        """Delete an account, soon after signing in."""
        self._recent.require(call.principal)
        user = await self._administration.delete(call.path["user_id"], source_of(call))
        return {
            "message": "User deleted successfully",
            "detail": f"User {user['email']} and all their data have been deleted",
        }

    async def end_sessions(self, call: Call) -> Reply:
        """End all sessions of an account."""
        await self._administration.end_sessions(call.path["user_id"], source_of(call))
        return Reply(status=204)

    async def remove_second_factor(self, call: Call) -> Reply:
        """Switch a second factor off, soon after signing in."""
        self._recent.require(call.principal)
        user_id, source = call.path["user_id"], source_of(call)
        await self._administration.remove_second_factor(user_id, source)
        return Reply(status=204)
