"""Whole tables, row by row: how `journiv copy-store` moves everything from one store to another.

A row is a tuple in wire form: ids, instants and days are text, whatever the database keeps.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Which tables there are, and their columns in the order of a row's values.

    Tables that are referred to come before those that refer to them; `about` are the columns of
    the row about the installation. `name` tells one store's layout of a release from others.
    """

    name: str
    tables: Mapping[str, tuple[str, ...]]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows a table has, and the SHA-256 (hex) of all of them in order of their key."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class TargetState:
    """Whether a store has nothing in it, and if it has: of which store it is an unfinished copy."""

    is_empty: bool
    copy_of: str | None = None


class Snapshot(ABC):
    """One state of a whole store; what is written meanwhile is not in it."""

    @abstractmethod
    async def identity(self) -> str:
        """Return what names this store among others: the installation's id, empty without one."""

    @abstractmethod
    def columns(self, table: str) -> tuple[str, ...]:
        """Return what the values of a table's row are, in their order."""

    @abstractmethod
    async def counts(self) -> Mapping[str, int]:
        """Return every table to copy with its number of rows; those referred to come first."""

    @abstractmethod
    async def page(self, table: str, after: Row | None, limit: int) -> Sequence[Row]:
        """Return the next rows of a table in order of their key, after the key `after`."""

    @abstractmethod
    def key(self, table: str, row: Row) -> Row:
        """Return the key of a row of a page."""

    @abstractmethod
    async def digest(self, table: str) -> TableDigest:
        """Count and hash a table; the same rows give the same digest in every store."""

    @abstractmethod
    async def about(self) -> Row:
        """Return the row about the installation, which is copied last."""


class Copying(ABC):
    """A store seen as tables. `layout` tells whether two stores have the same ones."""

    layout: Layout

    @abstractmethod
    def snapshot(self) -> AbstractAsyncContextManager[Snapshot]:
        """Look at the store as it is now, for as long as it takes."""

    @abstractmethod
    async def state(self) -> TargetState:
        """Say whether a copy may begin here, or go on."""

    @abstractmethod
    async def begin(self, copy_of: str) -> None:
        """Mark an empty store as an unfinished copy: no server opens it from now on."""

    @abstractmethod
    async def last_key(self, table: str) -> Row | None:
        """Return the key of the last row in a table, None when it is empty."""

    @abstractmethod
    async def load(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows of a page, all or none of them."""

    @abstractmethod
    async def clear(self) -> None:
        """Empty an unfinished copy; it is still marked as one."""

    @abstractmethod
    async def finish(self, about: Row) -> None:
        """Replace the mark by the row about the installation: from now on servers open it."""
