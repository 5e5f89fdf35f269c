"""What the store tells the checklist, in one read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from journiv.contracts.auth import PasswordAuthenticator
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import instant
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit
from journiv.services.backup.marks import DRILLED, GOOD
from journiv.services.doctor.evidence import Stored
from journiv.services.doctor.seen import DOCTOR, SEEN, Seen, key_name
from journiv.services.factors.second_factor import TOTP

_DAY: Final = timedelta(days=1)


async def read_stored(
    store: Store,
    now: datetime,
    *,
    passwords: PasswordAuthenticator | None,
    secret_key: str | None,
    audit: Audit | None,
) -> Stored:
    """Read it. `audit` is None when there is no key to check the log with."""
    faults = None if audit is None else tuple((await audit.verify())[1])
    return await store.read(
        SYSTEM, lambda tx: _stored(tx, now, passwords, secret_key, faults), long=True
    )


def _stored(
    tx: Transaction,
    now: datetime,
    passwords: PasswordAuthenticator | None,
    secret_key: str | None,
    faults: tuple[str, ...] | None,
) -> Stored:
    at, yesterday = instant(now), instant(now - _DAY)
    identities = [] if passwords is None else tx.identities.of_provider(passwords.name)
    outdated = [one for one in identities if passwords and passwords.outdated(one["data"])]
    owners = {one["user_id"] for one in identities}
    guarded = {owner for owner, factor in tx.kv.items(TOTP, "", at) if factor["confirmed"]}
    since = None if secret_key is None else tx.kv.get(DOCTOR, key_name(secret_key), at)
    seen = tx.kv.get(DOCTOR, SEEN, at)
    return Stored(
        accounts=tx.users.count(),
        with_password=len(owners),
        without_factor=len(owners - guarded),
        outdated_hashes=len(outdated),
        unrotated_sessions=tx.sessions.count_unrotated(yesterday, at),
        refused=tx.audit.count("refused", yesterday),
        key_since=None if since is None else datetime.fromisoformat(since),
        seen=None if seen is None else Seen(**seen),
        backed_up=_last(tx, GOOD),
        drilled=_last(tx, DRILLED),
        audit_faults=faults,
    )


def _last(tx: Transaction, name: str) -> datetime | None:
    at = tx.leases.last_run(name)
    return None if at is None else datetime.fromisoformat(at)
