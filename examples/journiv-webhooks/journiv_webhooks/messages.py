"""What a receiver gets: names of events, bodies and signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from journiv.domain.events import (
    EntryCreated,
    EntryRestored,
    EntryTrashed,
    EntryUpdated,
    Event,
)

NAMES: Final[Mapping[type[Event], str]] = {
    EntryCreated: "entry.created",
    EntryUpdated: "entry.updated",
    EntryTrashed: "entry.trashed",
    EntryRestored: "entry.restored",
}
PING: Final = "ping"


def body_of(event: Event) -> str:
    """Return the JSON of an event: its name, instant and ids, and never any text."""
    return json.dumps({"event": NAMES[type(event)], **asdict(event)})


def ping(user_id: str, at: str) -> str:
    """Return the JSON of a test delivery."""
    return json.dumps({"event": PING, "user_id": user_id, "at": at})


def signature(secret: str, body: str, timestamp: int) -> str:
    """Return `t=<Unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`.

    The time is signed too, so that a receiver can refuse what somebody recorded long ago.
    """
    signed = f"{timestamp}.{body}".encode()
    return f"t={timestamp},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
