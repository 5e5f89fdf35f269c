"""What is kept, as JSON, in the key-value store."""

from __future__ import annotations

from typing import TypedDict


class Webhook(TypedDict):
    """Where somebody wants to hear of which events, and the key that signs what is sent there."""

    id: str
    user_id: str
    url: str
    events: list[str]
    secret: str
    created_at: str


class Delivery(TypedDict):
    """One message to one webhook. It is tried next at `due` and given up at `until`."""

    id: str
    user_id: str
    webhook_id: str
    event: str
    body: str
    failures: int
    due: str
    until: str
