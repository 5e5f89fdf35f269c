from __future__ import annotations

from journiv.contracts.storage import Store
from journiv.domain.scope import UserScope


async def test_a_migrated_store_is_up_to_date(store: Store, user: UserScope) -> None:
    status = await store.schema_status()
    assert status.up_to_date
    assert status.compatible
    assert await store.check() == []
