"""The backups of this configuration."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from journiv import __version__, loader
from journiv.config import Settings
from journiv.domain.clock import Clock
from journiv.domain.errors import ConfigError
from journiv.loader import Plugins, Providers
from journiv.services.backup.backups import Backups, Locks
from journiv.services.backup.encryption import identity_in, recipient_of
from journiv.services.backup.schedule import BackupSchedule


def backups_of(
    plugins: Plugins, clock: Clock, version: str, identity: Path | None = None
) -> Backups:
    """Return what makes and restores backups at BACKUP_TARGET. Raises `ConfigError`.

    They are kept in a media store of their own; `identity` names a file with a private key.
    """
    settings = plugins.settings
    there = replace(settings, media_url=settings.backup_target, media_store=None)
    plugins.settings = there
    try:
        target = loader.create_media(plugins.select(), loader.Host(there, clock))
    finally:
        plugins.settings = settings
    return Backups(target, settings.data / "scratch", clock, version, _locks(settings, identity))


def schedule_of(plugins: Plugins, clock: Clock, providers: Providers) -> BackupSchedule | None:
    """Return what makes backups by BACKUP_SCHEDULE, None when it is off. Raises `ConfigError`."""
    settings = plugins.settings
    if settings.backup_schedule == "off":
        return None
    return BackupSchedule(
        backups_of(plugins, clock, __version__),
        providers.store,
        providers.media,
        every=settings.backup_schedule,
        keep=settings.backup_keep,
    )


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
