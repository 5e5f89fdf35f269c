"""One's own account and preferences (api-v1 §3.2)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.accounts.account_shapes import (
    MESSAGE,
    SETTINGS,
    SETTINGS_UPDATE,
    USER,
    settings_response,
    user_response,
)
from journiv.api.v1.accounts.audit import source_of
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.services.accounts.accounts import Accounts
from journiv.services.accounts.preferences import Preferences
from journiv.services.accounts.profiles import Profiles
from journiv.services.signin.recent_auth import RecentAuth

UPDATE: Final = Schema(
    "UserUpdate",
    {
        "name": {"type": "text", "nullable": True, "minlength": 1, "maxlength": 100},
        "profile_picture_url": {
            "type": "text",
            "nullable": True,
            "maxlength": 2083,
            "regex": r"https?://[^\s]+",
        },
        "current_password": {"type": "secret", "nullable": True},
        "new_password": {"type": "secret", "nullable": True},
        "keep_access_tokens": {"type": "boolean"},
    },
)


class UserRoutes:
    """Serves the caller's account."""

    def __init__(
        self,
        accounts: Accounts,
        profiles: Profiles,
        preferences: Preferences,
        recent: RecentAuth,
    ) -> None:
        self._accounts = accounts
        self._profiles = profiles
        self._preferences = preferences
        self._recent = recent

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/users/me",
                handler=self.me,
                access=Access.USER,
                summary="Read your account",
                answers={200: USER},
                tag="users",
                scope="profile:read",
                for_enrolment=True,
            ),
            RouteDef(
                method="PUT",
                path="/users/me",
                handler=self.change,
                access=Access.USER,
                summary="Change your name, picture or password (which ends your access tokens)",
                answers={200: USER},
                body=UPDATE,
                tag="users",
            ),
            RouteDef(
                method="DELETE",
                path="/users/me",
                handler=self.delete,
                access=Access.USER,
                summary="Delete your account and everything in it",
                answers={200: MESSAGE},
                tag="users",
            ),
            RouteDef(
                method="GET",
                path="/users/me/settings",
                handler=self.settings,
                access=Access.USER,
                summary="Read your preferences",
                answers={200: SETTINGS},
                tag="users",
                scope="profile:read",
            ),
            RouteDef(
                method="PUT",
                path="/users/me/settings",
                handler=self.change_settings,
                access=Access.USER,
                summary="Change your preferences",
                answers={200: SETTINGS},
                body=SETTINGS_UPDATE,
                tag="users",
            ),
        )

    async def me(self, call: Call) -> dict[str, Any]:
        """Read the account."""
        return user_response(await self._profiles.get(call.principal))

    async def change(self, call: Call) -> dict[str, Any]:
        """Change the account."""
        source = source_of(call)
        return user_response(await self._profiles.change(call.principal, call.body, source))

    async def delete(self, call: Call) -> dict[str, Any]:
        """Delete the account."""
        self._recent.require(call.principal)
        await self._accounts.delete(call.principal.user_id, source_of(call))
        return {"message": "User account deleted successfully"}

    async def settings(self, call: Call) -> dict[str, Any]:
        """Read the preferences."""
        return settings_response(await self._preferences.get(call.scope))

    async def change_settings(self, call: Call) -> dict[str, Any]:
        """Change the preferences."""
        return settings_response(await self._preferences.change(call.scope, call.body))
