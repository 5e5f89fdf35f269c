"""`journiv oidc-check`: try the settings of single sign-on against the provider."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from functools import partial

from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.domain.errors import ConfigError
from journiv_auth_oidc.check_findings import Finding
from journiv_auth_oidc.settings import checked


def check_command(ctx: PluginContext) -> Command:
    """Return the command; nothing is fetched before it runs."""
    return Command(
        name="oidc-check",
        help="try the settings of single sign-on against the provider",
        configure=_configure,
        run=partial(_run, ctx),
    )


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print the steps as JSON")


def _run(ctx: PluginContext, arguments: argparse.Namespace) -> int:
    """Return 1 when a step fails. Nobody is signed in and nothing is stored."""
    findings = asyncio.run(_findings(ctx))
    if arguments.json:
        rows = [
            {"step": one.step, "status": one.status, "detail": one.sentence} for one in findings
        ]
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        for one in findings:
            sys.stdout.write(f"{one.status:<5} {one.step:<12} {one.sentence}\n")
    return int(any(one.status == "fail" for one in findings))


async def _findings(ctx: PluginContext) -> list[Finding]:
    from journiv_auth_oidc.check import Site, examine

    try:
        config = checked(ctx.settings, ctx.core.public_url)
    except ConfigError as error:
        return [Finding("settings", "fail", error.detail)]
    site = Site(ctx.core.public_url, ctx.core.redis_url, ctx.clock)
    return [one async for one in examine(config, site)]
