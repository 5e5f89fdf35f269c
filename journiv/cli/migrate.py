"""`journiv migrate`: bring the database up to date, then stop."""

from __future__ import annotations

import argparse
import asyncio

from journiv import loader
from journiv.cli.kernel import Kernel, prepare


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--check", action="store_true", help="only say what would be done")


def run(arguments: argparse.Namespace) -> int:
    """Migrate; with `--check` return 1 when something is to be done."""
    return asyncio.run(_migrate(prepare(), check=arguments.check))


async def _migrate(kernel: Kernel, *, check: bool) -> int:
    store, plugin = kernel.providers.store, kernel.providers.store_plugin
    await loader.retried(store.open, plugin, kernel.settings.startup_timeout)
    try:
        before = await store.schema_status()
        if before.up_to_date:
            print(f"The database has schema {before.head}; nothing to do.")
            return 0
        step = f"from {before.current or 'nothing'} to {before.head}"
        if check:
            print(f"The database would go {step}.")
            return 1
        await store.migrate()
        print(f"The database went {step}.")
        return 0
    finally:
        await store.close()
