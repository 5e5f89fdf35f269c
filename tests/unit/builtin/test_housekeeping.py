"""What the core's jobs delete, and what they must leave alone."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from journiv import API_VERSION, config, loader
from journiv.builtin.housekeeping import empty_trash, forget_expired
from journiv.contracts.context import PluginContext
from journiv.contracts.records import ReplyRecord, SessionRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import instant
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.loader.discovery import discover
from tests.unit.services.diaries import NOON, StoppedClock, add_entry, add_journal


@pytest.fixture
def ctx(store: Store, tmp_path) -> PluginContext:
    environ = {"ENVIRONMENT": "test", "JOURNIV_DATA": str(tmp_path)}
    candidates = [one for one in discover() if one.name == "builtin"]
    plugins = loader.load(config.read_sources(environ), API_VERSION, candidates)
    host = loader.Host(plugins.settings, StoppedClock())
    host.store = store
    return host.context("builtin")


def ago(**by: float) -> str:
    return instant(datetime.fromisoformat(NOON) - timedelta(**by))


async def test_the_trash_is_emptied_after_thirty_days(
    store: Store, user: UserScope, ctx: PluginContext
) -> None:
    journal = await add_journal(store, user)
    thrown = {}
    for at in (ago(days=30, seconds=1), ago(days=30), ago(days=1)):
        entry = await add_entry(store, user, journal)
        thrown[at] = entry["id"]
        await store.write(user, lambda tx, entry_id=entry["id"], at=at: tx.trash.put(entry_id, at))
    kept = await add_entry(store, user, journal, at=ago(days=400))
    await empty_trash(ctx)
    there = await store.read(user, lambda tx: [tx.trash.get(one) for one in thrown.values()])
    assert [one is None for one in there] == [True, False, False]
    assert await store.read(user, lambda tx: tx.entries.get(kept["id"])) == kept


def session(user: UserScope, **times: str) -> SessionRecord:
    later = ago(days=-90)
    past = dict.fromkeys(("rotated_at", "authenticated_at", "created_at", "seen_at"), ago(days=90))
    return SessionRecord(
        id=new_id(), user_id=user.user_id, security_version=1, client="api", device="",
        address="", mode="bearer", generation=1, refresh_hash=new_id(), previous_hash=None,
        replays=0, methods="pwd", revoked_for=None,
        **{"expires_at": later, "absolute_expires_at": later, "revoked_at": None, **past, **times},
    )  # fmt: skip


async def test_sessions_are_forgotten_thirty_days_after_their_end(
    store: Store, user: UserScope, ctx: PluginContext
) -> None:
    long_ago, lately = ago(days=31), ago(days=29)
    ends = ("expires_at", "absolute_expires_at", "revoked_at")
    gone = [session(user, **{name: long_ago}) for name in ends]
    kept = [session(user), session(user, expires_at=lately), session(user, revoked_at=lately)]

    def add(tx: Transaction) -> None:
        for one in (*gone, *kept):
            tx.sessions.add(one)

    def there(tx: Transaction) -> set[str]:
        return {one["id"] for one in (*gone, *kept) if tx.sessions.get(one["id"])}

    await store.write(SYSTEM, add)
    await forget_expired(ctx)
    assert await store.read(SYSTEM, there) == {one["id"] for one in kept}


async def test_kept_answers_are_forgotten_after_a_day(
    store: Store, user: UserScope, ctx: PluginContext
) -> None:
    for key, at in (("old", ago(hours=24, seconds=1)), ("new", ago(hours=23))):
        reply = ReplyRecord(key=key, request_hash="h", status=201, body="{}", created_at=at)
        await store.write(user, lambda tx, reply=reply: tx.replies.put(reply))
    await forget_expired(ctx)
    found = [await store.read(user, lambda tx, k=key: tx.replies.get(k)) for key in ("old", "new")]
    assert [one is None for one in found] == [True, False]


async def test_values_of_plugins_are_forgotten_when_they_expire(
    store: Store, ctx: PluginContext
) -> None:
    def put(tx: Transaction) -> None:
        tx.kv.put("p", "over", 1, ago(seconds=1))
        tx.kv.put("p", "going on", 1, ago(seconds=-1))
        tx.kv.put("p", "for ever", 1)

    await store.write(SYSTEM, put)
    await forget_expired(ctx)
    long_before = ago(days=1)
    keys = ("over", "going on", "for ever")
    found = [await store.read(SYSTEM, lambda tx, k=k: tx.kv.get("p", k, long_before)) for k in keys]
    assert found == [None, 1, 1]


async def test_an_empty_installation_and_a_second_run_are_no_trouble(ctx: PluginContext) -> None:
    for _ in range(2):
        await asyncio.gather(empty_trash(ctx), forget_expired(ctx))
