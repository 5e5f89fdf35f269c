from __future__ import annotations

from itertools import pairwise

import pytest

from journiv_webhooks import courier, shelf
from journiv_webhooks.courier import Courier, Outcome
from journiv_webhooks.records import Delivery, Webhook

HOOK = Webhook(
    id="h",
    user_id="u",
    url="https://example.org/in",
    events=["entry.created"],
    secret="s",
    created_at="2026-03-01T10:00:00.000000Z",
)


class Postman(Courier):
    """Reaches a receiver that answers with `status`, and counts the tries."""

    status = 500
    tries = 0

    async def send(self, hook: Webhook, delivery: Delivery) -> Outcome:
        self.tries += 1
        return Outcome(self.status)


def waiting(ctx) -> list[Delivery]:
    return shelf.waiting(ctx.store.tx, "2026")


@pytest.fixture
def postman(ctx) -> Postman:
    """A courier on whose shelf one delivery waits."""
    shelf.put_webhook(ctx.store.tx, HOOK)
    made = Postman(ctx)
    shelf.put_waiting(ctx.store.tx, [made.new_delivery(HOOK, "entry.created", "{}")])
    return made


async def test_pauses_double_until_it_is_given_up_after_three_days(ctx, postman):
    tried_at = []
    for minute in range(4 * 24 * 60):
        before = postman.tries
        await postman.retry()
        if postman.tries > before:
            tried_at.append(minute)
        ctx.clock.later(minutes=1)
    pauses = [later - earlier for earlier, later in pairwise(tried_at)]
    assert pauses[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(pauses[9:]) == {360}
    assert 2 * 24 * 60 < tried_at[-1] < 3 * 24 * 60


async def test_what_arrives_waits_no_longer(ctx, postman):
    postman.status = 204
    await postman.retry()
    await postman.retry()
    assert (postman.tries, waiting(ctx)) == (1, [])


async def test_what_waits_for_a_removed_webhook_is_dropped_unsent(ctx, postman):
    shelf.delete_webhook(ctx.store.tx, "u", "h")
    await postman.retry()
    assert (postman.tries, waiting(ctx)) == (0, [])


async def test_a_full_queue_and_a_stopping_server_lose_nothing(ctx, monkeypatch):
    monkeypatch.setattr(courier, "QUEUE", 2)
    made = Courier(ctx)
    deliveries = [made.new_delivery(HOOK, "entry.created", "{}") for _ in range(3)]
    for one in deliveries:
        await made.post(HOOK, one)
    assert waiting(ctx) == deliveries[2:]
    monkeypatch.setattr(courier, "WORKERS", 0)
    async with made.running():
        pass
    assert {one["id"] for one in waiting(ctx)} == {one["id"] for one in deliveries}


async def test_without_a_running_server_nothing_is_sent(ctx):
    made = Courier(ctx)
    outcome = await made.send(HOOK, made.new_delivery(HOOK, "ping", "{}"))
    assert not outcome.is_delivered


@pytest.mark.parametrize(
    ("status", "is_delivered"),
    [(199, False), (200, True), (204, True), (302, False), (410, False), (500, False)],
)
def test_any_2xx_counts_as_delivered(status, is_delivered):
    assert Outcome(status).is_delivered is is_delivered
