"""Free TCP ports of this machine."""

from __future__ import annotations

import socket
from random import SystemRandom

# Below those that kernels give to whoever connects: a server that starts again finds its port free.
_CHOICE = range(12_000, 32_000)


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    while True:
        port = SystemRandom().choice(_CHOICE)
        with socket.socket() as listener:
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
