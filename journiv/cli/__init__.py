"""The command line: `journiv COMMAND …`. Each command is a module, imported when it is asked for.

A module has `configure(parser)`, which adds its arguments, and `run(arguments)`, which returns the
exit code. Exit codes: 0 done, 1 failed, 2 wrong usage, 78 wrong configuration.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from journiv import __version__
from journiv.domain.errors import ConfigError, JournivError

CONFIGURATION_ERROR = 78
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class CoreCommand:
    """A command of the core, and the module below `journiv.cli` that has it."""

    help: str
    module: str


COMMANDS = {
    "serve": CoreCommand("run the server", "serve"),
    "migrate": CoreCommand("bring the database up to date, then stop", "migrate"),
    "import": CoreCommand("bring in a diary from a file", "imports"),
    "export": CoreCommand("write a diary to a file", "exports"),
    "user": CoreCommand("make, list, promote and disable accounts; set passwords", "user"),
    "copy-store": CoreCommand("copy everything into another database", "copies"),
    "backup": CoreCommand("make, list, verify, restore and prune backups", "backup"),
    "verify": CoreCommand("check the files, the search index and the counters", "verify"),
    "keys": CoreCommand("change SECRET_KEY, and encrypt what is stored with the new one", "keys"),
    "audit": CoreCommand("check that the audit log is as it was written", "audit"),
    "plugins": CoreCommand("list the plugins, their state and what they provide", "plugins"),
    "openapi": CoreCommand("print what the API is, as OpenAPI 3.1", "openapi"),
    "config": CoreCommand("show the settings with their sources, or check them", "config"),
    "doctor": CoreCommand("go through the security checklist", "doctor"),
    "health": CoreCommand("ask the running server whether it is well", "health"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; what went wrong is one sentence on stderr."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _dispatch(given)
    except ConfigError as error:
        return _fail(error, CONFIGURATION_ERROR)
    except JournivError as error:
        return _fail(error, 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _dispatch(given: list[str]) -> int:
    name = given[0] if given else "--help"
    if name in ("-h", "--help", "help"):
        print(_help())
        return 0
    if name in ("-V", "--version"):
        print(f"journiv {__version__}")
        return 0
    if name in COMMANDS:
        module = importlib.import_module(f"journiv.cli.{COMMANDS[name].module}")
        return _run(name, COMMANDS[name].help, module.configure, module.run, given[1:])
    from journiv.cli.kernel import PluginCommands

    commands = PluginCommands(to_run=True)
    command = commands.found.get(name)
    if command is None:
        known = ", ".join([*COMMANDS, *commands.found])
        print(f"journiv has no command '{name}'. There are: {known}.", file=sys.stderr)
        return 2
    run = partial(commands.run, command)
    return _run(name, command.help, command.configure, run, given[1:])


def _run(
    name: str,
    help: str,
    configure: Callable[[argparse.ArgumentParser], Any],
    run: Callable[[argparse.Namespace], int],
    arguments: list[str],
) -> int:
    description = f"{help[:1].upper()}{help[1:]}."
    parser = argparse.ArgumentParser(prog=f"journiv {name}", description=description)
    configure(parser)
    return run(parser.parse_args(arguments))


def _help() -> str:
    lines = ["usage: journiv COMMAND [options]", "", "A private journal server.", "", "commands:"]
    lines += [f"  {name:<14}{command.help}" for name, command in COMMANDS.items()]
    lines += ["", "commands of plugins:", *_plugin_help()]
    lines += [
        "",
        "`journiv COMMAND --help` says more. Settings come from journiv.toml and the environment;",
        "`journiv config show` lists them all.",
    ]
    return "\n".join(lines)


def _plugin_help() -> list[str]:
    from journiv.cli.kernel import PluginCommands

    try:
        found = PluginCommands(to_run=False).found
    except ConfigError as error:
        return [f"  (not listed: {error.detail})"]
    return [f"  {name:<14}{command.help}" for name, command in found.items()] or ["  none"]


def _fail(error: JournivError, code: int) -> int:
    if os.environ.get("DEBUG", "").lower() in ("1", "true", "yes", "on"):
        import traceback

        traceback.print_exception(error)
    print(f"journiv: {error.detail}", file=sys.stderr)
    return code
