"""`journiv backup`: make, list, verify, restore and prune backups of everything."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from journiv import __version__, config, loader
from journiv.app.backups import backups_of, trial_of
from journiv.app.replacing import replacing
from journiv.cli.kernel import load_for_work, say_warnings
from journiv.config import Settings
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.errors import ConfigError
from journiv.loader import Plugins
from journiv.services.backup.backups import Backups
from journiv.services.backup.keeping import Keep
from journiv.services.backup.verifying import Contents

EPILOG: Final = """\
Backups hold all accounts, entries, settings and media, but not SECRET_KEY: keep that elsewhere.
`verify` reads all of a backup, restores it into a temporary database and signs in there.
`restore` needs an empty database, or --replace; nothing is touched before the whole backup was
verified.
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
    actions.add_parser("prune", help="delete what BACKUP_KEEP does not keep")
    verify = actions.add_parser("verify", help="restore a backup as a trial, and note it is good")
    verify.add_argument("--quick", action="store_true", help="only read it and compare its digests")
    restore = actions.add_parser("restore", help="restore a backup into this configuration")
    restore.add_argument(
        "--replace", action="store_true", help="put the journal that is there aside"
    )
    for action in (verify, restore):
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
    return asyncio.run(_acted(place, arguments))


async def _acted(place: _Place, arguments: argparse.Namespace) -> int:
    try:
        return await _ACTIONS[arguments.action](place, arguments)
    finally:
        await place.backups.close()


async def _create(place: _Place, arguments: argparse.Namespace) -> int:
    async with _opened(place) as (store, media):
        name, written = await place.backups.create(store, media)
    secret = "encrypted" if name.endswith(".age") else "not encrypted: see BACKUP_AGE_RECIPIENT"
    print(f"{name}: {written.rows:,} rows and {written.media:,} files of media, {secret}.")
    _say_missing(written.missing)
    return 0


async def _list(place: _Place, arguments: argparse.Namespace) -> int:
    for one in await place.backups.all():
        print(f"{one.key}  {one.size:,} bytes")
    return 0


async def _prune(place: _Place, arguments: argparse.Namespace) -> int:
    good = None
    if await _store(place).exists():
        async with _opened(place) as (store, _):
            good = await place.backups.good(store)
    for name in await place.backups.prune(Keep.read(place.settings.backup_keep), good):
        print(f"{name} deleted.")
    return 0


async def _verify(place: _Place, arguments: argparse.Namespace) -> int:
    name = arguments.name or await place.backups.newest()
    if arguments.quick:
        _say(name, "is whole", await place.backups.verify(name))
        return 0
    clock = config.clock(place.settings)
    providers = loader.construct(place.plugins.select(), loader.Host(place.settings, clock))
    try:
        trial = trial_of(place.plugins, clock, providers)
        _say(name, "was restored as a trial", await place.backups.drill(name, trial))
    finally:
        for authenticator in providers.authenticators:
            await authenticator.close()
    if await _store(place).exists():
        async with _opened(place) as (store, _):
            await place.backups.note_drill(store)
    return 0


async def _restore(place: _Place, arguments: argparse.Namespace) -> int:
    name = arguments.name or await place.backups.newest()
    if arguments.replace:
        async with replacing(place.plugins, config.clock(place.settings)) as (store, media, kept):
            await place.backups.restore(name, store, media)
        print(f"What was there is in {kept}.")
    else:
        async with _opened(place, makes=True) as (store, media):
            await place.backups.restore(name, store, media)
    print(f"{name} restored. Start the server with the SECRET_KEY from before.")
    return 0


def _say(name: str, what: str, contents: Contents) -> None:
    rows = sum(table["rows"] for table in contents.manifest["tables"].values())
    files = contents.manifest["media"]["files"]
    print(f"{name} {what}, and everything is well: {rows:,} rows and {files:,} files of media.")
    _say_missing(contents.manifest["media"]["missing"])


def _say_missing(missing: Sequence[str]) -> None:
    if missing:
        print(f"{len(missing):,} files were lost before it was made, the first is {missing[0]}.")


def _store(place: _Place) -> Store:
    host = loader.Host(place.settings, config.clock(place.settings))
    return loader.create_store(place.plugins.select(), host)


@asynccontextmanager
async def _opened(place: _Place, *, makes: bool = False) -> AsyncIterator[tuple[Store, MediaStore]]:
    settings, selection = place.settings, place.plugins.select()
    store, plugin = _store(place), selection.store.plugin
    media = loader.create_media(selection, loader.Host(settings, config.clock(settings)))
    if makes:  # `restore` makes the tables, perhaps of an older release
        await loader.retried(store.open, plugin, settings.startup_timeout)
    elif await store.exists():
        await loader.open_store(store, plugin, settings)
    else:
        raise ConfigError(f"There is no journal in {settings.data} yet.")
    try:
        yield store, media
    finally:
        await media.close()
        await store.close()


_ACTIONS: Final[dict[str, Callable[[_Place, argparse.Namespace], Coroutine[None, None, int]]]] = {
    "create": _create,
    "list": _list,
    "prune": _prune,
    "verify": _verify,
    "restore": _restore,
}
