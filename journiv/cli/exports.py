"""`journiv export`: write a diary to a file, beside a running server or without one."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

from journiv.cli.kernel import Kernel, opened, prepare
from journiv.cli.transfer import account, chosen, progress
from journiv.contracts.records import JournalRecord
from journiv.contracts.storage import Store
from journiv.domain.clock import parse_day
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.scope import UserScope
from journiv.services.transfer.exports import ExportService
from journiv.services.transfer.selection import Selection


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = "Drafts and the trash stay here. `journiv import` reads the file back."
    parser.add_argument(
        "file", type=Path, help="the file to write; compressed when its name ends in .gz"
    )
    parser.add_argument("--format", required=True, help="its format, for example ndjson")
    parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary")
    parser.add_argument("--journal", metavar="NAME", help="this journal only")
    parser.add_argument("--from", dest="start", type=_day, metavar="DAY", help="from this day on")
    parser.add_argument("--to", dest="end", type=_day, metavar="DAY", help="up to this day")
    parser.add_argument(
        "--no-media", action="store_true", help="leave pictures, sounds and films out"
    )


def run(arguments: argparse.Namespace) -> int:
    """Export and say how much."""
    return asyncio.run(_export(prepare(), arguments))


async def _export(kernel: Kernel, arguments: argparse.Namespace) -> int:
    exporter = chosen(kernel.exporters, arguments.format)
    if arguments.start and arguments.end and arguments.start > arguments.end:
        raise BadRequest(f"{arguments.start} comes after {arguments.end}.")
    async with opened(kernel) as store:
        scope = UserScope((await account(store, arguments.user))["id"])
        journal = await _journal(store, scope, arguments.journal)
        total = journal["entry_count"] if journal else await _entries(store, scope)
        selection = Selection(
            journal_ids=(journal["id"],) if journal else None,
            start_date=arguments.start,
            end_date=arguments.end,
        )
        with progress("Exporting", total) as tell:
            written = await ExportService(store, kernel.clock, kernel.providers.media).run(
                scope,
                exporter,
                arguments.file,
                selection=selection,
                with_media=not arguments.no_media,
                progress=tell,
            )
    print(f"{written.entries:,} entries written to {arguments.file}.")
    return 0


def _day(text: str) -> str:
    """Return a day as it is stored. Raises `argparse.ArgumentTypeError`."""
    day = parse_day(text)
    if day is None:
        raise argparse.ArgumentTypeError(f"'{text}' is no day; write 2024-02-29.")
    return day.isoformat()


async def _journal(store: Store, scope: UserScope, title: str | None) -> JournalRecord | None:
    if title is None:
        return None
    journal = await store.read(scope, lambda tx: tx.journals.by_title(title))
    if journal is None:
        raise NotFound(f"There is no journal '{title}'.")
    return journal


async def _entries(store: Store, scope: UserScope) -> int:
    streak = await store.read(scope, lambda tx: tx.insights.streak())
    return streak["total_entries"]
