"""`journiv copy-store`: move house, from SQLite to PostgreSQL or back."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from journiv import config, loader
from journiv.app.elsewhere import with_database
from journiv.cli.kernel import load_for_work, say_warnings
from journiv.cli.transfer import progress
from journiv.config import Settings
from journiv.contracts.storage import Store
from journiv.domain.errors import BadRequest
from journiv.loader import Plugins
from journiv.services.transfer.copying import CopyReport, StoreCopy

EPILOG: Final = """\
The source is the database of this configuration; the target is made ready and has to be empty.
Stop the server first: what it writes meanwhile is found at the end and nothing is finished. A
copy that was interrupted goes on when the command is run again. Then set DATABASE_URL to the
target and keep SECRET_KEY. Exit codes: 0 the copy equals the source, 1 it does not.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EPILOG
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--to", metavar="URL", help="the database to copy into")
    target.add_argument(
        "--to-file", type=Path, metavar="FILE", help="a file with that URL, to hide its password"
    )
    parser.add_argument(
        "--restart", action="store_true", help="throw an unfinished copy away and begin again"
    )


def run(arguments: argparse.Namespace) -> int:
    """Copy and compare; 1 when the copy differs from the source."""
    plugins = load_for_work()
    say_warnings(plugins.settings.warnings)
    url = arguments.to or _from_file(arguments.to_file)
    target = with_database(plugins.settings, url)
    if target.database_url == plugins.settings.database_url:
        raise BadRequest("Source and target are the same database.")
    report = asyncio.run(_copy(plugins, target, restart=arguments.restart))
    return _tell(report)


async def _copy(plugins: Plugins, target: Settings, *, restart: bool) -> CopyReport:
    async with (
        _opened(plugins, plugins.settings) as source,
        _opened(plugins, target, is_target=True) as copy,
    ):
        copying = StoreCopy(source, copy)
        rows = await copying.total()
        with progress("Copying", rows) as tell:
            await copying.copy(restart=restart, progress=tell)
        with progress("Making the search index and comparing", rows) as tell:
            return await copying.finish(progress=tell)


@asynccontextmanager
async def _opened(
    plugins: Plugins, settings: Settings, *, is_target: bool = False
) -> AsyncIterator[Store]:
    plugins.settings = settings
    selection = plugins.select()
    store = loader.create_store(selection, loader.Host(settings, config.clock(settings)))
    plugin = selection.store.plugin
    if is_target:
        await loader.retried(store.open, plugin, settings.startup_timeout)
    else:
        await loader.open_store(store, plugin, settings)
    try:
        if is_target and not (await store.schema_status()).up_to_date:
            await store.migrate()
        yield store
    finally:
        await store.close()


def _from_file(path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{path} cannot be read.") from error


def _tell(report: CopyReport) -> int:
    if not report.differences:
        print(f"{report.rows:,} rows in {report.tables} tables copied; the copy is the same.")
        return 0
    for difference in report.differences:
        print(difference, file=sys.stderr)
    print(
        "The copy is not finished: it differs from the source. Stop the server, and run this "
        "command again with --restart.",
        file=sys.stderr,
    )
    return 1
