"""Going through the checklist: gather what is known, then judge line by line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from journiv.config import Settings
from journiv.contracts.auth import Authenticator, PasswordAuthenticator, RedirectAuthenticator
from journiv.contracts.findings import Finding
from journiv.contracts.storage import Store
from journiv.domain.clock import Clock
from journiv.domain.errors import JournivError
from journiv.services.accounts.audit import Audit
from journiv.services.doctor import database, machine, outside, redis_probe
from journiv.services.doctor.checklist import CHECKS
from journiv.services.doctor.evidence import Evidence, Stored
from journiv.services.doctor.seen import Seen
from journiv.services.doctor.stored import read_stored


class Doctor:
    """Judges this installation. `audit` is None when there is no key to check its log with.

    `seen` is what this process has seen of requests; without it (beside a server, or without
    one) what the server noted last counts, and the store is opened for the while.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        clock: Clock,
        version: str,
        *,
        authenticators: Sequence[Authenticator],
        audit: Audit | None,
        seen: Seen | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._version = version
        self._authenticators = tuple(authenticators)
        self._audit = audit
        self._seen = seen
        self._turn = asyncio.Lock()

    async def findings(self, *, online: bool = False) -> list[Finding]:
        """Return every line, those of the page first; one caller at a time.

        `online` says that the own public address and the sign-in provider may be asked.
        """
        async with self._turn:
            found = await self._store.findings()  # first: opening mends the modes of files
            stored = await self._stored()
            provider = await self._provider() if online else None
            own = await asyncio.to_thread(self._judge, stored, provider, online)
            return database.merged(own, found)

    def _judge(self, stored: Stored | None, provider: str | None, online: bool) -> list[Finding]:
        """Look at machine and network, and judge. Blocks."""
        settings = self._settings
        evidence = Evidence(
            settings=settings,
            now=self._clock.now(),
            version=self._version,
            machine=machine.look(settings.data),
            stored=stored,
            seen=self._latest(stored),
            outside=outside.look(settings.public_url, settings.port) if online else None,
            redis=redis_probe.trouble(settings.redis_url) if settings.redis_url else None,
            provider=provider,
        )
        return [check.finding(evidence) for check in CHECKS]

    def _latest(self, stored: Stored | None) -> Seen:
        """Return what this process saw, or if that is nothing, what the one before noted."""
        nothing = Seen()
        noted = nothing if stored is None or stored.seen is None else stored.seen
        return noted if self._seen is None or self._seen == nothing else self._seen

    async def _stored(self) -> Stored | None:
        try:
            if self._seen is not None:
                return await self._read()
            if not await self._store.exists():
                return Stored()
            async with self._store as store:
                status = await store.schema_status()
                return await self._read() if status.up_to_date else None
        except JournivError:
            return None

    async def _read(self) -> Stored:
        return await read_stored(
            self._store,
            self._clock.now(),
            passwords=next(
                (one for one in self._authenticators if isinstance(one, PasswordAuthenticator)),
                None,
            ),
            secret_key=self._settings.secret_key,
            audit=self._audit,
        )

    async def _provider(self) -> str | None:
        """Return why single sign-on does not work now, None when it does."""
        for authenticator in self._authenticators:
            if isinstance(authenticator, RedirectAuthenticator):
                try:
                    await authenticator.ping()
                except JournivError as error:
                    return error.detail
        return None
