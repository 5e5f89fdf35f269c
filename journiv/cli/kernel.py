"""From the environment to loaded plugins, for every command."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from journiv import API_VERSION, config, loader
from journiv.config import secrets
from journiv.contracts.commands import Command


def load() -> loader.Plugins:
    """Read the settings and load the plugins. Raises `ConfigError`."""
    return loader.load(config.read_sources(os.environ), API_VERSION)


def load_for_work() -> loader.Plugins:
    """Load, settle `SECRET_KEY`, and take secrets out of the environment. Raises `ConfigError`."""
    plugins = load()
    plugins.settings = config.with_secrets(plugins.settings)
    secrets.wipe(os.environ, plugins.settings.secret_names())
    return plugins


def say_warnings(warnings: tuple[str, ...]) -> None:
    """Print what is odd about the settings, a line each, to the terminal."""
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)


def plugin_commands(*, to_run: bool) -> Mapping[str, Command]:
    """Return the commands of the active plugins by name. Raises `ConfigError`.

    Only commands that are to run need a `SECRET_KEY`; a list of them does not.
    """
    from journiv.cli import COMMANDS

    plugins = load_for_work() if to_run else load()
    host = loader.Host(plugins.settings, config.clock(plugins.settings))
    return loader.commands(plugins.calls, host, COMMANDS)
