"""`journiv import`: bring in a diary, beside a running server or without one."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Final

from journiv.cli.kernel import Kernel, opened, prepare
from journiv.cli.transfer import account, chosen, progress
from journiv.contracts.archives import AccountImporter
from journiv.contracts.transfer import Importer
from journiv.domain.clock import zone
from journiv.domain.errors import BadRequest
from journiv.domain.ids import new_id
from journiv.domain.scope import UserScope
from journiv.services.transfer.imports import ImportReport, ImportService, ImportTarget
from journiv.services.transfer.media_intake import AccountMedia, UploadIntake
from journiv.services.transfer.restore import AccountRestore

SHOWN: Final = 20
MAX_JOURNAL: Final = 200

EPILOG: Final = """\
Entries that name no time are put at 12:00 in their zone. An import that was interrupted goes on
where it stopped when it is run again, and no entry comes in twice. A record that cannot be taken
is named on stderr and the others come in. Exit codes: 0 everything is in, 1 something is not.
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.epilog = EPILOG
    parser.add_argument("file", type=Path, help="the file, or an unpacked folder of it")
    parser.add_argument("--format", required=True, help="its format, for example ndjson")
    parser.add_argument("--user", required=True, metavar="EMAIL", help="whose diary it becomes")
    parser.add_argument(
        "--journal", metavar="NAME", help="the journal, made when missing; archives bring their own"
    )
    parser.add_argument(
        "--zone", help="IANA zone of entries that name none (default: the account's)"
    )
    parser.add_argument(
        "--mood",
        action="append",
        default=[],
        metavar="NAME=MOOD",
        help="the mood here that a name in the file stands for; may be given again",
    )
    parser.add_argument("--dry-run", action="store_true", help="only say what would come in")


def run(arguments: argparse.Namespace) -> int:
    """Import and report; 1 when records were rejected."""
    return asyncio.run(_import(prepare(), arguments))


async def _import(kernel: Kernel, arguments: argparse.Namespace) -> int:
    importer = await asyncio.to_thread(_importer, kernel, arguments.format, arguments.file)
    title = "" if isinstance(importer, AccountImporter) else _journal_title(arguments.journal)
    if arguments.zone and zone(arguments.zone) is None:
        raise BadRequest(f"There is no time zone '{arguments.zone}'.")
    moods = dict(map(_mood, arguments.mood))
    source, dry_run = arguments.file, arguments.dry_run
    total = await asyncio.to_thread(importer.count, source)
    async with opened(kernel) as store:
        user = await account(store, arguments.user)
        scope = UserScope(user["id"])
        with progress("Importing", total) as tell:
            if isinstance(importer, AccountImporter):
                report = await AccountRestore(store, AccountMedia(store, kernel.media.adding)).run(
                    scope, importer, source, dry_run=dry_run, progress=tell
                )
            else:
                service = ImportService(
                    store, kernel.clock, UploadIntake(store, kernel.media.adding)
                )
                # A dry run writes nothing, so it looks in a journal that does not exist.
                journal_id = new_id() if dry_run else await service.journal(scope, title)
                zone_name = arguments.zone or user["time_zone"]
                target = ImportTarget(journal_id=journal_id, zone=zone_name, moods=moods)
                report = await service.run(
                    scope, importer, source, target, dry_run=dry_run, progress=tell
                )
    _print(report, dry_run=dry_run)
    return 1 if report.rejected else 0


def _importer(kernel: Kernel, name: str, source: Path) -> Importer:
    """Return the importer of that name; of several that share it, the one that knows the file."""
    named = [one for one in kernel.importers.values() if name in (one.format, *one.also)]
    if len(named) < 2:
        return named[0] if named else chosen(kernel.importers, name)
    known = (one for one in named if source.is_dir() or source.name.lower().endswith(one.suffixes))
    return next((one for one in known if one.recognises(source)), named[0])


def _journal_title(name: str | None) -> str:
    title = (name or "").strip()
    if not title or len(title) > MAX_JOURNAL:
        raise BadRequest(f"A journal's name has 1 to {MAX_JOURNAL} characters.")
    return title


def _mood(text: str) -> tuple[str, str]:
    name, sign, mood = text.rpartition("=")
    if not sign or not name.strip() or not mood.strip():
        raise BadRequest(f"'{text}' is no NAME=MOOD, like rad=Happy.")
    return name, mood


def _print(report: ImportReport, *, dry_run: bool) -> None:
    for rejected in report.rejected[:SHOWN]:
        print(f"{rejected.where}: {rejected.reason}", file=sys.stderr)
    if len(report.rejected) > SHOWN:
        print(f"... and {len(report.rejected) - SHOWN:,} more", file=sys.stderr)
    if report.unknown_moods:
        moods = ", ".join(report.unknown_moods[:SHOWN])
        said = "no such moods here, left out (--mood NAME=MOOD chooses one)"
        print(f"warning: {said}: {moods}", file=sys.stderr)
    for remark in report.remarks[:SHOWN]:
        print(f"warning: {remark}", file=sys.stderr)
    added = "would be added" if dry_run else "added"
    print(
        f"{report.read:,} records read: {report.added:,} entries {added} ({report.words:,} words), "
        f"{report.known:,} were there already, {len(report.rejected):,} rejected."
    )
