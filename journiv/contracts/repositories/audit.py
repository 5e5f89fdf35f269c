"""The audit log."""

from __future__ import annotations

from abc import ABC, abstractmethod

from journiv.contracts.records import AuditRecord


class AuditLog(ABC):
    """Rows that are added and read, never changed. Needs `SystemScope`."""

    @abstractmethod
    def last(self) -> AuditRecord | None:
        """Return the newest row."""

    @abstractmethod
    def add(self, row: AuditRecord) -> None:
        """Store a row."""

    @abstractmethod
    def concerning(self, people: list[str], limit: int, below: int | None) -> list[AuditRecord]:
        """Return the rows whose actor or object is one of these, newest first.

        With `below`, only rows whose numbers are lower.
        """

    @abstractmethod
    def after(self, number: int, limit: int) -> list[AuditRecord]:
        """Return the rows that follow a number, oldest first."""

    @abstractmethod
    def count(self, result: str, since: str) -> int:
        """Count the rows with this result since an instant."""

    @abstractmethod
    def purge(self, before: str) -> int:
        """Delete rows older than an instant; return how many. The newest row always stays."""
