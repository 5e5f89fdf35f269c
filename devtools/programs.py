"""Programs of the system that some commands need: found, installed when root, or named."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from devtools.failure import SetupError

POLICY = Path("/usr/sbin/policy-rc.d")


class SystemProgram(NamedTuple):
    """A program, the Debian package that brings it, and what it is for."""

    name: str
    package: str
    purpose: str


CURL = SystemProgram("curl", "curl", "types the README's lines in the tests")
WRK = SystemProgram("wrk", "wrk", "sends the load of ./dev bench")
NGINX = SystemProgram("nginx", "nginx", "stands before the server in the tests")
CADDY = SystemProgram("caddy", "caddy", "stands before the server in the tests")
HAPROXY = SystemProgram("haproxy", "haproxy", "stands before the server in the tests")
OPENSSL = SystemProgram("openssl", "openssl", "makes the certificates of the tests")
REDIS = SystemProgram("redis-server", "redis-server", "keeps sign-ins and limits in the tests")
AGE = SystemProgram("age", "age", "opens backups in the tests")
POSTGRES = SystemProgram("postgres", "postgresql", "keeps diaries in the tests")
PGBOUNCER = SystemProgram("pgbouncer", "pgbouncer", "shares connections in the tests")
CHROMIUM = SystemProgram("chromium", "chromium", "opens the web app in the tests")
PROXIES = (NGINX, CADDY, HAPROXY, OPENSSL)

# Debian keeps servers in folders that are not on the PATH of ordinary users.
_SERVERS = "/usr/sbin"
_POSTGRES = Path("/usr/lib/postgresql")


def locate(wanted: SystemProgram) -> str | None:
    """Return where a program is, None when it is not on this machine."""
    return shutil.which(wanted.name) or shutil.which(wanted.name, path=_servers())


def _servers() -> str:
    newest_first = sorted(_POSTGRES.glob("*/bin"), key=lambda path: int(path.parent.name))[::-1]
    return os.pathsep.join((_SERVERS, *map(str, newest_first)))


def require(*wanted: SystemProgram) -> None:
    """Make sure every program is on this machine.

    Raises:
        SetupError: one sentence that names everything missing and the command that installs it.
    """
    missing = [one for one in wanted if locate(one) is None]
    if not missing:
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install([one.package for one in missing])
        missing = [one for one in missing if locate(one) is None]
    if missing:
        names = ", ".join(f"{one.name} ({one.purpose})" for one in missing)
        packages = " ".join(one.package for one in missing)
        raise SetupError(f"missing: {names}. On Debian: sudo apt-get install {packages}")


def _install(packages: list[str]) -> None:
    print(f"Installing {', '.join(packages)} with apt-get ...", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    with _no_service_starts():
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages],
        ):
            done = subprocess.run(command, env=environment, capture_output=True, text=True)
            if done.returncode:
                raise SetupError(f"{' '.join(command)} failed:\n{done.stderr.strip()}")


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep packages from starting services on this machine; an existing policy stays."""
    if POLICY.exists():
        yield
        return
    POLICY.write_text("#!/bin/sh\nexit 101\n")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink()
