"""The backups of an installation, at their target: made, listed, verified, restored, pruned."""

from __future__ import annotations

import asyncio
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyrage.x25519 import Identity, Recipient

from journiv.contracts.media import MediaStore, StoredObject
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.scope import SYSTEM
from journiv.services.backup.encryption import (
    identity_in,
    locked_identity,
    sealed,
    unsealed,
)
from journiv.services.backup.format import ArchiveWriter, Contents, verified
from journiv.services.backup.marks import DRILLED, GOOD
from journiv.services.backup.restoring import restore
from journiv.services.backup.writing import Written, write_backup

_NAME: Final = re.compile(r"journiv-\d{8}T\d{12}Z\.tar(\.age)?", re.ASCII)
_AGE: Final = ".age"
_KEY: Final = ".key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Locks:
    """With what is encrypted, and decrypted; without anything backups are plain tar files."""

    recipient: Recipient | None = None
    passphrase: str | None = None
    identity: Identity | None = None


class Backups:
    """Backups are kept in `target` by name; `scratch` is a private folder of this machine."""

    def __init__(
        self, target: MediaStore, scratch: Path, clock: Clock, version: str, locks: Locks
    ) -> None:
        self._target = target
        self._scratch = scratch
        self._clock = clock
        self._version = version
        self._locks = locks

    async def create(self, store: Store, media: MediaStore) -> tuple[str, Written]:
        """Write a backup and return its name. It is at the target whole or not at all."""
        now = instant(self._clock.now())
        recipient, key = await asyncio.to_thread(self._recipient)
        name = f"journiv-{re.sub('[-:.]', '', now)}.tar{_AGE if recipient else ''}"
        async with self._folder() as folder:
            path = folder / name
            written = await self._write(store, media, path, recipient, now)
            if key is not None:
                (folder / "key").write_bytes(key)
                await self._target.put_file(name + _KEY, folder / "key")
            await self._target.put_file(name, path)
        await _note(store, GOOD, now)
        return name, written

    async def all(self) -> list[StoredObject]:
        """Return what backups there are, the oldest first."""
        names = [key async for key in self._target.iter_keys() if _NAME.fullmatch(key)]
        found = [await self._target.stat(name) for name in sorted(names, key=_moment)]
        return [one for one in found if one is not None]

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

    async def prune(self, keep: int) -> list[str]:
        """Delete all but the newest `keep` backups, and return their names."""
        old = [one.key for one in (await self.all())[:-keep]]
        for name in old:
            await self._target.delete(name)
            await self._target.delete(name + _KEY)
        return old

    async def close(self) -> None:
        """Let go of the target."""
        await self._target.close()

    async def drilled(self, store: Store) -> None:
        """Note in the store that a backup was restored as a trial, and was whole."""
        await _note(store, DRILLED, instant(self._clock.now()))

    def _recipient(self) -> tuple[Recipient | None, bytes | None]:
        if self._locks.recipient is None and self._locks.passphrase is not None:
            return locked_identity(self._locks.passphrase)
        return self._locks.recipient, None

    async def _write(
        self, store: Store, media: MediaStore, path: Path, recipient: Recipient | None, now: str
    ) -> Written:
        async with sealed(path, recipient) as sink:
            return await write_backup(
                store, media, ArchiveWriter(sink), created_at=now, version=self._version
            )

    @asynccontextmanager
    async def _folder(self) -> AsyncIterator[Path]:
        place = self._target.staging() or self._scratch
        await asyncio.to_thread(lambda: place.mkdir(mode=0o700, parents=True, exist_ok=True))
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=place))
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    @asynccontextmanager
    async def _lent(self, name: str) -> AsyncIterator[tuple[Path, Identity | None]]:
        """Lend a backup as a file, fetched first when it is elsewhere."""
        if _NAME.fullmatch(name) is None or await self._target.stat(name) is None:
            raise NotFound(f"There is no backup {name}.")
        identity = await self._identity(name)
        local = self._target.local_path(name)
        if local is not None:
            yield local, identity
            return
        async with self._folder() as folder:
            with (folder / name).open("xb") as file:
                async for chunk in self._target.open(name):
                    await asyncio.to_thread(file.write, chunk)
            yield folder / name, identity

    async def _identity(self, name: str) -> Identity | None:
        if not name.endswith(_AGE):
            return None
        if self._locks.identity is not None:
            return self._locks.identity
        if await self._target.stat(name + _KEY) is None:
            raise BadRequest("This backup needs the identity it was encrypted for: --identity.")
        key = b"".join([chunk async for chunk in self._target.open(name + _KEY)])
        return await asyncio.to_thread(identity_in, key, self._locks.passphrase)


def _moment(name: str) -> str:
    return name.removesuffix(_AGE)


def _verify(path: Path, identity: Identity | None) -> Contents:
    with unsealed(path, identity) as source:
        return verified(source)


async def _note(store: Store, name: str, at: str) -> None:
    await store.write(SYSTEM, lambda tx: tx.leases.set_last_run(name, at))
