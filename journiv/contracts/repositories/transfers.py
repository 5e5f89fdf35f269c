"""Imports and exports that run in the background."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from journiv.contracts.records import TransferRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTransfer:
    """A transfer that somebody asks for; it waits until a process takes it.

    `direction` is `import`, `export` or `undo`, `options` is JSON of whoever carries it out, and
    `source_key` names the uploaded file in the media store.
    """

    id: str
    direction: str
    format: str
    options: Mapping[str, Any]
    created_at: str
    source_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a transfer is: `stage` says what is being done, in one word."""

    stage: str
    done: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percents, 99 until it is completed."""
        return min(99, self.done * 100 // self.total) if self.total else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a transfer ended: `status` is `completed`, `failed` or `cancelled`.

    `errors` and `warnings` are sentences, one for each item that has something to tell.
    """

    status: str
    at: str
    result: Mapping[str, Any] | None = None
    errors: Sequence[str] = ()
    warnings: Sequence[str] = ()
    file_key: str | None = None
    file_name: str | None = None
    file_size: int | None = None


class Transfers(ABC):
    """The transfers of the scope's person, and of everybody where `SystemScope` is asked for.

    A process takes a transfer by a lease and prolongs it while it works. Whoever has lost the
    lease, or is told to cancel, finds out at its next `advance`, which then changes nothing: made
    within the transaction that writes a batch, it keeps two processes from writing the same one.
    """

    @abstractmethod
    def add(self, transfer: NewTransfer) -> TransferRecord:
        """Store a transfer as `pending`."""

    @abstractmethod
    def get(self, transfer_id: str) -> TransferRecord | None:
        """Return a transfer."""

    @abstractmethod
    def page(self, directions: Sequence[str], limit: int, offset: int) -> list[TransferRecord]:
        """Return transfers of these directions, newest first."""

    @abstractmethod
    def unfinished(self) -> int:
        """Return how many of the person's transfers are pending or running."""

    @abstractmethod
    def delete(self, transfer_id: str) -> bool:
        """Delete a transfer that is not running, and what it noted."""

    @abstractmethod
    def cancel(self, transfer_id: str, at: str) -> TransferRecord | None:
        """End a pending transfer, tell a running one to end, leave others; return it."""

    @abstractmethod
    def advance(self, transfer_id: str, owner: str, until: str, progress: Progress) -> bool:
        """Note progress and prolong the lease; False when it is lost or the person cancelled."""

    @abstractmethod
    def finish(self, transfer_id: str, owner: str, ending: Ending, progress: Progress) -> bool:
        """Note the end and how far it came; False when the lease is lost."""

    @abstractmethod
    def note(self, transfer_id: str, kind: str, item_ids: Sequence[str]) -> None:
        """Note what an import made (`entry`, `journal`, `tag`), so that it can be undone.

        Raises `NotFound` without such a transfer.
        """

    @abstractmethod
    def noted(self, transfer_id: str, kind: str, limit: int) -> list[str]:
        """Return up to `limit` ids that were noted, in the order of the ids."""

    @abstractmethod
    def counts(self, transfer_id: str) -> Mapping[str, int]:
        """Return how many ids of each kind are noted."""

    @abstractmethod
    def strike(self, transfer_id: str, kind: str, item_ids: Sequence[str]) -> None:
        """Forget these notes."""

    @abstractmethod
    def owner_of(self, transfer_id: str) -> str | None:
        """Return whose transfer that is. Needs `SystemScope`."""

    @abstractmethod
    def claim(self, owner: str, now: str, until: str) -> TransferRecord | None:
        """Take the oldest transfer that nobody holds; it is then `running`. Needs `SystemScope`."""

    @abstractmethod
    def release(self, owner: str | None) -> int:
        """Give back what an owner holds (None: any owner). Needs `SystemScope`."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete everybody's transfers that ended before an instant. Needs `SystemScope`."""
