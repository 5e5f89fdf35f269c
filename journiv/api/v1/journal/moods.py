"""The catalogue of moods (api-v1 §3.5)."""

from __future__ import annotations

from typing import Any

from journiv.api.v1.journal.mood_shapes import MOOD
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf
from journiv.domain.catalogue import MOOD_CATEGORIES
from journiv.services.journal.moods import MoodService


class MoodRoutes:
    """Serves the shared moods; nobody changes them here."""

    def __init__(self, moods: MoodService) -> None:
        self._moods = moods

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/moods/",
                handler=self.all,
                access=Access.USER,
                summary="List moods by category, then name",
                query=(Param(name="category", kind="choice", choices=MOOD_CATEGORIES),),
                answers={200: ListOf(MOOD)},
                tag="moods",
                scope="moods:read",
            ),
            RouteDef(
                method="GET",
                path="/moods/{mood_id}",
                handler=self.get,
                access=Access.USER,
                summary="Get a mood",
                answers={200: MOOD},
                tag="moods",
                scope="moods:read",
            ),
        )

    async def all(self, call: Call) -> Any:
        """List moods."""
        return await self._moods.all(call.scope, call.query["category"])

    async def get(self, call: Call) -> Any:
        """Get one mood."""
        return await self._moods.get(call.scope, call.path["mood_id"])
