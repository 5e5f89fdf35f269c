"""Where the file is: `sqlite:////absolute/path`, or `sqlite:///path` below the data folder."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from journiv.domain.errors import ConfigError


def database_path(url: str, data: Path) -> Path:
    """Read `DATABASE_URL`.

    Raises `ConfigError` when it names no file; it may hold a password, so that is not shown.
    """
    scheme, separator, rest = url.partition("://")
    if separator and not scheme.startswith("sqlite"):
        raise ConfigError(f"DATABASE_URL names no SQLite file: it begins with {scheme}://.")
    if not separator or not rest.startswith("/"):
        raise ConfigError(
            "DATABASE_URL names no file. Write sqlite:////absolute/path.db, "
            "or sqlite:///name.db for a file in the data folder."
        )
    name = unquote(rest[1:].partition("?")[0])
    if not name or name.endswith("/") or name == ":memory:":
        raise ConfigError(
            "DATABASE_URL names no file, and a diary in memory would be lost at the end."
        )
    return data / name
