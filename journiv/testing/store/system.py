"""How each method of what belongs to the installation is tried; see `recipes` for a person's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from journiv.contracts.storage import Transaction
from journiv.domain.ids import new_id
from journiv.testing.store.media import MEDIA_SYSTEM_READS, MEDIA_SYSTEM_WRITES
from journiv.testing.store.people import Things
from journiv.testing.store.rows import (
    AT,
    FAR,
    LATER,
    LONG_AGO,
    PROMPT,
    SAD,
    access_token,
    account,
    audit_row,
    identity,
    session,
)

SystemRecipe = Callable[[Transaction, Things], object]

SYSTEM_READS: Final[Mapping[str, SystemRecipe]] = {
    **MEDIA_SYSTEM_READS,
    "users.by_email": lambda t, it: t.users.by_email(f"{it.user}@example.org"),
    "users.page": lambda t, it: t.users.page(10, 0),
    "users.count": lambda t, it: t.users.count(),
    "users.count_active_admins": lambda t, it: t.users.count_active_admins(),
    "identities.find": lambda t, it: t.identities.find("kit", it.user),
    "identities.of_user": lambda t, it: t.identities.of_user(it.user),
    "identities.providers": lambda t, it: t.identities.providers([it.user]),
    "identities.of_provider": lambda t, it: t.identities.of_provider("kit"),
    "sessions.get": lambda t, it: t.sessions.get(it.user),
    "sessions.with_user": lambda t, it: t.sessions.with_user(it.user),
    "sessions.of_user": lambda t, it: t.sessions.of_user(it.user),
    "sessions.count_unrotated": lambda t, it: t.sessions.count_unrotated(FAR, AT),
    "access_tokens.by_hash": lambda t, it: t.access_tokens.by_hash("a" * 64),
    "access_tokens.with_user": lambda t, it: t.access_tokens.with_user(it.user),
    "access_tokens.of_user": lambda t, it: t.access_tokens.of_user(it.user),
    "audit.last": lambda t, it: t.audit.last(),
    "audit.concerning": lambda t, it: t.audit.concerning([it.user], 10, None),
    "audit.after": lambda t, it: t.audit.after(0, 10),
    "audit.count": lambda t, it: t.audit.count("success", LONG_AGO),
    "installation.id": lambda t, it: t.installation.id(),
    "installation.catalogue_version": lambda t, it: t.installation.catalogue_version(),
    "installation.flag": lambda t, it: t.installation.flag("kit"),
    "kv.get": lambda t, it: t.kv.get("kit", "key", AT),
    "kv.items": lambda t, it: t.kv.items("kit", "", AT),
    "transfers.owner_of": lambda t, it: t.transfers.owner_of(it.transfer),
    "leases.is_held": lambda t, it: t.leases.is_held("kit", AT),
    "leases.last_run": lambda t, it: t.leases.last_run("kit"),
}

SYSTEM_WRITES: Final[Mapping[str, SystemRecipe]] = {
    **MEDIA_SYSTEM_WRITES,
    "users.add": lambda t, it: t.users.add(account(new_id())),
    "users.change": lambda t, it: t.users.change(it.user, {"name": "x", "updated_at": LATER}),
    "users.delete": lambda t, it: t.users.delete(it.user),
    "identities.add": lambda t, it: t.identities.add(identity(it.user, "new")),
    "identities.set_data": lambda t, it: t.identities.set_data(it.user, {}, LATER),
    "identities.set_subject": lambda t, it: t.identities.set_subject(it.user, "x", LATER),
    "identities.delete": lambda t, it: t.identities.delete(it.user),
    "sessions.add": lambda t, it: t.sessions.add(session(new_id(), it.user)),
    "sessions.change": lambda t, it: t.sessions.change(it.user, {"replays": 1}),
    "sessions.revoke": lambda t, it: t.sessions.revoke(it.user, LATER, "kit"),
    "sessions.revoke_all": lambda t, it: t.sessions.revoke_all(it.user, LATER, "kit"),
    "sessions.purge": lambda t, it: t.sessions.purge(LONG_AGO),
    "access_tokens.add": lambda t, it: t.access_tokens.add(access_token(new_id(), it.user)),
    "access_tokens.used": lambda t, it: t.access_tokens.used(it.user, LATER),
    "access_tokens.delete": lambda t, it: t.access_tokens.delete(it.user, it.user),
    "access_tokens.delete_all": lambda t, it: t.access_tokens.delete_all(it.user),
    "access_tokens.purge": lambda t, it: t.access_tokens.purge(LONG_AGO),
    "audit.add": lambda t, it: t.audit.add(audit_row(1)),
    "audit.purge": lambda t, it: t.audit.purge(LONG_AGO),
    "installation.claim": lambda t, it: t.installation.claim(new_id(), AT),
    "installation.claim_first_admin": lambda t, it: t.installation.claim_first_admin(it.user, AT),
    "installation.set_catalogue_version": lambda t, it: t.installation.set_catalogue_version(2),
    "installation.set_flag": lambda t, it: t.installation.set_flag("kit", True),
    "kv.put": lambda t, it: t.kv.put("kit", "key", 1),
    "kv.take": lambda t, it: t.kv.take("kit", "key", AT),
    "kv.delete": lambda t, it: t.kv.delete("kit", "key"),
    "kv.purge": lambda t, it: t.kv.purge(LONG_AGO),
    "leases.take": lambda t, it: t.leases.take("kit", "one", AT, LATER),
    "leases.release": lambda t, it: t.leases.release("kit", "one"),
    "leases.set_last_run": lambda t, it: t.leases.set_last_run("kit", AT),
    "transfers.claim": lambda t, it: t.transfers.claim("two", LATER, FAR),
    "transfers.release": lambda t, it: t.transfers.release("kit"),
    "transfers.purge": lambda t, it: t.transfers.purge(LONG_AGO),
    "moods.plant": lambda t, it: t.moods.plant([SAD]),
    "prompts.plant": lambda t, it: t.prompts.plant([PROMPT]),
    "replies.purge": lambda t, it: t.replies.purge(LONG_AGO),
    "trash.purge": lambda t, it: t.trash.purge(LONG_AGO),
}
