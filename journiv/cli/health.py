"""`journiv health`: one request to the server's own address. Needs no settings but the port."""

from __future__ import annotations

import argparse
import http.client
import os
import sys

TIMEOUT = 5.0


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--host", help="where to ask (default APP_HOST, or this machine)")
    parser.add_argument("--port", type=int, help="which port to ask (default APP_PORT, or 8000)")


def run(arguments: argparse.Namespace) -> int:
    """Ask `/livez`; 0 when the server answers 200, 1 otherwise."""
    host, port = address(arguments.host, arguments.port)
    connection = http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/livez")
        status = connection.getresponse().status
    except OSError as error:
        print(f"Nobody answers at {host}:{port}: {error}.", file=sys.stderr)
        return 1
    finally:
        connection.close()
    print(f"{host}:{port} answers {status}.")
    return 0 if status == http.client.OK else 1


def address(host: str | None, port: int | None) -> tuple[str, int]:
    """Return where to ask: what was given, else what the settings say."""
    if host is None or port is None:
        from journiv import config

        settings = config.core(config.read_sources(os.environ))
        host = host or settings.host
        port = port or settings.port
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - replaced, not bound
    return everywhere.get(host, host), port
