"""What every part of the store's kit begins with."""

from __future__ import annotations

import pytest

from journiv.contracts.storage import Store, Transaction, Work
from journiv.domain.errors import JournivError
from journiv.domain.scope import Scope


class StoreTests:
    """The store under test: open, migrated and empty."""

    @pytest.fixture
    def store(self) -> Store:
        """Override it: an open, migrated, empty store, closed by the fixture."""
        raise NotImplementedError("override the fixture `store`")


class Undone(Exception):
    """Raised by a unit of work to be rolled back; carries its result out."""

    def __init__(self, result: object) -> None:
        super().__init__("taken back")
        self.result = result


async def undone(store: Store, scope: Scope, work: Work[object]) -> object:
    """Carry a unit of work out, roll it back, and return its result."""

    def unit(tx: Transaction) -> None:
        raise Undone(work(tx))

    try:
        await store.write(scope, unit)
    except Undone as done:
        return done.result
    raise AssertionError("a unit of work raised an error that nobody saw")


async def refused_in_a_read(store: Store, scope: Scope, work: Work[object]) -> bool:
    """Say whether a unit of work is refused because it writes where nothing may be written."""
    try:
        await store.read(scope, work)
    except RuntimeError:
        return True
    except JournivError:
        return False
    return False
