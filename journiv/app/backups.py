"""The backups of this configuration."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from journiv import __version__, loader
from journiv.app.elsewhere import with_database
from journiv.app.probe import probe_of
from journiv.config import Settings
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.domain.errors import ConfigError
from journiv.loader import Plugins, Providers, Selection
from journiv.services.backup.backups import Backups, Locks
from journiv.services.backup.encryption import identity_in, recipient_of
from journiv.services.backup.keeping import Keep
from journiv.services.backup.schedule import BackupSchedule
from journiv.services.backup.target import Target
from journiv.services.backup.trial import Trial


def backups_of(
    plugins: Plugins, clock: Clock, version: str, identity: Path | None = None
) -> Backups:
    """Return what makes and restores backups at BACKUP_TARGET. Raises `ConfigError`.

    They are kept in a media store of their own; `identity` names a file with a private key.
    """
    settings = plugins.settings
    there = replace(settings, media_url=settings.backup_target, media_store=None)
    kept = loader.create_media(_selected(plugins, there), loader.Host(there, clock))
    scratch = settings.data / "scratch"
    return Backups(Target(kept, scratch), scratch, clock, version, _locks(settings, identity))


def schedule_of(plugins: Plugins, clock: Clock, providers: Providers) -> BackupSchedule | None:
    """Return what makes backups by BACKUP_SCHEDULE, None when it is off. Raises `ConfigError`."""
    settings = plugins.settings
    if settings.backup_schedule == "off":
        return None
    return BackupSchedule(
        backups_of(plugins, clock, __version__),
        providers.store,
        providers.media,
        clock,
        every=settings.backup_schedule,
        keep=Keep.read(settings.backup_keep),
        trial=trial_of(plugins, clock, providers) if settings.backup_drill else None,
    )


def trial_of(plugins: Plugins, clock: Clock, providers: Providers) -> Trial:
    """Return how backups are restored as a trial: into SQLite, and files of this machine."""
    settings = plugins.settings
    there = _in_folder(settings, settings.data / "trial")
    selection = _selected(plugins, there)

    @asynccontextmanager
    async def opened(folder: Path) -> AsyncIterator[tuple[Store, MediaStore]]:
        host = loader.Host(_in_folder(settings, folder), clock)
        media = loader.create_media(selection, host)
        try:
            async with loader.create_store(selection, host) as store:
                yield store, media
        finally:
            await media.close()

    async def sign_in(store: Store) -> None:
        if providers.passwords is not None:
            await probe_of(settings, clock, providers, store).run()

    return Trial(opened=opened, sign_in=sign_in)


def _selected(plugins: Plugins, there: Settings) -> Selection:
    settings = plugins.settings
    plugins.settings = there
    try:
        return plugins.select()
    finally:
        plugins.settings = settings


def _in_folder(settings: Settings, folder: Path) -> Settings:
    there = with_database(settings, f"sqlite:///{folder / 'journiv.db'}")
    return replace(there, media_url=f"file://{folder / 'media'}", media_store=None)


def _locks(settings: Settings, identity: Path | None) -> Locks:
    recipient, secret = settings.backup_age_recipient, None
    if settings.backup_passphrase_file is not None:
        secret = _content(Path(settings.backup_passphrase_file)).decode().strip()
        if not secret:
            raise ConfigError("The file of BACKUP_PASSPHRASE_FILE is empty.")
    return Locks(
        recipient=None if recipient is None else recipient_of(recipient),
        passphrase=secret,
        identity=None if identity is None else identity_in(_content(identity), secret),
    )


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path} cannot be read.") from error
