"""Backups that the server makes by itself, and their trial every week."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from journiv.contracts.jobs import Job
from journiv.contracts.media import MediaStore
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.domain.errors import Conflict, JournivError
from journiv.services.backup.backups import Backups
from journiv.services.backup.keeping import Keep
from journiv.services.backup.trial import Trial

SECONDS: Final = {"hourly": 3600.0, "daily": 86_400.0, "weekly": 604_800.0}
DRILL_AFTER: Final = timedelta(days=6, hours=12)
"""Half a day short of a week: with weekly backups the next one would come too late."""

log = logging.getLogger("journiv.backup")


class BackupSchedule:
    """Makes a backup as often as `every` says, prunes, and restores one a week as a trial.

    Without a `trial` none is restored.
    """

    def __init__(
        self,
        backups: Backups,
        store: Store,
        media: MediaStore,
        clock: Clock,
        *,
        every: str,
        keep: Keep,
        trial: Trial | None,
    ) -> None:
        self._backups = backups
        self._store = store
        self._media = media
        self._clock = clock
        self._every = every
        self._keep = keep
        self._trial = trial

    async def run(self) -> None:
        """Make one now; old ones go only after it is complete."""
        try:
            name, written = await self._backups.create(self._store, self._media)
        except Conflict as error:
            log.info("no backup this time: %s", error.detail)
            return
        log.info("backup %s: %d rows, %d media", name, written.rows, written.media)
        if written.missing:
            log.warning("%d files of media are lost: see journiv verify", len(written.missing))
        await self._backups.prune(self._keep)
        last = await self._backups.drilled(self._store)
        if self._trial and (last is None or self._clock.now() - last > DRILL_AFTER):
            await self._drill(name, self._trial)

    async def _drill(self, name: str, trial: Trial) -> None:
        try:
            if self._backups.opens(name):
                await self._backups.drill(name, trial)
            else:
                await self._backups.rehearse(self._store, self._media, trial)
        except JournivError as error:
            log.error("the trial of backup %s failed: %s", name, error.detail)
        else:
            await self._backups.note_drill(self._store)
            log.info("backup %s was restored as a trial, and somebody signed in", name)

    async def close(self) -> None:
        """Let go of where backups are kept."""
        await self._backups.close()

    def job(self) -> Job:
        """Return what repeats."""
        return Job(name="back-up", every=SECONDS[self._every], run=self.run)
