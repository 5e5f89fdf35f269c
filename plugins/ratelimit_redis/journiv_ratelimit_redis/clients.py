"""From an address to a client: one server, a sentinel's master, or a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from redis.asyncio import Redis, RedisCluster, Sentinel
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionLost

from journiv.domain.errors import ConfigError
from journiv_ratelimit_redis.schemes import CLUSTER, SENTINEL

_SENTINEL_PORT: Final = 26379
_NO_ADDRESS: Final = (
    "The address of Redis cannot be read: in user and password, @ : / ? # and % are written in "
    "percent-encoding (%40 %3A %2F %3F %23 %25), and an IPv6 address stands in brackets."
)


@dataclass(frozen=True, slots=True)
class Clients:
    """Whom to ask, and the sentinels that say where it is."""

    asked: Redis | RedisCluster
    sentinels: tuple[Redis, ...] = ()

    async def close(self) -> None:
        """Let go of every connection."""
        for client in (self.asked, *self.sentinels):
            await client.aclose()


def clients_for(url: str, ca_file: Path | None) -> Clients:
    """Make clients; connects only when used. Raises `ConfigError` for an address it cannot read.

    Sentinels: `redis+sentinel://:password@host1:26379,host2:26379/master-name/0`.
    """
    scheme, _, rest = url.partition("://")
    if not _is_readable(url):
        # The drivers' messages may quote a part of the password.
        raise ConfigError(_NO_ADDRESS)
    options: dict[str, Any] = {
        "socket_connect_timeout": 1.0,
        "socket_timeout": 1.0,
        # A pooled connection may have died since; beyond that, the caller has a fallback.
        "retry": Retry(NoBackoff(), 1),
        "retry_on_error": [ConnectionLost],
    }
    if scheme.startswith("rediss") and ca_file is not None:
        options["ssl_ca_certs"] = str(ca_file)
    try:
        if scheme in SENTINEL:
            return _sentinel(f"{scheme.partition('+')[0]}://{rest}", options)
        if scheme in CLUSTER:
            address = f"{scheme.partition('+')[0]}://{rest}"
            return Clients(RedisCluster.from_url(address, **_without_retry(options)))
        return Clients(Redis.from_url(url, **options))
    except ValueError as error:
        raise ConfigError(f"The address of Redis cannot be read: {error}.") from None


def _is_readable(url: str) -> bool:
    """Say whether user and password end where they should: before the host, not in the middle."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    behind = (parts.query, parts.fragment) if parts.scheme == "unix" else parts[2:]
    return "@" in parts.netloc or not any("@" in part for part in behind)


def place(url: str) -> str:
    """Say where an address leads, for messages: never its password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or parts.path
    user = f" as {unquote(parts.username)}" if parts.username else ""
    return f"{host}{user}"


def _sentinel(url: str, options: dict[str, Any]) -> Clients:
    parts = urlsplit(url)
    name, _, database = parts.path.strip("/").partition("/")
    if not name:
        raise ValueError("a sentinel's address ends with the master's name")
    master = {
        **options,
        "password": unquote(parts.password) if parts.password else None,
        "username": unquote(parts.username) if parts.username else None,
        "db": int(database or 0),
    }
    if parts.scheme == "rediss":
        master["ssl"] = True
    password = parse_qs(parts.query).get("sentinel_password", [None])[0]
    asked = {**options, "password": password}
    make: Any = Sentinel  # its constructor has no types
    sentinel = make(_hosts(parts), sentinel_kwargs=asked, **master)
    return Clients(sentinel.master_for(name), tuple(sentinel.sentinels))


def _hosts(parts: SplitResult) -> list[tuple[str, int]]:
    hosts = []
    for address in parts.netloc.rpartition("@")[2].split(","):
        host, _, port = address.rpartition(":") if ":" in address else (address, "", "")
        hosts.append((host.strip("[]"), int(port or _SENTINEL_PORT)))
    return hosts


def _without_retry(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if not name.startswith("retry")}
