"""The schema, and what a store says about itself."""

from __future__ import annotations

import stat
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from journiv.contracts.copying import Copying
from journiv.contracts.findings import Finding
from journiv.contracts.storage import Store, Transaction
from journiv.domain.errors import NotSupported
from journiv.testing.store.base import StoreTests
from journiv.testing.store.people import seen, settled
from journiv.testing.store.rows import LATER


class SchemaTests(StoreTests):
    """Migrations, `revision`, and the optional parts of `Store`."""

    async def test_migrating_again_changes_nothing(self, store: Store) -> None:
        me = await settled(store)
        before = await store.read(me.scope, lambda tx: seen(tx, me))
        first = await store.schema_status()
        assert first.up_to_date
        assert first.compatible
        assert first.current
        for _ in range(2):
            assert await store.migrate() == first
        assert await store.read(me.scope, lambda tx: seen(tx, me)) == before
        assert await store.check() == []

    async def test_a_store_that_is_open_is_there(self, store: Store) -> None:
        assert await store.exists()
        await store.ping()

    async def test_the_revision_is_another_after_every_write(self, store: Store) -> None:
        me = await settled(store)
        revisions = [store.revision()]
        for number in range(5):
            await store.write(me.scope, partial(_rename, me.entry, f"title {number}"))
            revisions.append(store.revision())
        assert all(before != after for before, after in pairwise(revisions))

    async def test_findings_change_nothing_and_need_no_open_store(self, store: Store) -> None:
        for _ in range(2):
            findings = await store.findings()
            assert all(isinstance(one, Finding) for one in findings)
            assert len({one.id for one in findings}) == len(findings)
            await store.close()

    async def test_a_backup_is_private_or_not_supported(self, store: Store, tmp_path: Path) -> None:
        target = tmp_path / "copy"
        if not store.capabilities.online_backup:
            with pytest.raises(NotSupported):
                await store.backup(target)
            assert not target.exists()
            return
        await store.backup(target)
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
        assert target.stat().st_size > 0

    async def test_tables_are_given_out_or_not_supported(self, store: Store) -> None:
        await settled(store)
        try:
            copying = store.copying()
        except NotSupported:
            return
        assert isinstance(copying, Copying)
        assert copying.layout.tables
        async with copying.snapshot() as snapshot:
            counts = await snapshot.counts()
            assert sum(counts.values()) > 0
            for table, rows in counts.items():
                digest = await snapshot.digest(table)
                assert digest.rows == rows, table
                assert len(await snapshot.page(table, None, 1000)) == rows, table
        assert not (await copying.state()).is_empty


def _rename(entry_id: str, title: str, tx: Transaction) -> None:
    tx.entries.change(entry_id, {"title": title}, LATER)
