"""`journiv config show` and `journiv config check`."""

from __future__ import annotations

import argparse
from typing import Any

from journiv import config, loader
from journiv.cli.kernel import load, say_warnings
from journiv.config import Settings, Value

HIDDEN = "********"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="show|check")
    actions.add_parser("show", help="print every setting with its source, secrets hidden")
    actions.add_parser("check", help="say what is wrong, and start nothing")


def run(arguments: argparse.Namespace) -> int:
    """Show or check the configuration."""
    if arguments.action == "show":
        for line in lines(load().settings):
            print(line)
        return 0
    plugins = load()
    plugins.settings = config.with_secrets(plugins.settings)
    say_warnings(plugins.settings.warnings)
    host = loader.Host(plugins.settings, config.clock(plugins.settings))
    loader.construct(plugins.select(), host)
    print("The configuration is right.")
    return 0


def lines(settings: Settings) -> list[str]:
    """Return a line for each setting: what applies, and who said so."""
    shown = []
    for section, values in settings.values.items():
        if section and values:
            shown += ["", f"[{section}]"]
        for key, value in values.items():
            effective = value.value if section else getattr(settings, key, value.value)
            shown.append(f"{key} = {_text(effective, value)}  # {_source(value)}")
    return shown


def _text(effective: Any, value: Value) -> str:
    if effective is None or effective == ():
        return "(unset)"
    if value.secret and (value.source != "default" or "@" in str(effective)):
        return HIDDEN
    if isinstance(effective, tuple | list):
        return ", ".join(map(str, effective))
    return str(effective).lower() if isinstance(effective, bool) else str(effective)


def _source(value: Value) -> str:
    return f"{value.name} in the environment" if value.source == "environment" else value.source
