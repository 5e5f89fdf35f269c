"""`SECRET_KEY`: what is accepted, where development's comes from, one key for each purpose."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, MutableMapping
from pathlib import Path

from journiv.domain.errors import ConfigError

MIN_LENGTH = 32
MAKE_ONE = "openssl rand -base64 32"
KEY_FILE = "secret.key"

_HASH_BYTES = 32
_PLACEHOLDER_WORDS = (
    "changeme", "changethis", "replaceme", "replacethis", "yoursecret", "yourkey", "placeholder",
    "generateme", "generatea", "insertyour", "mysecretkey", "supersecret", "examplekey",
)  # fmt: skip


def is_placeholder(key: str) -> bool:
    """Say whether a key is text from an example, not a secret.

    Random base64 holds one of these words of seven letters or more about once in 10^10 keys.
    """
    letters = "".join(char for char in key.lower() if char.isalnum())
    return any(word in letters for word in _PLACEHOLDER_WORDS) or len(set(letters)) <= 1


def settle(key: str | None, environment: str, data: Path, warnings: list[str]) -> str:
    """Return the key to use, or raise `ConfigError` with the command that makes one.

    Production needs a real one. Development makes one, once, and keeps it in the data folder.
    """
    if not key:
        if environment == "production":
            raise ConfigError(
                f"SECRET_KEY is not set, and production needs one. Make one with: {MAKE_ONE}"
            )
        return kept_key(data / KEY_FILE)
    if is_placeholder(key):
        if environment == "production":
            raise ConfigError(
                "SECRET_KEY is a placeholder from an example, which anybody can read. "
                f"Make one with: {MAKE_ONE}"
            )
        warnings.append("SECRET_KEY is a placeholder; production would refuse it.")
    elif len(key) < MIN_LENGTH:
        warnings.append(
            f"SECRET_KEY has {len(key)} characters; use at least {MIN_LENGTH}. "
            f"Make one with: {MAKE_ONE}"
        )
    return key


def check_previous(keys: Iterable[str], environment: str, warnings: list[str]) -> None:
    """Judge the keys that still verify: whoever knows one makes sessions with it.

    Raises `ConfigError` in production for one that anybody can read.
    """
    for key in keys:
        if is_placeholder(key):
            if environment == "production":
                raise ConfigError(
                    "SECRET_KEY_PREVIOUS holds a placeholder from an example, with which anybody "
                    "can make a session. Take it out; everybody then signs in again."
                )
            warnings.append("SECRET_KEY_PREVIOUS holds a placeholder; production would refuse it.")
        elif len(key) < MIN_LENGTH:
            warnings.append(
                f"SECRET_KEY_PREVIOUS holds a key of {len(key)} characters, which can be guessed. "
                "Take it out; everybody then signs in again."
            )


def kept_key(path: Path) -> str:
    """Return development's key, made on first use with mode 0600; safe when two start at once."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _create(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigError(
            f"The key of development cannot be kept in {path}: {error.strerror}. "
            "Set JOURNIV_DATA to a folder this user may write to, or set SECRET_KEY."
        ) from None


def derive(key: str, purpose: str) -> bytes:
    """Return 32 bytes for one purpose (HKDF-SHA256, RFC 5869, empty salt, `info` = purpose)."""
    return hkdf(key.encode(), b"", purpose.encode(), 32)


def hkdf(material: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869 §2.2 and §2.3): extract, then expand to `length` bytes."""
    if length > 255 * _HASH_BYTES:
        raise ValueError("HKDF-SHA256 gives at most 8160 bytes")
    pseudorandom = hmac.digest(salt or bytes(_HASH_BYTES), material, hashlib.sha256)
    output = block = b""
    counter = 0
    while len(output) < length:
        counter += 1
        block = hmac.digest(pseudorandom, block + info + bytes((counter,)), hashlib.sha256)
        output += block
    return output[:length]


def wipe(environ: MutableMapping[str, str], names: Iterable[str]) -> None:
    """Take secrets out of the environment, so that child processes do not inherit them."""
    for name in names:
        environ.pop(name, None)


def _create(path: Path, key: str) -> None:
    """Write the file whole and link it into place, so that a reader never sees half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass  # another process was first, and its key is as good
    finally:
        temporary.unlink(missing_ok=True)
