"""`journiv verify`: compare files, search index and counters with the entries themselves."""

from __future__ import annotations

import argparse
import asyncio
from dataclasses import dataclass

import orjson

from journiv.cli.kernel import Kernel, opened, prepare
from journiv.cli.transfer import progress
from journiv.contracts.repositories.insights import Drift
from journiv.contracts.storage import Store
from journiv.domain.scope import SYSTEM, UserScope

PAGE = 200


@dataclass(frozen=True, slots=True)
class Findings:
    """What is wrong: sentences about the files, and counters by account."""

    accounts: int
    files: list[str]
    counters: list[tuple[str, Drift]]

    @property
    def count(self) -> int:
        """How many differences there are."""
        return len(self.files) + len(self.counters)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.description = (
        "Checks the store's files, and recounts what is counted and indexed. Nothing is changed "
        "without --rebuild. Returns 1 when something differs."
    )
    parser.add_argument(
        "--rebuild", action="store_true", help="make the counters and the search index anew first"
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")


def run(arguments: argparse.Namespace) -> int:
    """Verify; return 1 when something differs."""
    findings = asyncio.run(_verify(prepare(), rebuild=arguments.rebuild))
    print(_as_json(findings) if arguments.json else _as_text(findings))
    return 1 if findings.count else 0


async def _verify(kernel: Kernel, *, rebuild: bool) -> Findings:
    async with opened(kernel) as store:
        accounts = await _accounts(store)
        if rebuild:
            await _rebuild(store, accounts)
        counters: list[tuple[str, Drift]] = []
        with progress("Recounting", len(accounts)) as show:
            for done, user_id in enumerate(accounts, 1):
                scope = UserScope(user_id)
                drifts = await store.read(scope, lambda tx: tx.insights.verify(), long=True)
                counters += [(user_id, drift) for drift in drifts]
                show(done)
        return Findings(len(accounts), await store.check(), counters)


async def _rebuild(store: Store, accounts: list[str]) -> None:
    await store.reindex()
    with progress("Counting anew", len(accounts)) as show:
        for done, user_id in enumerate(accounts, 1):
            await store.write(UserScope(user_id), lambda tx: tx.insights.rebuild())
            show(done)


async def _accounts(store: Store) -> list[str]:
    found: list[str] = []
    while page := await _page(store, len(found)):
        found += page
    return found


async def _page(store: Store, offset: int) -> list[str]:
    users = await store.read(SYSTEM, lambda tx: tx.users.page(PAGE, offset), long=True)
    return [user["id"] for user in users]


def _as_text(findings: Findings) -> str:
    lines = [*findings.files]
    lines += [
        f"{drift.table} of account {user_id}, {drift.key}: stored {drift.stored}, "
        f"counted {drift.counted}."
        for user_id, drift in findings.counters
    ]
    if not lines:
        return f"Everything agrees; accounts: {findings.accounts}."
    mend = "`journiv verify --rebuild` makes counters and search index anew."
    return "\n".join([*lines, f"{len(lines)} differences. {mend}"])


def _as_json(findings: Findings) -> str:
    body = {
        "accounts": findings.accounts,
        "files": findings.files,
        "counters": [
            {
                "user_id": user_id,
                "table": drift.table,
                "key": drift.key,
                "stored": drift.stored,
                "counted": drift.counted,
            }
            for user_id, drift in findings.counters
        ],
    }
    return orjson.dumps(body, option=orjson.OPT_INDENT_2).decode()
