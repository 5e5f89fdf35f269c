"""Addresses of exports that download without a token, for an hour (security.md D14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from journiv.contracts.records import TransferRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock
from journiv.domain.errors import Forbidden, NotFound
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.signing import REFUSED, Claim, Seal, Signed

LIFE: Final = 3600


class ExportLinks:
    """Makes and opens addresses, bound to the job, the person and their security version."""

    def __init__(self, store: Store, clock: Clock, keys: Sequence[bytes]) -> None:
        self._store = store
        self._clock = clock
        self._seal = Seal(keys)

    def sign(self, scope: UserScope, export_id: str, security_version: int) -> Signed:
        """Return an address of the person's export."""
        expires = int(self._clock.now().timestamp()) + LIFE
        proof = self._seal.proof(export_id, scope.user_id, security_version, expires=expires)
        query = f"uid={scope.user_id}&exp={expires}&sig={proof}"
        return Signed(f"/api/v1/export/{export_id}/download/signed?{query}", expires)

    async def open(self, export_id: str, claim: Claim) -> TransferRecord:
        """Return the export of an address. Raises `Forbidden`, `NotFound` when it was deleted."""
        user = await self._store.read(SYSTEM, lambda tx: tx.users.get(claim.user_id))
        if user is None or not user["is_active"]:
            raise Forbidden(REFUSED)
        now = self._clock.now().timestamp()
        named = (export_id, claim.user_id, user["security_version"])
        self._seal.check(*named, claim=claim, now=now)

        def work(tx: Transaction) -> TransferRecord | None:
            return tx.transfers.get(export_id)

        record = await self._store.read(UserScope(claim.user_id), work)
        if record is None:
            raise NotFound("Export job not found")
        return record
