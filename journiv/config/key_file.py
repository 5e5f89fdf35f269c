"""The file `SECRET_KEY` is kept in, and the one beside it (`NAME.previous`) with those before it.

Only a key that came from a file has them: `SECRET_KEY_FILE`, or the key that development makes.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from journiv.config.secrets import KEY_FILE
from journiv.config.settings import Settings
from journiv.domain.errors import ConfigError

MOST_PREVIOUS: Final = 2
NEW: Final = 0o600


def of(settings: Settings) -> Path | None:
    """Return the file of the key, None when it came from a variable or from journiv.toml."""
    given = settings.values[""]["secret_key"]
    if given.value:
        return given.path
    return None if settings.production else settings.data / KEY_FILE


def previous_file(path: Path) -> Path:
    """Return where the keys before the one in `path` are kept, one a line, the newest first."""
    return path.with_name(f"{path.name}.previous")


def previous_keys(path: Path | None) -> tuple[str, ...]:
    """Return the keys before the one in a file. Raises `ConfigError` when they are unreadable."""
    if path is None or not previous_file(path).exists():
        return ()
    beside = previous_file(path)
    try:
        lines = beside.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The previous keys in {beside} cannot be read: {error}.") from None
    return tuple(line.strip() for line in lines if line.strip())


def replace_key(path: Path, key: str, previous: Sequence[str]) -> None:
    """Put a new key into a file; whatever moment it ends at, no key in use is lost.

    Raises `OSError` when the file or its folder is read-only.
    """
    _replace(previous_file(path), "\n".join(previous[:MOST_PREVIOUS]) + "\n", like=path)
    _replace(path, key + "\n", like=path)


def _replace(path: Path, text: str, *, like: Path) -> None:
    """Write a file whole, with the owner and mode of another, so that the server can read it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    known = like.stat() if like.exists() else None
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, NEW)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if known is not None:
                os.fchmod(file.fileno(), known.st_mode & 0o777)
                if os.geteuid() == 0:
                    os.fchown(file.fileno(), known.st_uid, known.st_gid)
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
