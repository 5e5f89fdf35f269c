"""The settings of ./dev run: development, a data folder in the checkout, a free port."""

from __future__ import annotations

import argparse
import socket
from collections.abc import Mapping, Sequence

from devtools.failure import SetupError
from devtools.paths import DATA

HOST = "127.0.0.1"
PORT = 8000
PORTS_TRIED = 100


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the options of ./dev run."""
    parser = argparse.ArgumentParser(prog="./dev run", description="Serve this checkout.")
    parser.add_argument("--host", help=f"address to listen on (default {HOST})")
    parser.add_argument(
        "--port", type=int, help=f"port to listen on (default {PORT}, or the next free one)"
    )
    return parser.parse_args(arguments)


def defaults(given: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with what development adds; what is given wins."""
    return {"ENVIRONMENT": "development", "JOURNIV_DATA": str(DATA)} | dict(given)


def environment(
    options: argparse.Namespace, given: Mapping[str, str]
) -> tuple[dict[str, str], str]:
    """Return the environment of the server and the line that announces it.

    A port that somebody asked for is used as it is; otherwise the first free one from 8000.
    """
    result = defaults(given)
    host = options.host or given.get("APP_HOST") or given.get("JOURNIV_HOST") or HOST
    asked = options.port or given.get("APP_PORT") or given.get("JOURNIV_PORT")
    port = str(asked or free_port(host, PORT))
    result |= {"APP_HOST": host, "APP_PORT": port}
    shown = f"[{host}]" if ":" in host else host
    note = f"Journiv: http://{shown}:{port} (data in {result['JOURNIV_DATA']})"
    if not asked and port != str(PORT):
        note = f"Port {PORT} is taken, so this is the next free one.\n{note}"
    return result, note


def free_port(host: str, first: int) -> int:
    """Return the first port from `first` on that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for port in range(first, first + PORTS_TRIED):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except (PermissionError, OverflowError):
                break
            except OSError:
                continue
            return port
    raise SetupError(f"no free port from {first} to {first + PORTS_TRIED - 1} on {host}.")
