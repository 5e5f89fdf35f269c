"""`journiv doctor`: go through the security checklist."""

from __future__ import annotations

import argparse
import asyncio
import json
from dataclasses import asdict, replace

from journiv import __version__, config, loader
from journiv.cli.kernel import audit_of, load
from journiv.cli.report import bundle
from journiv.config import Settings
from journiv.config.secrets import KEY_FILE
from journiv.contracts.findings import Finding
from journiv.services.doctor.doctor import Doctor


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    parser.add_argument(
        "--report",
        action="store_true",
        help="print what helps to find a fault, without anything personal, to paste in public",
    )
    parser.add_argument(
        "--online",
        action="store_true",
        help="ask the own public address and the sign-in provider too; nobody else is asked",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print how each line stands; return 1 when one fails."""
    plugins = load()
    plugins.settings = _with_kept_key(plugins.settings)
    selection = plugins.select()
    found = asyncio.run(findings(plugins.settings, selection, online=arguments.online))
    if arguments.report:
        print(json.dumps(bundle(plugins, selection, found), indent=2))
    elif arguments.json:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    else:
        for finding in found:
            advice = f": {finding.advice}" if finding.advice else ""
            print(f"{finding.id}  {finding.status:<6}  {finding.title}{advice}")
    return int(any(finding.status == "fail" for finding in found))


async def findings(
    settings: Settings, selection: loader.Selection, *, online: bool
) -> list[Finding]:
    """Judge the installation that the settings describe, running or not. Raises `ConfigError`."""
    clock = config.clock(settings)
    host = loader.Host(settings, clock)
    store = loader.create_store(selection, host)
    authenticators = loader.create_authenticators(selection, host)
    doctor = Doctor(
        settings,
        store,
        clock,
        __version__,
        authenticators=authenticators,
        audit=audit_of(host, store) if settings.secret_key else None,
    )
    try:
        return await doctor.findings(online=online)
    finally:
        for authenticator in authenticators:
            await authenticator.close()


def _with_kept_key(settings: Settings) -> Settings:
    """Return the settings with the key that development made, if there is one; make none."""
    kept = settings.data / KEY_FILE
    if settings.secret_key is not None or settings.production or not kept.is_file():
        return settings
    try:
        return replace(settings, secret_key=kept.read_text(encoding="ascii").strip())
    except (OSError, UnicodeError):
        return settings
