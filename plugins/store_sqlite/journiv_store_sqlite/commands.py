"""`journiv sqlite-backup TARGET`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv_store_sqlite.location import database_path


def backup_command(ctx: PluginContext) -> Command:
    """Return the command. It needs no server, and none needs to stop for it."""

    def configure(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, help="the file to write; it must not exist and gets mode 0600"
        )

    def run(arguments: argparse.Namespace) -> int:
        from journiv_store_sqlite.copies import copy_database

        target: Path = arguments.target
        copy_database(database_path(ctx.core.database_url, ctx.core.data), target)
        sys.stdout.write(f"Wrote {target}, {target.stat().st_size:,} bytes.\n")
        return 0

    return Command(
        name="sqlite-backup",
        help="write a consistent copy of the database, also while the server runs",
        configure=configure,
        run=run,
    )
