"""What happened, told to listeners after the commit. Events carry ids, never text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events: whose data changed and when (wire instant)."""

    user_id: str
    at: str


@dataclass(frozen=True, slots=True)
class EntryCreated(Event):
    """An entry was written (drafts are told when they are published)."""

    entry_id: str
    journal_id: str


@dataclass(frozen=True, slots=True)
class EntryUpdated(Event):
    """An entry's text, time, place, tags or journal changed."""

    entry_id: str
    journal_id: str


@dataclass(frozen=True, slots=True)
class EntryTrashed(Event):
    """An entry went to the trash."""

    entry_id: str


@dataclass(frozen=True, slots=True)
class EntryRestored(Event):
    """An entry came back from the trash."""

    entry_id: str


@dataclass(frozen=True, slots=True)
class UserCreated(Event):
    """An account was made; `user_id` is the new account."""


@dataclass(frozen=True, slots=True)
class UserDeleted(Event):
    """An account and everything in it is gone."""
