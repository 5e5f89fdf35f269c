"""Encrypting backups in the format of age (age-encryption.org/v1), which the stock program reads.

A passphrase does not encrypt the backup itself but a fresh identity, as `age-keygen | age -p`
does: `age -d -i BACKUP.key BACKUP` asks for it.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import IO, Protocol, cast

from pyrage import DecryptError, IdentityError, RecipientError, decrypt_io, encrypt_io, passphrase
from pyrage.x25519 import Identity, Recipient

from journiv.domain.errors import BadRequest, ConfigError
from journiv.services.backup.format import DAMAGED, Damaged


class Digest(Protocol):
    """A hash under way (hashlib)."""

    def update(self, data: bytes, /) -> None:
        """Hash some more."""


def recipient_of(text: str) -> Recipient:
    """Read a public key, `age1…`. Raises `ConfigError`."""
    try:
        return Recipient.from_str(text.strip())
    except RecipientError:
        raise ConfigError("BACKUP_AGE_RECIPIENT must be a public key of age: age1…") from None


def locked_identity(secret: str) -> tuple[Recipient, bytes]:
    """Make an identity; return its public key, and itself encrypted with a passphrase."""
    identity = Identity.generate()
    return identity.to_public(), passphrase.encrypt(f"{identity}\n".encode(), secret)


def identity_in(content: bytes, secret: str | None) -> Identity:
    """Read an identity file, encrypted with a passphrase or not. Raises `BadRequest`."""
    if content.startswith(b"age-encryption.org/"):
        if secret is None:
            raise BadRequest("This backup needs its passphrase: set BACKUP_PASSPHRASE_FILE.")
        try:
            content = passphrase.decrypt(content, secret)
        except DecryptError:
            raise BadRequest("The passphrase is not that of this backup.") from None
    for line in content.decode(errors="replace").splitlines():
        with suppress(IdentityError):
            if not line.startswith("#"):
                return Identity.from_str(line.strip())
    raise BadRequest("There is no identity of age (AGE-SECRET-KEY-1…) in this file.")


@asynccontextmanager
async def sealed(
    path: Path, recipient: Recipient | None, digest: Digest
) -> AsyncIterator[IO[bytes]]:
    """Open a new file with mode 0600 for writing, encrypted for `recipient` unless it is None.

    `digest` is fed what the file gets.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        hashing = cast("IO[bytes]", _Hashing(file, digest))
        if recipient is None:
            yield hashing
            return
        reading, writing = _pipe()
        pump = _Pump(lambda: encrypt_io(reading, hashing, [recipient]), reading)
        try:
            yield writing
        finally:
            await asyncio.to_thread(_close, writing)
            await asyncio.to_thread(pump.join)
        if pump.error is not None:
            raise pump.error


@contextmanager
def unsealed(path: Path, identity: Identity | None) -> Iterator[IO[bytes]]:
    """Open a backup for reading, decrypted with `identity` unless it is None.

    Raises `BadRequest` for an identity that does not fit, and `Damaged`.
    """
    with path.open("rb") as file:
        if identity is None:
            yield file
            return
        reading, writing = _pipe()
        pump = _Pump(lambda: decrypt_io(file, writing, [identity]), writing)
        try:
            with reading:
                yield reading
                while reading.read(1 << 18):
                    pass  # what is behind the end is authenticated too
        except Damaged:
            pump.join()
            if isinstance(pump.error, DecryptError):
                raise _translated(pump.error) from pump.error
            raise
        finally:
            pump.join()
        if pump.error is not None:
            raise _translated(pump.error) from pump.error


class _Hashing:
    """As much of a file as is needed to write one; what passes is hashed."""

    def __init__(self, file: IO[bytes], digest: Digest) -> None:
        self._file, self._digest = file, digest

    def write(self, data: bytes) -> int:
        """Write and hash."""
        self._digest.update(data)
        return self._file.write(data)

    def flush(self) -> None:
        """Flush."""
        self._file.flush()


class _Pump:
    """Runs one side of a pipe in a thread and closes its end there."""

    def __init__(self, work: Callable[[], None], end: IO[bytes]) -> None:
        self.error: Exception | None = None
        self._work, self._end = work, end
        self._thread = threading.Thread(target=self._run, name="journiv-backup", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for its end."""
        self._thread.join()

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # told to the side that waits
            self.error = error
        finally:
            with suppress(OSError):
                self._end.close()


def _close(end: IO[bytes]) -> None:
    with suppress(BrokenPipeError):  # the reader failed, and says why
        end.close()


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def _translated(error: Exception) -> BadRequest:
    if "No matching keys" in str(error):
        return BadRequest("This identity does not open the backup.")
    return Damaged(DAMAGED)
