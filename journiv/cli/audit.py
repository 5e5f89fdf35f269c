"""`journiv audit verify`: check that nobody has changed the audit log."""

from __future__ import annotations

import argparse
import asyncio

from journiv.cli.kernel import Kernel, opened, prepare


def configure(parser: argparse.ArgumentParser) -> None:
    """Add one subcommand."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("verify", help="check every row's seal", description="Check every seal.")


def run(arguments: argparse.Namespace) -> int:
    """Verify; return 1 when a row was changed, put in or taken out."""
    count, wrong = asyncio.run(_verify(prepare()))
    for sentence in wrong:
        print(sentence)
    if not wrong:
        print(f"The audit log is as it was written; rows: {count}.")
    return 1 if wrong else 0


async def _verify(kernel: Kernel) -> tuple[int, list[str]]:
    async with opened(kernel):
        return await kernel.audit.verify()
