"""Questions to write about."""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from journiv.contracts.records import PromptRecord
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import Clock, instant, local_day
from journiv.domain.errors import NotFound
from journiv.domain.scope import UserScope

_EVERY: Final = 10_000


class PromptService:
    """Reads the catalogue of prompts; `category` is compared without regard to case."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def page(
        self, scope: UserScope, limit: int, category: str | None, difficulty: int | None
    ) -> list[PromptRecord]:
        """Return prompts, newest first; an unknown category has none."""
        return await self._store.read(
            scope,
            lambda tx: tx.prompts.page(limit, category=_folded(category), difficulty=difficulty),
        )

    async def get(self, scope: UserScope, prompt_id: str) -> PromptRecord:
        """Return a prompt. Raises `NotFound`."""
        prompt = await self._store.read(scope, lambda tx: tx.prompts.get(prompt_id))
        if prompt is None:
            raise NotFound("Prompt not found")
        return prompt

    async def search(self, scope: UserScope, text: str, limit: int) -> list[PromptRecord]:
        """Return prompts whose text holds `text`, whatever its case and accents."""
        return await self._store.read(scope, lambda tx: tx.prompts.search(text, limit))

    async def random(
        self, scope: UserScope, category: str | None, difficulty: int | None
    ) -> PromptRecord:
        """Return any matching prompt. Raises `NotFound` when there is none."""

        def work(tx: Transaction) -> PromptRecord | None:
            ids = tx.prompts.ids(category=_folded(category), difficulty=difficulty)
            return tx.prompts.get(secrets.choice(ids)) if ids else None

        prompt = await self._store.read(scope, work)
        if prompt is None:
            raise NotFound("No prompts available")
        return prompt

    async def daily(self, scope: UserScope) -> PromptRecord | None:
        """Return the prompt of the person's day, or None once an entry of that day uses it."""
        now = instant(self._clock.now())

        def work(tx: Transaction) -> PromptRecord | None:
            day = local_day(now, tx.settings.time_zone())
            ids = tx.prompts.ids()
            if not ids:
                return None
            prompt_id = prompt_of_day(ids, scope.user_id, day)
            if tx.prompts.answered(prompt_id, day):
                return None
            return tx.prompts.get(prompt_id)

        return await self._store.read(scope, work)

    async def statistics(self, scope: UserScope) -> Mapping[str, Any]:
        """Count prompts and their use.

        The plain fields are about prompts of one's own, which nobody has yet; `catalogue` holds
        the same about the shared ones.
        """
        prompts = await self._store.read(scope, lambda tx: tx.prompts.page(_EVERY))
        own = [prompt for prompt in prompts if prompt["user_id"] is not None]
        shared = [prompt for prompt in prompts if prompt["user_id"] is None]
        return {**_statistics(own), "catalogue": _statistics(shared)}


def prompt_of_day(ids: Sequence[str], user_id: str, day: str) -> str:
    """Choose one id for a person's day: the same all day, on every process and after a restart."""
    digest = hashlib.sha256(f"{user_id}/{day}".encode()).digest()
    return ids[int.from_bytes(digest[:8]) % len(ids)]


def _folded(category: str | None) -> str | None:
    return None if category is None else category.strip().lower()


def _statistics(prompts: Sequence[PromptRecord]) -> dict[str, Any]:
    usage = sum(prompt["usage_count"] for prompt in prompts)
    most_used = max(prompts, key=lambda prompt: prompt["usage_count"], default=None)
    return {
        "total_prompts": len(prompts),
        "active_prompts": sum(prompt["is_active"] for prompt in prompts),
        "total_usage": usage,
        "average_usage": round(usage / len(prompts), 2) if prompts else 0.0,
        "most_used_prompt": most_used if usage else None,
        "category_distribution": _distribution(prompt["category"] for prompt in prompts),
        "difficulty_distribution": _distribution(
            str(prompt["difficulty_level"]) for prompt in prompts
        ),
    }


def _distribution(keys: Iterable[str | None]) -> dict[str, int]:
    return dict(sorted(Counter(key or "none" for key in keys).items()))
