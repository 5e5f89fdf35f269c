"""The composition root: from loaded plugins to one application. Only it knows everything."""

from __future__ import annotations

from aiohttp import web

from journiv import __version__, api
from journiv.api.accesslog import Write
from journiv.api.docs import DocumentRoutes
from journiv.app.contexts import contexts
from journiv.app.parts import collect_parts
from journiv.app.routes import mounts
from journiv.loader import Plugins
from journiv.services.factors.mfa_policy import MfaPolicy
from journiv.services.signin.principals import Principals


def build(plugins: Plugins, access_log: Write | None = None) -> web.Application:
    """Make the application. Raises `ConfigError`; does no I/O.

    `plugins` is not kept: once this returns, no request can reach a hook.
    """
    parts = collect_parts(plugins)
    providers = parts.providers
    policy = MfaPolicy(parts.settings.require_mfa)
    principals = Principals(providers.store, parts.clock, providers.token_handlers, policy=policy)
    app = api.build(
        parts.settings,
        mounts(parts),
        version=__version__,
        principal=principals.principal,
        limiter=providers.rate_limiter,
        store=providers.store,
        clock=parts.clock,
        access_log=access_log,
        documented=parts.settings.api_docs,
        seen=parts.seen,
    )
    app.cleanup_ctx.extend(contexts(parts))
    app.on_shutdown.append(parts.health.stop)
    return app


def describe(plugins: Plugins) -> bytes:
    """Return the OpenAPI document of the application that `build` makes. Raises `ConfigError`."""
    parts = collect_parts(plugins)
    return DocumentRoutes(mounts(parts), title=parts.settings.app_name, version=__version__).body
