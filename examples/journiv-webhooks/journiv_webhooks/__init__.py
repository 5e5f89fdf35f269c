"""A Journiv plugin: webhooks, signed HTTP requests about entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from journiv import hookimpl
from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.contracts.jobs import Job
from journiv.contracts.listeners import Lifespan, Listener
from journiv.contracts.routes import RouteDef
from journiv_webhooks.settings import CONFIG_SCHEMA

JOURNIV_API: Final = "0.1"


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    """Describe the section `[webhooks]`."""
    return CONFIG_SCHEMA


@hookimpl
def journiv_register_routes(ctx: PluginContext) -> Iterable[RouteDef]:
    """Add `/api/v1/x/webhooks/`."""
    from journiv_webhooks.courier import Courier
    from journiv_webhooks.routes import WebhookRoutes

    return WebhookRoutes(ctx, ctx.shared(Courier)).routes()


@hookimpl
def journiv_register_listeners(ctx: PluginContext) -> Iterable[Listener]:
    """Hear what happens to entries."""
    from journiv_webhooks.courier import Courier
    from journiv_webhooks.listening import Ear

    return [Ear(ctx, ctx.shared(Courier)).listener()]


@hookimpl
def journiv_register_lifespans(ctx: PluginContext) -> Iterable[Lifespan]:
    """Deliver while the server runs."""
    from journiv_webhooks.courier import Courier

    return [ctx.shared(Courier).running]


@hookimpl
def journiv_register_jobs(ctx: PluginContext) -> Iterable[Job]:
    """Try again what could not be delivered."""
    from journiv_webhooks.courier import Courier

    every = ctx.settings["retry_seconds"]
    return [Job(name="retry", every=every, run=ctx.shared(Courier).retry)]


@hookimpl
def journiv_register_commands(ctx: PluginContext) -> Iterable[Command]:
    """Add `journiv webhooks`."""
    from journiv_webhooks.commands import webhooks_command

    return [webhooks_command(ctx)]
