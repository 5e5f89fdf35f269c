"""The backups of an installation: made, verified, restored as a trial or for good, pruned."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pyrage.x25519 import Identity, Recipient

from journiv.contracts.media import MediaStore, StoredObject
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, NotFound, StorageFull, Unavailable
from journiv.domain.scope import SYSTEM
from journiv.services.backup.encryption import (
    identity_in,
    locked_identity,
    sealed,
    unsealed,
)
from journiv.services.backup.format import ArchiveWriter, Damaged
from journiv.services.backup.keeping import Keep
from journiv.services.backup.marks import DRILLED, GOOD
from journiv.services.backup.restoring import restore
from journiv.services.backup.scratch import FORGOTTEN, private_folder, sweep
from journiv.services.backup.target import AGE, Target, name_of
from journiv.services.backup.trial import Trial
from journiv.services.backup.turn import turn
from journiv.services.backup.verifying import Contents, verified
from journiv.services.backup.writing import Written, write_backup

TRIAL: Final = "trial-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """With what is encrypted, and decrypted; without anything backups are plain tar files."""

    recipient: Recipient | None = None
    passphrase: str | None = None
    identity: Identity | None = None


class Backups:
    """Makes backups at `target` and uses them; trials are restored in `scratch`."""

    def __init__(
        self, target: Target, scratch: Path, clock: Clock, version: str, locks: Locks
    ) -> None:
        self._target = target
        self._scratch = scratch
        self._clock = clock
        self._version = version
        self._locks = locks

    async def create(self, store: Store, media: MediaStore) -> tuple[str, Written]:
        """Write a backup, read it back from the target, and return its name.

        It is at the target whole or not at all. Raises `Conflict` while another is being made,
        `Damaged` when the target returns something else than was written (that is deleted), and
        `StorageFull` or `Unavailable` when it cannot be written.
        """
        async with turn(store, self._clock):
            await self._target.sweep()
            now = instant(self._clock.now())
            recipient, key = await asyncio.to_thread(self._recipient)
            name = name_of(now, encrypted=recipient is not None)
            async with self._target.making() as folder:
                path, digest = folder / name, hashlib.sha256()
                written = await self._write(store, media, path, recipient, now, digest)
                await self._target.put(name, path, key)
            await self._read_back(name, digest.hexdigest())
        await _note(store, GOOD, now)
        return name, written

    async def all(self) -> list[StoredObject]:
        """Return what backups there are, the oldest first."""
        return await self._target.all()

    async def newest(self) -> str:
        """Return the name of the newest backup. Raises `NotFound`."""
        found = await self.all()
        if not found:
            raise NotFound("There is no backup yet.")
        return found[-1].key

    async def verify(self, name: str) -> Contents:
        """Read and decrypt all of a backup, and compare every digest. Raises `Damaged`."""
        async with self._lent(name) as (path, identity):
            return await asyncio.to_thread(_verify, path, identity)

    async def restore(self, name: str, store: Store, media: MediaStore) -> Contents:
        """Verify a backup, then restore it into an empty store. Raises as `restore` does."""
        async with self._lent(name) as (path, identity):
            contents = await asyncio.to_thread(_verify, path, identity)
            with unsealed(path, identity) as source:
                await restore(store, media, source, contents)
            return contents

    async def drill(self, name: str, trial: Trial) -> Contents:
        """Verify a backup, restore it as a trial, and sign in there. Raises as `Trial.run`."""
        async with self._lent(name) as (path, identity):
            return await self._tried(path, identity, trial)

    async def rehearse(self, store: Store, media: MediaStore, trial: Trial) -> Contents:
        """Do with a backup made for it what `drill` does: where nothing opens those there are."""
        async with turn(store, self._clock), private_folder(self._scratch, TRIAL) as folder:
            path, now = folder / "rehearsal.tar", instant(self._clock.now())
            await self._write(store, media, path, None, now, hashlib.sha256())
            return await self._tried(path, None, trial)

    def opens(self, name: str) -> bool:
        """Say whether this configuration has what a backup is to be decrypted with."""
        locks = self._locks
        return not name.endswith(AGE) or locks.identity is not None or locks.passphrase is not None

    async def prune(self, keep: Keep, good: datetime | None = None) -> list[str]:
        """Delete the backups that need not stay, and return their names; see `Target.prune`."""
        return await self._target.prune(keep, good)

    async def good(self, store: Store) -> datetime | None:
        """Return when the last backup was made that was whole at its target."""
        return await _noted(store, GOOD)

    async def drilled(self, store: Store) -> datetime | None:
        """Return when a backup was last restored as a trial, and was whole."""
        return await _noted(store, DRILLED)

    async def note_drill(self, store: Store) -> None:
        """Note in the store that a backup was restored as a trial, and was whole."""
        await _note(store, DRILLED, instant(self._clock.now()))

    async def close(self) -> None:
        """Let go of the target."""
        await self._target.close()

    def _recipient(self) -> tuple[Recipient | None, bytes | None]:
        if self._locks.recipient is None and self._locks.passphrase is not None:
            return locked_identity(self._locks.passphrase)
        return self._locks.recipient, None

    async def _write(
        self,
        store: Store,
        media: MediaStore,
        path: Path,
        recipient: Recipient | None,
        now: str,
        digest: Any,
    ) -> Written:
        try:
            async with sealed(path, recipient, digest) as sink:
                return await write_backup(
                    store, media, ArchiveWriter(sink), created_at=now, version=self._version
                )
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull("There is no room for the backup.") from error
            raise Unavailable(f"The backup cannot be written: {error.strerror}.") from error

    async def _read_back(self, name: str, digest: str) -> None:
        if await self._target.digest(name) == digest:
            return
        await self._target.delete(name)
        raise Damaged(f"{name} was not at the target what had been written, so it was deleted.")

    async def _tried(self, path: Path, identity: Identity | None, trial: Trial) -> Contents:
        contents = await asyncio.to_thread(_verify, path, identity)
        await sweep(self._scratch, TRIAL, FORGOTTEN)
        async with private_folder(self._scratch, TRIAL) as folder:
            with unsealed(path, identity) as source:
                await trial.run(folder, source, contents)
        return contents

    @asynccontextmanager
    async def _lent(self, name: str) -> AsyncIterator[tuple[Path, Identity | None]]:
        async with self._target.lent(name) as path:
            yield path, await self._identity(name)

    async def _identity(self, name: str) -> Identity | None:
        if not name.endswith(AGE):
            return None
        if self._locks.identity is not None:
            return self._locks.identity
        key = await self._target.key(name)
        if key is None:
            raise BadRequest("This backup needs the identity it was encrypted for: --identity.")
        return await asyncio.to_thread(identity_in, key, self._locks.passphrase)


def _verify(path: Path, identity: Identity | None) -> Contents:
    with unsealed(path, identity) as source:
        return verified(source)


async def _note(store: Store, name: str, at: str) -> None:
    await store.write(SYSTEM, lambda tx: tx.leases.set_last_run(name, at))


async def _noted(store: Store, name: str) -> datetime | None:
    at = await store.read(SYSTEM, lambda tx: tx.leases.last_run(name))
    return None if at is None else datetime.fromisoformat(at)
