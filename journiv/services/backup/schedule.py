"""Backups that the server makes by itself."""

from __future__ import annotations

import logging
from typing import Final

from journiv.contracts.jobs import Job
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.services.backup.backups import Backups

SECONDS: Final = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0}

log = logging.getLogger("journiv.backup")


class BackupSchedule:
    """Makes a backup as often as `every` says, and deletes all but the newest `keep`."""

    def __init__(
        self, backups: Backups, store: Store, media: MediaStore, *, every: str, keep: int
    ) -> None:
        self._backups = backups
        self._store = store
        self._media = media
        self._every = every
        self._keep = keep

    async def run(self) -> None:
        """Make one now; old ones go only after it is complete."""
        name, written = await self._backups.create(self._store, self._media)
        log.info("backup %s: %d rows, %d media", name, written.rows, written.media)
        await self._backups.prune(self._keep)

    async def close(self) -> None:
        """Let go of where backups are kept."""
        await self._backups.close()

    def job(self) -> Job:
        """Return what repeats."""
        return Job(name="back-up", every=SECONDS[self._every], run=self.run)
