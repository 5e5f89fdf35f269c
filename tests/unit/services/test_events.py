"""Listeners hear what they asked for, in order, and can hurt nobody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

import pytest

from journiv.contracts.listeners import Listener
from journiv.domain.events import EntryCreated, EntryTrashed, EntryUpdated, Event
from journiv.services.server.events import EventBus

AT = "2026-03-01T10:00:00.000000Z"
CREATED = EntryCreated("u", AT, "1", "j")
UPDATED = EntryUpdated("u", AT, "1", "j")
TRASHED = EntryTrashed("u", AT, "1")


def hears(handle: Callable[[Event], Awaitable[None]], *events: type[Event]) -> Listener:
    return Listener(events=events or (Event,), handle=handle)


class Ear:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.heard: list[Event] = []

    async def hear(self, event: Event) -> None:
        self.heard.append(event)


async def deliver(bus: EventBus, *events: Event) -> None:
    await bus.start()
    for event in events:
        bus.publish(event)
    await bus.stop()


async def test_each_listener_hears_its_types_in_order() -> None:
    all_of_them, some = Ear(), Ear()
    bus = EventBus([hears(all_of_them.hear), hears(some.hear, EntryCreated, EntryTrashed)])
    await deliver(bus, CREATED, UPDATED, TRASHED)
    assert all_of_them.heard == [CREATED, UPDATED, TRASHED]
    assert some.heard == [CREATED, TRASHED]


async def test_publishing_waits_for_nobody() -> None:
    ear = Ear()
    bus = EventBus([hears(ear.hear)])
    await bus.start()
    bus.publish(CREATED)
    assert ear.heard == []
    await bus.stop()
    assert ear.heard == [CREATED]


@pytest.mark.parametrize("error", [RuntimeError("no"), asyncio.CancelledError()])
async def test_a_failing_listener_keeps_nothing_from_the_others(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail(event: Event) -> None:
        raise error

    ear = Ear()
    await deliver(EventBus([hears(fail), hears(ear.hear)]), CREATED, TRASHED)
    assert ear.heard == [CREATED, TRASHED]
    assert caplog.text.count("a listener failed on EntryCreated") == 1


async def test_a_full_queue_drops_events_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    ear = Ear()
    bus = EventBus([hears(ear.hear)], size=2)
    await deliver(bus, CREATED, UPDATED, TRASHED)
    assert ear.heard == [CREATED, UPDATED]
    assert bus.dropped == 1
    assert "event dropped" in caplog.text


async def test_stopping_leaves_a_listener_that_never_returns(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def hang(event: Event) -> None:
        await asyncio.Event().wait()

    caplog.set_level(logging.WARNING)
    bus = EventBus([hears(hang)])
    await bus.start()
    bus.publish(CREATED)
    bus.publish(UPDATED)
    await asyncio.sleep(0)
    await bus.stop(grace=0.01)
    assert "stopped with 1 events undelivered" in caplog.text


async def test_without_listeners_nothing_is_kept() -> None:
    bus = EventBus(size=1)
    await deliver(bus, CREATED, UPDATED)
    assert bus.dropped == 0
