"""What a client may know before sign-in, and an administrator about versions (api-v1 §3.12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from journiv.config import Settings
from journiv.contracts.auth import LoginOption
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.services.server.instance import InstanceService

_TEXT = {"type": "text", "required": True}
_MAYBE_TEXT = {"type": "text", "nullable": True}
_MAYBE_FLAG = {"type": "boolean", "nullable": True}
_FLAG = {"type": "boolean", "required": True}
_COUNT = {"type": "integer", "required": True}

CONFIG = Schema(
    "InstanceConfig",
    {
        "name": _TEXT,
        "version": {"type": "text"},
        "disable_signup": _FLAG,
        "oidc_enabled": _FLAG,
        "oidc_only": _FLAG,
        "password_min_length": _COUNT,
        "max_file_size_mb": _COUNT,
        "import_export_max_file_size_mb": _COUNT,
        "login_options": {
            "type": "list",
            "required": True,
            "schema": {
                "type": "dict",
                "schema": {
                    "name": _TEXT,
                    "kind": {"type": "text", "required": True, "allowed": ["password", "redirect"]},
                    "label": _TEXT,
                    "url": {"type": "text", "required": True, "nullable": True},
                    "auto_launch": _FLAG,
                },
            },
        },
    },
)
_VERSION_FIELDS = {
    "current_version": _TEXT,
    "install_id": {"type": "uuid", "required": True},
    "latest_version": _MAYBE_TEXT,
    "update_available": _MAYBE_FLAG,
    "update_url": _MAYBE_TEXT,
    "changelog_url": _MAYBE_TEXT,
    "last_checked": {"type": "instant", "nullable": True},
    "last_check_success": _MAYBE_FLAG,
    "error_message": _MAYBE_TEXT,
}
VERSION_INFO = Schema("VersionInfo", _VERSION_FIELDS)
VERSION_CHECK = Schema(
    "VersionCheck",
    {
        "success": _FLAG,
        "message": _TEXT,
        "version_info": {"type": "dict", "nullable": True, "schema": _VERSION_FIELDS},
        "retry_after_seconds": {"type": "integer", "nullable": True},
        "cached": _MAYBE_FLAG,
    },
)
CHECK_ENABLED = Schema("VersionCheckEnabled", {"enabled": _FLAG})


class InstanceRoutes:
    """`options` are the ways to sign in, as the active authenticators offer them."""

    def __init__(
        self,
        settings: Settings,
        options: Iterable[LoginOption],
        instance: InstanceService,
        version: str,
    ) -> None:
        self._instance = instance
        self._version = version
        self._config = {
            "name": settings.app_name,
            "disable_signup": settings.disable_signup,
            "oidc_enabled": settings.oidc_enabled,
            "oidc_only": settings.oidc_only,
            "password_min_length": settings.password_min_length,
            "max_file_size_mb": settings.max_file_size_mb,
            "import_export_max_file_size_mb": settings.import_export_max_file_size_mb,
            "login_options": [asdict(option) for option in options],
        }

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/instance/config",
                handler=self.config,
                access=Access.PUBLIC,
                summary="What a client needs to know before anybody signs in",
                answers={200: CONFIG},
                tag="instance",
            ),
            RouteDef(
                method="GET",
                path="/instance/version/info",
                handler=self.version_info,
                access=Access.ADMIN,
                summary="Which version runs here",
                answers={200: VERSION_INFO},
                tag="instance",
            ),
            RouteDef(
                method="POST",
                path="/instance/version/check",
                handler=self.version_check,
                access=Access.ADMIN,
                summary="Look for a newer version",
                answers={200: VERSION_CHECK},
                tag="instance",
            ),
            RouteDef(
                method="GET",
                path="/instance/version/check/enabled",
                handler=self.check_enabled,
                access=Access.ADMIN,
                summary="Whether looking for newer versions is wanted",
                answers={200: CHECK_ENABLED},
                tag="instance",
            ),
            RouteDef(
                method="PUT",
                path="/instance/version/check/enabled",
                handler=self.set_check_enabled,
                access=Access.ADMIN,
                summary="Switch looking for newer versions",
                body=CHECK_ENABLED,
                answers={200: CHECK_ENABLED},
                tag="instance",
            ),
        )

    async def config(self, call: Call) -> Any:
        """Answer anybody; an administrator also learns the version."""
        if call.caller is not None and call.caller.is_admin:
            return {**self._config, "version": self._version}
        return self._config

    async def version_info(self, call: Call) -> Any:
        """Answer from what is stored here."""
        return await self._instance.version_info(call.scope)

    async def version_check(self, call: Call) -> Any:
        """Answer honestly that no other server was asked."""
        return await self._instance.check(call.scope)

    async def check_enabled(self, call: Call) -> Any:
        """Answer the switch."""
        return {"enabled": await self._instance.check_enabled(call.scope)}

    async def set_check_enabled(self, call: Call) -> Any:
        """Set the switch and answer it."""
        enabled = await self._instance.set_check_enabled(call.scope, call.body["enabled"])
        return {"enabled": enabled}
