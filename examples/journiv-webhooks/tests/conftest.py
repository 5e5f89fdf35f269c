"""What a plugin is given, made by hand: a context whose store keeps values in a dictionary."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from journiv.contracts.context import PluginContext
from journiv_webhooks.settings import CONFIG_SCHEMA


class Values:
    """`tx.kv` in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[Any, str | None]] = {}

    def items(self, namespace: str, prefix: str, now: str) -> list[tuple[str, Any]]:
        return [
            (key, value)
            for key, (value, until) in sorted(self.kept.items())
            if key.startswith(prefix) and (until is None or until > now)
        ]

    def get(self, namespace: str, key: str, now: str) -> Any:
        return dict(self.items(namespace, key, now)).get(key)

    def put(self, namespace: str, key: str, value: Any, expires_at: str | None = None) -> None:
        self.kept[key] = (value, expires_at)

    def delete(self, namespace: str, key: str) -> bool:
        return self.kept.pop(key, None) is not None


class Shelf:
    """`ctx.store` around those values."""

    def __init__(self) -> None:
        self.tx = SimpleNamespace(kv=Values())

    async def read(self, scope: Any, work: Any) -> Any:
        return work(self.tx)

    write = read


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 1, 10, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def later(self, **by: float) -> None:
        self.moment += timedelta(**by)


class Context(PluginContext):
    name = "webhooks"
    log = logging.getLogger("webhooks")

    def __init__(self) -> None:
        self.settings = {key: rules["default"] for key, rules in CONFIG_SCHEMA.items()}
        self.clock = Clock()
        self._store = Shelf()

    @property
    def store(self) -> Any:
        return self._store

    def shared(self, make: Any) -> Any:
        raise NotImplementedError

    def secret(self, purpose: str) -> bytes:
        raise NotImplementedError

    def secrets(self, purpose: str) -> tuple[bytes, ...]:
        raise NotImplementedError


@pytest.fixture
def ctx() -> Context:
    return Context()
