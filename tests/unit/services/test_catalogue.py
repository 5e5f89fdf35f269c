from __future__ import annotations

from journiv.contracts.storage import Store
from journiv.domain.catalogue import CATALOGUE_VERSION, MOODS, PROMPTS
from journiv.domain.clock import SystemClock
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.journal.catalogue import plant_catalogue


async def test_planting_happens_once_for_a_version(store: Store, user: UserScope) -> None:
    assert await plant_catalogue(store, SystemClock()) is True
    assert await plant_catalogue(store, SystemClock()) is False
    moods = await store.read(user, lambda tx: tx.moods.all())
    prompts = await store.read(user, lambda tx: tx.prompts.page(1000))
    assert {mood["id"] for mood in moods} == {seed.id for seed in MOODS}
    assert {prompt["id"] for prompt in prompts} == {seed.id for seed in PROMPTS}


async def test_a_lower_version_is_planted_again_over_what_is_there(
    store: Store, user: UserScope
) -> None:
    await plant_catalogue(store, SystemClock())
    older = CATALOGUE_VERSION - 1
    await store.write(SYSTEM, lambda tx: tx.installation.set_catalogue_version(older))
    assert await plant_catalogue(store, SystemClock()) is True
    assert len(await store.read(user, lambda tx: tx.moods.all())) == len(MOODS)
    version = await store.read(SYSTEM, lambda tx: tx.installation.catalogue_version())
    assert version == CATALOGUE_VERSION
