"""How a plugin offers a store."""

from __future__ import annotations

from dataclasses import dataclass

from journiv.contracts.backend import Backend
from journiv.contracts.storage import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreBackend(Backend[Store]):
    """Offers a store for the schemes of `DATABASE_URL`."""

    schemes: tuple[str, ...]
