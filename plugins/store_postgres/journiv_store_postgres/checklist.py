"""Lines D1 to D5 of the security checklist, as a connection of the running role sees them."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from journiv.contracts.findings import Finding, Status
from journiv_store_postgres.connections import CONNECT_TIMEOUT
from journiv_store_postgres.urls import place

TITLES: Final = {
    "D1": "a database fit for production",
    "D2": "database password",
    "D3": "encryption on the way to the database",
    "D4": "the database's files",
    "D5": "database closed to the network",
}
SHORTEST: Final = 16
"""Characters of a password that nobody has to remember."""

_SEEN: Final = (
    "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,"
    " (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted,"
    " current_setting('listen_addresses', true) AS listens,"
    " current_setting('fsync') AS fsync"
)
Judgement = tuple[Status, str]
_PASS: Final[Judgement] = ("pass", "")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the server says of itself and of this connection."""

    superuser: bool
    encrypted: bool
    listens: str | None
    fsync: str


async def findings(url: str) -> Sequence[Finding]:
    """Judge the database a URL names; reads nothing of any diary."""
    try:
        seen = await _look(url)
    except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = type(error).__name__
        return [
            Finding(
                id=line,
                title=title,
                status="manual",
                advice=f"{place(url)} could not be asked ({reason}).",
            )
            for line, title in TITLES.items()
        ]
    judged = {
        "D1": _server(seen),
        "D2": _password(url),
        "D3": _encryption(url, seen),
        "D4": _FILES,
        "D5": _network(url, seen),
    }
    return [
        Finding(id=line, title=title, status=judged[line][0], advice=judged[line][1])
        for line, title in TITLES.items()
    ]


_FILES: Final[Judgement] = (
    "manual",
    "On the database's machine: its data folder is mode 0700 and belongs to its own account.",
)


async def _look(url: str) -> Seen:
    connection = await asyncpg.connect(url, timeout=CONNECT_TIMEOUT, statement_cache_size=0)
    try:
        row = await connection.fetchrow(_SEEN, timeout=CONNECT_TIMEOUT)
    finally:
        await connection.close(timeout=CONNECT_TIMEOUT)
    return Seen(bool(row["superuser"]), bool(row["encrypted"]), row["listens"], row["fsync"])


def _server(seen: Seen) -> Judgement:
    if seen.fsync == "off":
        return "fail", "The server runs with fsync = off and may lose what it has confirmed."
    if seen.superuser:
        return "warn", "The role is a superuser; give Journiv one that may only change its rows."
    return _PASS


def _password(url: str) -> Judgement:
    parts = urlsplit(url)
    password = unquote(parts.password or "")
    if not password:
        if _host(url) is None:
            return _PASS
        return "warn", "DATABASE_URL has no password; make sure that pg_hba.conf asks for more."
    if len(password) < SHORTEST or password == unquote(parts.username or ""):
        return "fail", "The database's password is short or the role's name; make a random one."
    return _PASS


def _encryption(url: str, seen: Seen) -> Judgement:
    if _is_here(_host(url)):
        return _PASS
    if not seen.encrypted:
        return "fail", "The connection is not encrypted; add ?sslmode=verify-full to DATABASE_URL."
    mode = parse_qs(urlsplit(url).query).get("sslmode", ["prefer"])[-1]
    if mode not in ("verify-ca", "verify-full"):
        return "warn", "Nobody checks the database's certificate; use sslmode=verify-full."
    return _PASS


def _network(url: str, seen: Seen) -> Judgement:
    if seen.listens in ("", "localhost", "127.0.0.1", "::1"):
        return _PASS
    host = _host(url)
    try:
        public = host is not None and ipaddress.ip_address(host).is_global
    except ValueError:
        public = False
    if public:
        return "warn", "The database answers at a public address; keep it in a private network."
    return "manual", "Only Journiv's machines may reach the database's port; see the firewall."


def _host(url: str) -> str | None:
    """Return the host, None for a local socket."""
    parts = urlsplit(url)
    named = parse_qs(parts.query).get("host", [parts.hostname or ""])[-1]
    return None if not named or named.startswith("/") else named


def _is_here(host: str | None) -> bool:
    return host in (None, "localhost", "127.0.0.1", "::1")
