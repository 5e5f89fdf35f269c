"""What is read from a libpq URL: where it leads, and what is wrong with it before anybody tries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from journiv.domain.errors import ConfigError

_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_NO_URL: Final = (
    "{setting} is no URL of PostgreSQL: in user and password, @ : / ? # and % are written in "
    "percent-encoding (%40 %3A %2F %3F %23 %25), and an IPv6 address stands in brackets."
)


def plain(url: str) -> str:
    """Return a URL without the name of a driver (`postgresql+asyncpg:`)."""
    scheme, colon, rest = url.partition(":")
    return scheme.partition("+")[0] + colon + rest


def place(url: str) -> str:
    """Say where a URL leads, for messages: never its password."""
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError:
        return "the database"
    host = parts.hostname or "the local socket"
    user = f" as {unquote(parts.username)}" if parts.username else ""
    return f"{host}:{port}{user}"


def check(url: str, setting: str) -> None:
    """Raise `ConfigError` for a URL that no server could be reached with; `setting` holds it."""
    try:
        parts = urlsplit(url)
        _ = parts.port
        if parts.netloc.count("@") > 1 or "@" in parts.path + parts.query + parts.fragment:
            raise ValueError("what follows the first @ is taken for the host")
    except ValueError:
        # Not as the cause: its message may quote a part of the password.
        raise ConfigError(_NO_URL.format(setting=setting)) from None
    mode = _option(parts, "sslmode", "PGSSLMODE") or "prefer"
    if mode not in _MODES:
        raise ConfigError(f"sslmode in {setting} is unknown: choose one of {', '.join(_MODES)}.")
    if not mode.startswith("verify-"):
        return
    named = _option(parts, "sslrootcert", "PGSSLROOTCERT")
    trusted = Path(named) if named else Path.home() / ".postgresql" / "root.crt"
    if not os.access(trusted, os.R_OK):
        raise ConfigError(
            f"{setting} asks for sslmode={mode}, so sslrootcert must name a readable file with "
            f"the certificate of the database's authority; there is none at {trusted}."
        )


def _option(parts: SplitResult, name: str, variable: str) -> str | None:
    found = parse_qs(parts.query).get(name)
    return found[-1] if found else os.environ.get(variable)
