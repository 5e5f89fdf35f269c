"""Single sign-on: an OpenID Connect relying party (code flow with PKCE) on authlib's parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from journiv import hookimpl
from journiv.contracts.auth import AuthBackend, Authenticator
from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv_auth_oidc.check_command import check_command
from journiv_auth_oidc.settings import CONFIG_SCHEMA

JOURNIV_API: Final = "0.1"


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    """See the hook specification."""
    return CONFIG_SCHEMA


@hookimpl
def journiv_register_authenticators() -> Iterable[AuthBackend]:
    """See the hook specification."""
    return [AuthBackend(name="oidc", summary="single sign-on", create=_authenticator)]


@hookimpl
def journiv_register_commands(ctx: PluginContext) -> Iterable[Command]:
    """Add `journiv oidc-check`."""
    return [check_command(ctx)]


def _authenticator(settings: Mapping[str, Any], ctx: PluginContext) -> Authenticator:
    from journiv_auth_oidc.authenticator import OidcAuthenticator
    from journiv_auth_oidc.provider import Provider
    from journiv_auth_oidc.settings import checked

    config = checked(settings, ctx.core.public_url)
    for warning in config.warnings():
        ctx.log.warning("%s", warning)
    return OidcAuthenticator(config, Provider(config), ctx.clock, ctx.log)
