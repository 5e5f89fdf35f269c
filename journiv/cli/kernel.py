"""From the environment to loaded plugins, for every command."""

from __future__ import annotations

import argparse
import asyncio
import inspect
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from journiv import API_VERSION, config, loader
from journiv.app.media import MediaParts, make_media
from journiv.cli import logs
from journiv.config import Settings, secrets, start_block
from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.contracts.storage import Store
from journiv.contracts.transfer import Exporter, Importer
from journiv.domain.clock import Clock
from journiv.domain.errors import ConfigError
from journiv.services.accounts.audit import Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Kernel:
    """What a command that works on the store needs; nothing is open yet.

    `keys` is the core's own context: it derives a key for each purpose.
    """

    settings: Settings
    clock: Clock
    providers: loader.Providers
    importers: Mapping[str, Importer]
    exporters: Mapping[str, Exporter]
    media: MediaParts
    audit: Audit
    keys: PluginContext


def load() -> loader.Plugins:
    """Read the settings and load the plugins. Raises `ConfigError`."""
    logs.set_up_for_command()
    return loader.load(config.read_sources(os.environ), API_VERSION)


def load_for_work() -> loader.Plugins:
    """Load, settle `SECRET_KEY`, and take secrets out of the environment. Raises `ConfigError`."""
    plugins = load()
    plugins.settings = config.with_secrets(plugins.settings)
    names = plugins.settings.secret_names()
    secrets.wipe(os.environ, names)
    start_block.blank(names)
    os.umask(0o077)
    return plugins


def prepare() -> Kernel:
    """Load, choose and construct the backends. Raises `ConfigError`."""
    plugins = load_for_work()
    clock = config.clock(plugins.settings)
    host = loader.Host(plugins.settings, clock)
    providers = loader.construct(plugins.select(), host)
    say_warnings(plugins.settings.warnings)
    keys = host.context("journiv")
    media = make_media(
        plugins.settings,
        clock,
        providers.store,
        providers.media,
        loader.media_processors(plugins.calls, host),
        keys.secrets("media-url/1"),
    )
    return Kernel(
        settings=plugins.settings,
        clock=clock,
        providers=providers,
        importers=loader.importers(plugins.calls),
        exporters=loader.exporters(plugins.calls),
        media=media,
        audit=audit_of(host, providers.store),
        keys=keys,
    )


def audit_of(host: loader.Host, store: Store) -> Audit:
    """Make the audit log over a store, with the keys of this installation."""
    keys = host.context("journiv")
    return Audit(store, keys.secrets("audit/1"), keys.secrets("pseudonym/1"))


@asynccontextmanager
async def opened(kernel: Kernel, *, makes: bool = False) -> AsyncIterator[Store]:
    """Open the store, migrated, beside a running server or alone; close it at the end.

    Unless the command `makes` a journal, raises `ConfigError` where there is none: an empty one
    at a mistyped place would look like a good one.
    """
    store = kernel.providers.store
    if not makes and not await store.exists():
        raise ConfigError(
            f"There is no journal in {kernel.settings.data} yet. Check JOURNIV_DATA and "
            "DATABASE_URL, or start the server there once."
        )
    await loader.open_store(store, kernel.providers.store_plugin, kernel.settings)
    try:
        yield store
    finally:
        for authenticator in kernel.providers.authenticators:
            await authenticator.close()
        await kernel.media.rendering.stop()
        await kernel.providers.media.close()
        await store.close()


def say_warnings(warnings: tuple[str, ...]) -> None:
    """Print what is odd about the settings, a line each, to the terminal."""
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)


class PluginCommands:
    """The commands of the active plugins, by name in `found`. Raises `ConfigError`.

    Only commands that are to run need a `SECRET_KEY`; a list of them does not.
    """

    def __init__(self, *, to_run: bool) -> None:
        from journiv.cli import COMMANDS

        self._plugins = load_for_work() if to_run else load()
        settings = self._plugins.settings
        self._host = loader.Host(settings, config.clock(settings))
        self.found: Mapping[str, Command] = loader.commands(
            self._plugins.calls, self._host, COMMANDS
        )

    def run(self, command: Command, arguments: argparse.Namespace) -> int:
        """Run a command, beside an open store if it is a coroutine function."""
        if inspect.iscoroutinefunction(command.run):
            return asyncio.run(self._beside_store(command.run, arguments))
        return cast("int", command.run(arguments))

    async def _beside_store(
        self,
        run: Callable[[argparse.Namespace], Awaitable[int]],
        arguments: argparse.Namespace,
    ) -> int:
        selection = self._plugins.select()
        store = loader.create_store(selection, self._host)
        await loader.open_store(store, selection.store.plugin, self._plugins.settings)
        self._host.store = store
        try:
            return await run(arguments)
        finally:
            self._host.store = None
            await store.close()
