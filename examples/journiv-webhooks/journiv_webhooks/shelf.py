"""Webhooks and waiting deliveries in `tx.kv`: functions for use inside units of work."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from journiv.contracts.storage import Transaction
from journiv_webhooks.records import Delivery, Webhook

NAMESPACE: Final = "webhooks"
HOOKS: Final = "hook/"
WAITING: Final = "waiting/"


def webhooks(tx: Transaction, now: str, user_id: str | None = None) -> list[Webhook]:
    """Return the webhooks of one person, or of everybody, oldest first."""
    prefix = HOOKS if user_id is None else f"{HOOKS}{user_id}/"
    return [value for _, value in tx.kv.items(NAMESPACE, prefix, now)]


def webhook(tx: Transaction, now: str, user_id: str, webhook_id: str) -> Webhook | None:
    """Return somebody's webhook; another's id is like one that does not exist."""
    found: Webhook | None = tx.kv.get(NAMESPACE, _hook_key(user_id, webhook_id), now)
    return found


def put_webhook(tx: Transaction, hook: Webhook) -> None:
    """Keep a webhook, new or changed."""
    tx.kv.put(NAMESPACE, _hook_key(hook["user_id"], hook["id"]), hook)


def delete_webhook(tx: Transaction, user_id: str, webhook_id: str) -> bool:
    """Forget a webhook; what waits for it is dropped when its turn comes."""
    return tx.kv.delete(NAMESPACE, _hook_key(user_id, webhook_id))


def delete_all(tx: Transaction, now: str, user_id: str) -> None:
    """Forget every webhook of a person."""
    for hook in webhooks(tx, now, user_id):
        delete_webhook(tx, user_id, hook["id"])


def waiting(tx: Transaction, now: str) -> list[Delivery]:
    """Return the deliveries that wait for another try, oldest first."""
    return [value for _, value in tx.kv.items(NAMESPACE, WAITING, now)]


def put_waiting(tx: Transaction, deliveries: Iterable[Delivery]) -> None:
    """Keep deliveries until they succeed or are given up."""
    for one in deliveries:
        tx.kv.put(NAMESPACE, WAITING + one["id"], one, one["until"])


def delete_waiting(tx: Transaction, delivery_id: str) -> None:
    """Forget a delivery."""
    tx.kv.delete(NAMESPACE, WAITING + delivery_id)


def _hook_key(user_id: str, webhook_id: str) -> str:
    return f"{HOOKS}{user_id}/{webhook_id}"
