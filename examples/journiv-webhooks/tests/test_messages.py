from __future__ import annotations

import json

from journiv.domain.events import EntryCreated, EntryTrashed
from journiv_webhooks.messages import body_of, ping, signature

AT = "2026-03-01T10:00:00.000000Z"
# printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac key
EXPECTED = "a438e398bfafc57e4396bb7fc2304422f0f768e965d073ca313cb52e22e6ad03"


def test_a_body_names_the_event_and_its_ids():
    assert json.loads(body_of(EntryCreated("u", AT, "e", "j"))) == {
        "event": "entry.created",
        "user_id": "u",
        "at": AT,
        "entry_id": "e",
        "journal_id": "j",
    }
    assert json.loads(body_of(EntryTrashed("u", AT, "e")))["event"] == "entry.trashed"
    assert json.loads(ping("u", AT))["event"] == "ping"


def test_a_signature_is_the_documented_hmac():
    assert signature("key", '{"a":1}', 1700000000) == f"t=1700000000,v1={EXPECTED}"


def test_a_signature_covers_time_body_and_key():
    ways = {
        signature("key", "body", 1),
        signature("key", "body", 2).replace("t=2", "t=1"),
        signature("key", "other", 1),
        signature("another key", "body", 1),
    }
    assert len(ways) == 4
