"""Accounts with a password: Argon2id hashes, and access tokens as JWTs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from journiv import hookimpl
from journiv.contracts.auth import AuthBackend, Authenticator
from journiv.contracts.context import PluginContext
from journiv.contracts.tokens import TokenBackend, TokenHandler
from journiv_auth_local.settings import CONFIG_SCHEMA

JOURNIV_API: Final = "0.1"


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    """See the hook specification."""
    return CONFIG_SCHEMA


@hookimpl
def journiv_register_authenticators() -> Iterable[AuthBackend]:
    """See the hook specification."""
    return [AuthBackend(name="local", summary="e-mail and password", create=_authenticator)]


@hookimpl
def journiv_register_token_handlers() -> Iterable[TokenBackend]:
    """See the hook specification."""
    return [
        TokenBackend(name="jwt", summary="signed access tokens", prefix="eyJ", create=_tokens),
    ]


def _authenticator(settings: Mapping[str, Any], ctx: PluginContext) -> Authenticator:
    from journiv_auth_local.authenticator import LocalAuthenticator
    from journiv_auth_local.hashing import PROFILES, PasswordHashes
    from journiv_auth_local.policy import PasswordPolicy
    from journiv_auth_local.pool import HashPool

    return LocalAuthenticator(
        PasswordHashes(PROFILES[settings["argon2_profile"]]),
        HashPool(settings["argon2_threads"]),
        PasswordPolicy(ctx.core.password_min_length, ctx.core.app_name, ctx.core.public_url),
    )


def _tokens(settings: Mapping[str, Any], ctx: PluginContext) -> TokenHandler:
    from journiv_auth_local.jwt_tokens import JwtTokens

    return JwtTokens(ctx.secrets("access-jwt/1"), ctx.core.public_url, ctx.clock)
