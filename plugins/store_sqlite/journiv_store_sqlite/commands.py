"""`journiv sqlite-backup TARGET`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.contracts.storage import Store

Create = Callable[[Mapping[str, Any], PluginContext], Store]


def backup_command(ctx: PluginContext, create: Create) -> Command:
    """Return the command; it opens the store only when it runs."""

    def configure(parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, help="the file to write; must not exist, gets mode 0600"
        )

    def run(arguments: argparse.Namespace) -> int:
        target: Path = arguments.target
        asyncio.run(_back_up(create(ctx.settings, ctx), target))
        sys.stdout.write(f"Wrote {target}, {target.stat().st_size:,} bytes.\n")
        return 0

    return Command(
        name="sqlite-backup",
        help="write a consistent copy of the database, while the server runs",
        configure=configure,
        run=run,
    )


async def _back_up(store: Store, target: Path) -> None:
    async with store:
        await store.backup(target)
