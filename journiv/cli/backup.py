"""`journiv backup`: make, list, verify, restore and prune backups of everything."""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from journiv import __version__, config, loader
from journiv.app.backups import backups_of
from journiv.cli.copies import settings_with_database
from journiv.cli.kernel import load_for_work, say_warnings
from journiv.config import Settings
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.errors import ConfigError
from journiv.loader import Plugins
from journiv.services.backup.backups import Backups

EPILOG: Final = """\
Backups hold all accounts, entries, settings and media, but not SECRET_KEY: keep that elsewhere.
`restore` needs an empty database; nothing is touched before the whole backup was verified.
`drill` restores a backup into a temporary database and looks whether all of it is well.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    plugins: Plugins
    settings: Settings
    backups: Backups


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("create", help="make a backup now, beside a running server or without one")
    actions.add_parser("list", help="list the backups, the oldest first")
    actions.add_parser("prune", help="delete all but the newest BACKUP_KEEP")
    for name, purpose in (
        ("verify", "read all of a backup and compare its digests"),
        ("drill", "restore a backup into a temporary database, and note that it is good"),
        ("restore", "restore a backup into the empty database of this configuration"),
    ):
        action = actions.add_parser(name, help=purpose)
        action.add_argument("name", nargs="?", help="which backup; the newest unless named")
        action.add_argument(
            "--identity", type=Path, metavar="FILE", help="the identity (private key) of age"
        )


def run(arguments: argparse.Namespace) -> int:
    """Do it; 1 when it fails."""
    plugins = load_for_work()
    settings = plugins.settings
    say_warnings(settings.warnings)
    identity = getattr(arguments, "identity", None)
    backups = backups_of(plugins, config.clock(settings), __version__, identity)
    place = _Place(plugins=plugins, settings=settings, backups=backups)
    return asyncio.run(_ACTIONS[arguments.action](place, arguments))


async def _create(place: _Place, arguments: argparse.Namespace) -> int:
    async with _opened(place, place.settings) as (store, media):
        name, written = await place.backups.create(store, media)
    secret = "encrypted" if name.endswith(".age") else "not encrypted: see BACKUP_AGE_RECIPIENT"
    print(f"{name}: {written.rows:,} rows and {written.media:,} files of media, {secret}.")
    return 0


async def _list(place: _Place, arguments: argparse.Namespace) -> int:
    for one in await place.backups.all():
        print(f"{one.key}  {one.size:,} bytes")
    return 0


async def _prune(place: _Place, arguments: argparse.Namespace) -> int:
    for name in await place.backups.prune(place.settings.backup_keep):
        print(f"{name} deleted.")
    return 0


async def _verify(place: _Place, arguments: argparse.Namespace) -> int:
    name = arguments.name or await place.backups.newest()
    contents = await place.backups.verify(name)
    rows = sum(table["rows"] for table in contents.manifest["tables"].values())
    files = contents.manifest["media"]["files"]
    print(f"{name} is whole: {rows:,} rows and {files:,} files of media.")
    return 0


async def _restore(place: _Place, arguments: argparse.Namespace) -> int:
    name = arguments.name or await place.backups.newest()
    async with _opened(place, place.settings, makes=True) as (store, media):
        await place.backups.restore(name, store, media)
    print(f"{name} restored. Start the server with the SECRET_KEY from before.")
    return 0


async def _drill(place: _Place, arguments: argparse.Namespace) -> int:
    name = arguments.name or await place.backups.newest()
    with tempfile.TemporaryDirectory(prefix="journiv-drill-") as folder:
        there = settings_with_database(place.settings, f"sqlite:///{folder}/journiv.db")
        there = replace(there, media_url=f"file://{folder}/media", media_store=None)
        async with _opened(place, there, makes=True) as (store, media):
            await place.backups.restore(name, store, media)
            wrong = await store.check()
    for sentence in wrong:
        print(sentence)
    if wrong:
        return 1
    async with _opened(place, place.settings) as (store, _):
        await place.backups.drilled(store)
    print(f"{name} was restored into a temporary database, and everything is well.")
    return 0


@asynccontextmanager
async def _opened(
    place: _Place, settings: Settings, *, makes: bool = False
) -> AsyncIterator[tuple[Store, MediaStore]]:
    place.plugins.settings = settings
    selection = place.plugins.select()
    host = loader.Host(settings, config.clock(settings))
    store = loader.create_store(selection, host)
    media = loader.create_media(selection, host)
    if not makes and not await store.exists():
        raise ConfigError(f"There is no journal in {settings.data} yet.")
    await loader.open_store(store, selection.store.plugin, settings)
    try:
        if makes and not (await store.schema_status()).up_to_date:
            await store.migrate()
        yield store, media
    finally:
        await media.close()
        await store.close()


_ACTIONS: Final[dict[str, Callable[[_Place, argparse.Namespace], Coroutine[Any, Any, int]]]] = {
    "create": _create,
    "list": _list,
    "prune": _prune,
    "verify": _verify,
    "drill": _drill,
    "restore": _restore,
}
