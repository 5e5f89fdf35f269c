"""A private journal calls nobody (NET-1)."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.api.conftest import PASSWORD, StartServer
from tests.api.server import ServerProcess

ROOT = Path(__file__).parents[2]
NETLESS = (
    "unshare",
    "--map-root-user",
    "--net",
    sys.executable,
    str(ROOT / "tests/security/netless.py"),
)
JOURNEY = ("tests/api/test_auth.py", "tests/api/test_diary.py", "tests/api/test_instance.py")


def test_NET_1_everything_works_without_a_network_and_nobody_is_called(
    start_server: StartServer,
) -> None:
    if not namespaces():
        server = start_server()
        walk(server)
        assert foreign_peers(server) == []
        return
    alone = ("-q", "-p", "no:cacheprovider", "--store", "sqlite")
    suite = (sys.executable, "-m", "pytest", *alone, *JOURNEY)
    done = subprocess.run([*NETLESS, *suite], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "packets without a route: 0"


def namespaces() -> bool:
    """Say whether we may make a network of our own, in which a call is counted.

    Many containers forbid it.
    """
    call = "import socket\ntry: socket.create_connection(('192.0.2.1', 443))\nexcept OSError: pass"
    try:
        done = subprocess.run(
            [*NETLESS, sys.executable, "-c", call], capture_output=True, text=True
        )
    except FileNotFoundError:
        return False
    return done.returncode == 0 and int(done.stdout.rpartition(": ")[2]) > 0


def walk(server: ServerProcess) -> None:
    account = {"email": "a@example.org", "name": "Sam", "password": PASSWORD}
    server.post("/api/v1/auth/register", account)
    server.post("/api/v1/auth/login", account)
    for path in ("/", "/api/v1/health", "/api/v1/instance/config", "/api/v1/openapi.json"):
        server.get(path)


def foreign_peers(server: ServerProcess) -> list[str]:
    """Return whom the server's sockets are connected to, besides this machine."""
    process = server._process
    assert process is not None
    own = {
        str(link.readlink())[8:-1]
        for link in Path(f"/proc/{process.pid}/fd").iterdir()
        if str(link.readlink()).startswith("socket:[")
    }
    return [
        peer
        for table in ("tcp", "tcp6", "udp", "udp6")
        for inode, peer in sockets(Path(f"/proc/{process.pid}/net/{table}"))
        if inode in own and not peer.startswith(("127.", "0.0.0.0", "::1", "::", "::ffff:127."))
    ]


def sockets(table: Path) -> Iterator[tuple[str, str]]:
    """Yield the inode and the other end's address of each socket."""
    for line in table.read_text().splitlines()[1:]:
        columns = line.split()
        packed = bytes.fromhex(columns[2].partition(":")[0])
        words = b"".join(packed[at : at + 4][::-1] for at in range(0, len(packed), 4))
        family = socket.AF_INET if len(words) == 4 else socket.AF_INET6
        yield columns[9], socket.inet_ntop(family, words)
