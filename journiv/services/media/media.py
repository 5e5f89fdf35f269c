"""Media of entries: find them, show them, hand out their bytes, delete them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from journiv.contracts.records import MediaRecord
from journiv.contracts.repositories.media import MediaQuery, MediaUsage
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant
from journiv.domain.errors import Forbidden, NotFound
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.journal.entries import existing_entry
from journiv.services.media.names import DISPLAY
from journiv.services.media.signing import ORIGINAL, MediaSigner
from journiv.services.media.views import MediaView, MediaViews, ShelvedView
from journiv.services.signing import REFUSED, Claim, Signed
from journiv.services.stored import StoredFile

MISSING: Final = "Media not found"
NO_THUMBNAIL: Final = "Thumbnail not found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who looks at media, and the security version that addresses are bound to."""

    scope: UserScope
    security_version: int


class MediaService:
    """Reads and deletes a person's media.

    Every method that takes a medium's id raises `NotFound` for one that is missing, foreign or on
    an entry in the trash.
    """

    def __init__(self, store: Store, signer: MediaSigner, clock: Clock) -> None:
        self._store = store
        self._signer = signer
        self._clock = clock

    def views(self, caller: Caller) -> MediaViews:
        """Return how media look to this person now."""
        return MediaViews(self._signer, caller.security_version, self._now())

    async def get(self, caller: Caller, media_id: str) -> MediaView:
        """Return one medium."""
        return self.views(caller).of(await self._found(caller.scope, media_id))

    async def of_entry(self, caller: Caller, entry_id: str) -> list[MediaView]:
        """Return an entry's media in the order they were added. Raises `NotFound`."""

        def work(tx: Transaction) -> list[MediaRecord]:
            existing_entry(tx, entry_id)
            return tx.media.of_entry(entry_id)

        media = await self._store.read(caller.scope, work)
        views = self.views(caller)
        return [views.of(medium) for medium in media]

    async def page(self, caller: Caller, query: MediaQuery) -> list[ShelvedView]:
        """Return media, newest first."""
        found = await self._store.read(caller.scope, lambda tx: tx.media.page(query))
        views = self.views(caller)
        return [views.shelved(one) for one in found]

    async def usage(self, scope: UserScope) -> MediaUsage:
        """Return how much the person keeps."""
        return await self._store.read(scope, lambda tx: tx.media.usage())

    async def change(self, caller: Caller, media_id: str, changes: Mapping[str, Any]) -> MediaView:
        """Write what is said of a medium (`alt_text`)."""
        at = instant(self._clock.now())

        def work(tx: Transaction) -> MediaRecord:
            _existing(tx, media_id)
            tx.media.change(media_id, changes, at)
            return _existing(tx, media_id)

        return self.views(caller).of(await self._store.write(caller.scope, work))

    async def delete(self, scope: UserScope, media_id: str) -> None:
        """Delete a medium; its bytes follow within a minute."""
        if not await self._store.write(scope, lambda tx: tx.media.delete(media_id)):
            raise NotFound(MISSING)

    async def sign(self, caller: Caller, media_id: str, variant: str) -> Signed:
        """Return an address that opens for a while."""
        medium = await self._found(caller.scope, media_id)
        return self._sign(caller, medium, variant)

    async def sign_all(
        self, caller: Caller, wanted: Sequence[tuple[str, str]]
    ) -> list[Signed | None]:
        """Return an address for each (id, variant), None for what is not there."""

        def work(tx: Transaction) -> list[MediaRecord | None]:
            return [tx.media.get(media_id) for media_id, _ in wanted]

        found = await self._store.read(caller.scope, work)
        return [
            self._sign(caller, medium, variant) if medium and _has(medium, variant) else None
            for medium, (_, variant) in zip(found, wanted, strict=True)
        ]

    async def bytes_of(self, scope: UserScope, media_id: str, variant: str) -> StoredFile:
        """Say which bytes a variant is."""
        return _bytes_of(await self._found(scope, media_id), variant)

    async def bytes_at(self, media_id: str, variant: str, claim: Claim) -> tuple[StoredFile, int]:
        """Say which bytes a signed address is, and for how many seconds. Raises `Forbidden`."""
        user = await self._store.read(SYSTEM, lambda tx: tx.users.get(claim.user_id))
        if user is None or not user["is_active"]:
            raise Forbidden(REFUSED)
        version, now = user["security_version"], self._now()
        left = self._signer.check(media_id, variant, version, claim, now)
        return await self.bytes_of(UserScope(claim.user_id), media_id, variant), left

    def _sign(self, caller: Caller, medium: MediaRecord, variant: str) -> Signed:
        if not _has(medium, variant):
            raise NotFound(NO_THUMBNAIL)
        return self._signer.sign(medium, variant, caller.security_version, self._now())

    async def _found(self, scope: UserScope, media_id: str) -> MediaRecord:
        return await self._store.read(scope, lambda tx: _existing(tx, media_id))

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _existing(tx: Transaction, media_id: str) -> MediaRecord:
    medium = tx.media.get(media_id)
    if medium is None:
        raise NotFound(MISSING)
    return medium


def _has(medium: MediaRecord, variant: str) -> bool:
    return variant == ORIGINAL or variant in medium["variants"]


def _bytes_of(medium: MediaRecord, variant: str) -> StoredFile:
    made = medium["variants"].get(DISPLAY if variant == ORIGINAL else variant)
    if made is not None:
        name = medium["file_name"]
        return StoredFile(
            key=made["key"],
            mime=made["mime"],
            kind="image",
            file_name=f"{name.rpartition('.')[0] or name}.webp" if name else None,
            etag=f"{medium['sha256'][:32]}-{variant}",
        )
    if variant != ORIGINAL:
        raise NotFound(NO_THUMBNAIL)
    return StoredFile(
        key=medium["key"],
        mime=medium["mime"],
        kind=medium["kind"],
        file_name=medium["file_name"],
        etag=medium["sha256"],
    )
