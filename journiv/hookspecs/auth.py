"""Signing in, and tokens."""

from __future__ import annotations

from collections.abc import Iterable

from journiv.contracts.auth import AuthBackend
from journiv.contracts.tokens import TokenBackend
from journiv.hookspecs.markers import hookspec


@hookspec
def journiv_register_authenticators() -> Iterable[AuthBackend]:  # type: ignore[empty-body]
    """Offer ways to sign in.

    Called by: the loader, at start; `JOURNIV_AUTH` lists those in use, in order.

    Returns:
        Descriptors; their `create` runs only for listed ones.

    Several plugins: names are unique. At most one listed authenticator takes passwords.
    Errors: a listed name nobody offers, or a clash, stops the start.
    Since: 0.1. Stability: provisional. Used by: auth_local, auth_oidc.
    """


@hookspec
def journiv_register_token_handlers() -> Iterable[TokenBackend]:  # type: ignore[empty-body]
    """Offer kinds of access token.

    Called by: the loader, at start. All verify, in plugin order; `JOURNIV_SESSION_TOKENS` names
    the one that issues.

    Returns:
        Descriptors with a unique name and token prefix.

    Several plugins: the first handler that does not answer None decides.
    Errors: a clash, or an issuing name nobody offers, stops the start.
    Since: 0.1. Stability: provisional. Used by: auth_local (JWT), builtin (opaque).
    """
