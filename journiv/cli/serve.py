"""`journiv serve`: open everything, listen, and stop in good order."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import signal
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from journiv import __version__, api
from journiv.app import build
from journiv.cli import logs
from journiv.cli.kernel import load_for_work
from journiv.config import Settings
from journiv.domain.errors import ConfigError

BACKLOG = 2048

log = logging.getLogger("journiv.start")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--host", help="address to listen on (APP_HOST)")
    parser.add_argument("--port", type=int, help="port to listen on, 0 for any (APP_PORT)")


def run(arguments: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    app, settings = _prepared(arguments)
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(app, settings.host, settings.port))
    return 0


def _prepared(arguments: argparse.Namespace) -> tuple[web.Application, Settings]:
    """Return what is served, and how. The plugins are let go of here: no hook is called later."""
    plugins = load_for_work()
    settings = plugins.settings = replace(
        plugins.settings,
        host=arguments.host or plugins.settings.host,
        port=plugins.settings.port if arguments.port is None else arguments.port,
    )
    access_log = logs.set_up(settings)
    for warning in settings.warnings:
        log.warning(warning)
    return build(plugins, access_log), settings


async def _serve(app: web.Application, host: str, port: int) -> None:
    runner = api.runner(app)
    told_to_stop = _stop_signals()
    try:
        await runner.setup()
        _settle_memory()
        await _listen(runner, host, port)
        await told_to_stop.wait()
        log.info("stopping")
    finally:
        await runner.cleanup()


def _settle_memory() -> None:
    """Collect rarely, and never what start-up made: both would stall the loop for nothing.

    A page of a hundred entries is some hundred objects that reference counting frees by itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    site = web.TCPSite(runner, host, port, backlog=BACKLOG)
    try:
        await site.start()
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {host}, port {port}: {_reason(error)}. "
            "Choose another with APP_HOST and APP_PORT."
        ) from None
    shown = f"[{host}]" if ":" in host else host
    print(f"Journiv {__version__} serves http://{shown}:{runner.addresses[0][1]}", flush=True)


def _reason(error: OSError) -> str:
    """Return the system's words; asyncio wraps them in longer ones."""
    return os.strerror(error.errno).lower() if error.errno else str(error)


def _stop_signals() -> asyncio.Event:
    """Return what the first SIGTERM or SIGINT sets; a second one ends the process at once."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(number: signal.Signals) -> None:
        loop.remove_signal_handler(number)
        told.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, tell, number)
    return told


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:
        return None  # a platform uvloop is not made for
    return uvloop.new_event_loop
