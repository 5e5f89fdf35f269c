"""Invitations: an account for whoever has the link, with sign-up off too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from journiv.contracts.storage import Store, Transaction
from journiv.contracts.tokens import Principal
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import NotFound
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM
from journiv.services.accounts.audit import Audit, Source
from journiv.services.accounts.onetime import Link, OneTime
from journiv.services.signin.recent_auth import RecentAuth

LIFE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation that nobody has used yet."""

    id: str
    created_at: str
    expires_at: str


class Invites:
    """Makes, lists and withdraws invitations; `Accounts.register` uses one up."""

    def __init__(
        self, store: Store, clock: Clock, recent: RecentAuth, audit: Audit, public_url: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._recent = recent
        self._audit = audit
        self._links = invite_links(public_url)

    async def create(self, admin: Principal, source: Source) -> tuple[Invite, Link]:
        """Make an invitation for seven days. Raises `ReauthRequired` without a recent sign-in."""
        self._recent.require(admin)
        now = self._clock.now()
        link = self._links.make(now + LIFE)
        invite = Invite(new_id(), instant(now), link.expires_at)
        value = {"id": invite.id, "created_at": invite.created_at, "expires_at": link.expires_at}

        def work(tx: Transaction) -> None:
            self._links.put(tx, link, value)
            owner, at = admin.user_id, invite.created_at
            self._audit.record(tx, "invite.create", owner, at, object=invite.id, source=source)

        await self._store.write(SYSTEM, work)
        return invite, link

    async def listing(self) -> list[Invite]:
        """Return the invitations that still work, newest first."""
        now = instant(self._clock.now())
        found = await self._store.read(SYSTEM, lambda tx: self._links.open(tx, now))
        invites = [Invite(**value) for _, value in found]
        return sorted(invites, key=lambda one: one.id, reverse=True)

    async def withdraw(self, admin: Principal, invite_id: str, source: Source) -> None:
        """End an invitation. Raises `NotFound`."""
        now, owner = instant(self._clock.now()), admin.user_id

        def work(tx: Transaction) -> bool:
            for key, value in self._links.open(tx, now):
                if value["id"] == invite_id:
                    self._audit.record(
                        tx, "invite.withdraw", owner, now, object=invite_id, source=source
                    )
                    return self._links.forget(tx, key)
            return False

        if not await self._store.write(SYSTEM, work):
            raise NotFound("Invitation not found")


def invite_links(public_url: str) -> OneTime:
    """Return the links of invitations."""
    return OneTime("invites", "jinv_", f"{public_url}/register")
