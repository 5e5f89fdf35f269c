"""A kit for stores: everything the contracts of `Store` and its repositories promise."""

from __future__ import annotations

from journiv.testing.store.isolation import IsolationTests
from journiv.testing.store.units import UnitTests


class StoreConformance(UnitTests, IsolationTests):
    """Subclass it and override `store`: open, migrated and empty, closed by the fixture."""
