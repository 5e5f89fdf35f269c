"""A kit for stores: everything the contracts of `Store` and its repositories promise."""

from __future__ import annotations

from journiv.testing.store.accounts import AccountTests, AuditTests, SessionTests
from journiv.testing.store.around import AroundEntriesTests
from journiv.testing.store.entries import EntryTests
from journiv.testing.store.files import FileTests
from journiv.testing.store.isolation import IsolationTests
from journiv.testing.store.keys import InstallationTests, KeyValueTests, LeaseTests, ReplyTests
from journiv.testing.store.lists import ListTests
from journiv.testing.store.schema import SchemaTests
from journiv.testing.store.search import SearchTests
from journiv.testing.store.shared import SharedTests
from journiv.testing.store.units import UnitTests


class StoreConformance(
    UnitTests,
    IsolationTests,
    KeyValueTests,
    LeaseTests,
    ReplyTests,
    InstallationTests,
    AccountTests,
    SessionTests,
    AuditTests,
    EntryTests,
    AroundEntriesTests,
    FileTests,
    ListTests,
    SearchTests,
    SchemaTests,
):
    """Subclass it and override `store`: open, migrated and empty, closed by the fixture."""


class SharedStoreConformance(StoreConformance, SharedTests):
    """For stores that several servers open at once; override `another`, too."""
