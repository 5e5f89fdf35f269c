"""The yardstick: an aiohttp handler that reads the body and answers with constant bytes.

`/<name>` answers with `<name>.json` of the folder `BENCH_BODIES`. No middleware, no log, no
authentication.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvloop
from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.Response]]


def _answer(body: bytes) -> Handler:
    async def handler(request: web.Request) -> web.Response:
        if request.can_read_body:
            await request.read()
        return web.Response(body=body, content_type="application/json")

    return handler


def application(bodies: Path) -> web.Application:
    """Make the application with a route for every file."""
    app = web.Application()
    app.router.add_route("*", "/ready", _answer(b"{}"))
    for path in bodies.glob("*.json"):
        app.router.add_route("*", f"/{path.stem}", _answer(path.read_bytes()))
    return app


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    app = application(Path(os.environ["BENCH_BODIES"]))
    web.run_app(
        app,
        host="127.0.0.1",
        port=port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main()
