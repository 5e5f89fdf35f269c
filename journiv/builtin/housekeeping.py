"""Jobs that keep an installation tidy."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from journiv.contracts.context import PluginContext
from journiv.contracts.jobs import Job
from journiv.contracts.storage import Transaction
from journiv.domain.clock import instant
from journiv.domain.scope import SYSTEM

HOUR: Final = 3600.0
TRASH_DAYS: Final = 30
SESSION_DAYS: Final = 30
REPLY_HOURS: Final = 24
AUDIT_DAYS: Final = 365


def jobs(ctx: PluginContext) -> Iterable[Job]:
    """Return the core's own jobs."""
    return (
        Job(name="empty-trash", every=6 * HOUR, run=lambda: empty_trash(ctx)),
        Job(name="forget-expired", every=HOUR, run=lambda: forget_expired(ctx)),
    )


async def empty_trash(ctx: PluginContext) -> None:
    """Delete for ever what has been in the trash for 30 days."""
    before = instant(ctx.clock.now() - timedelta(days=TRASH_DAYS))
    gone = await ctx.store.write(SYSTEM, lambda tx: tx.trash.purge(before))
    if gone:
        ctx.log.info("emptied the trash of %d entries", gone)


async def forget_expired(ctx: PluginContext) -> None:
    """Delete what has had its time.

    Ended sessions and expired tokens go after 30 days, kept answers after 24 hours, the audit log
    after a year, values of plugins when they expire.
    """
    now = ctx.clock.now()
    sessions_before = instant(now - timedelta(days=SESSION_DAYS))
    audit_before = instant(now - timedelta(days=AUDIT_DAYS))
    replies_before = instant(now - timedelta(hours=REPLY_HOURS))

    def work(tx: Transaction) -> int:
        return (
            tx.sessions.purge(sessions_before)
            + tx.access_tokens.purge(sessions_before)
            + tx.audit.purge(audit_before)
            + tx.replies.purge(replies_before)
            + tx.kv.purge(instant(now))
        )

    await ctx.store.write(SYSTEM, work)
