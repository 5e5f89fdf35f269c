"""`DATABASE_URL` from what operators write: one normal form for stores to read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from journiv.domain.errors import ConfigError

_SCHEMES = {"postgres": "postgresql"}


def scheme(url: str) -> str:
    """Return the part before the first colon, without a driver (`sqlite+aiosqlite` is `sqlite`)."""
    return url.partition(":")[0].partition("+")[0].lower()


def database_url(url: str | None, driver: str | None, data: Path) -> str:
    """Return the URL: `sqlite:////absolute/path` for SQLite, others without their driver.

    Unset means `journiv.db` in the data folder; `sqlite:///name` is relative to that folder.
    Raises `ConfigError` when `DB_DRIVER` names another database than the URL.
    """
    wanted = _SCHEMES.get(driver or "", driver)
    if not url:
        if wanted not in (None, "sqlite"):
            raise ConfigError(f"DB_DRIVER is {driver}, so DATABASE_URL must say where it is.")
        return _sqlite(data, "journiv.db")
    found = scheme(url)
    if wanted is not None and wanted != _SCHEMES.get(found, found):
        raise ConfigError(
            f"DB_DRIVER is {driver}, but DATABASE_URL starts with '{found}:'. Unset one of them."
        )
    if found != "sqlite":
        return found + ":" + url.partition(":")[2]
    path = url.partition(":")[2]
    if not path.startswith("///") or path == "///":
        raise ConfigError(
            "DATABASE_URL must name a file: sqlite:////absolute/path or sqlite:///relative/path."
        )
    return _sqlite(data, path[3:])


def from_parts(given: Mapping[str, Any]) -> str | None:
    """Return the URL that `POSTGRES_HOST` and its like spell, None when they do not count.

    They count when `DATABASE_URL` is unset and a host or `DB_DRIVER` asks for PostgreSQL: a
    container's `POSTGRES_PASSWORD` alone does not.
    """
    wanted = _SCHEMES.get(given["db_driver"] or "", given["db_driver"])
    host, password = given["postgres_host"], given["postgres_password"]
    if given["database_url"] or wanted == "sqlite" or not (host or (wanted and password)):
        return None
    if not host:
        raise ConfigError(
            "DB_DRIVER is postgres, but neither DATABASE_URL nor POSTGRES_HOST is set."
        )
    user, name = given["postgres_user"], given["postgres_db"] or given["postgres_user"]
    secret = f":{quote(password, safe='')}" if password else ""
    account = f"{quote(user, safe='')}{secret}"
    if host.startswith("/"):
        return f"postgresql://{account}@/{quote(name, safe='')}?host={quote(host)}"
    place = f"[{host}]" if ":" in host else host
    return f"postgresql://{account}@{place}:{given['postgres_port']}/{quote(name, safe='')}"


def _sqlite(data: Path, name: str) -> str:
    """`name` is percent-encoded, as in a URL."""
    return f"sqlite:///{name}" if name.startswith("/") else f"sqlite:///{quote(str(data))}/{name}"
