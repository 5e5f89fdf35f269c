"""Runs a command where there is no network but the machine's own, and counts who tried to leave.

`python netless.py COMMAND…` prints, after the command has ended, how many packets found no route.
A name that is looked up, a connection, a datagram: each is such a packet, over IPv4 or IPv6.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import subprocess
import sys
from pathlib import Path

_SIOCSIFFLAGS = 0x8914
_IFF_UP = 0x1


def main(command: list[str]) -> int:
    bring_up("lo")
    code = subprocess.run(command).returncode
    print(f"packets without a route: {without_route()}", flush=True)
    return code


def bring_up(interface: str) -> None:
    request = struct.pack("16sh14x", interface.encode(), _IFF_UP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


def without_route() -> int:
    names, values = (line.split() for line in Path("/proc/net/snmp").read_text().splitlines()[:2])
    found = int(dict(zip(names, values, strict=True))["OutNoRoutes"])
    for line in Path("/proc/net/snmp6").read_text().splitlines():
        name, value = line.split()
        if name == "Ip6OutNoRoutes":
            found += int(value)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
