"""`journiv webhooks list`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from journiv.contracts.commands import Command
from journiv.contracts.context import PluginContext
from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.domain.scope import SYSTEM
from journiv_webhooks import shelf


def webhooks_command(ctx: PluginContext) -> Command:
    """Return the command. It reads the store beside a running server or without one."""

    def configure(parser: argparse.ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        actions.add_parser("list", help="list everybody's webhooks and what waits for each")

    async def run(arguments: argparse.Namespace) -> int:
        now = instant(ctx.clock.now())
        lines = await ctx.store.read(SYSTEM, lambda tx: _lines(tx, now))
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 0

    return Command(name="webhooks", help="look after webhooks", configure=configure, run=run)


def _lines(tx: Transaction, now: str) -> list[str]:
    waiting = Counter(delivery["webhook_id"] for delivery in shelf.waiting(tx, now))
    hooks = shelf.webhooks(tx, now)
    owners = {hook["user_id"]: tx.users.get(hook["user_id"]) for hook in hooks}
    lines = []
    for hook in hooks:
        owner = owners[hook["user_id"]]
        email = owner["email"] if owner else "nobody"
        state = f"{waiting[hook['id']]} waiting"
        lines.append(f"{email}  {hook['url']}  {','.join(hook['events'])}  {state}")
    return [*lines, f"{len(hooks)} webhooks"]
