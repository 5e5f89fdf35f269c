"""Questions to write about (api-v1 §3.6)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.v1.journal.prompt_shapes import PROMPT, PROMPT_STATISTICS
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.contracts.schema import ListOf
from journiv.domain.catalogue import PROMPT_CATEGORIES
from journiv.services.journal.prompts import PromptService

_NARROW: Final = (
    Param(
        name="category",
        kind="text",
        maximum=50,
        help=f"In any case, one of: {', '.join(PROMPT_CATEGORIES)}; another has no prompts",
    ),
    Param(name="difficulty_level", kind="int", minimum=1, maximum=5),
)
_LIMIT: Final = Param(name="limit", kind="int", default=50, minimum=1, maximum=100)
_SEARCHED: Final = Param(name="q", kind="text", required=True, minimum=1, maximum=1000)


class PromptRoutes:
    """Serves the shared prompts; nobody changes them here."""

    def __init__(self, prompts: PromptService) -> None:
        self._prompts = prompts

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="GET",
                path="/prompts/",
                handler=self.page,
                access=Access.USER,
                summary="List prompts, newest first",
                query=(*_NARROW, _LIMIT),
                answers={200: ListOf(PROMPT)},
                tag="prompts",
                scope="entries:read",
            ),
            RouteDef(
                method="GET",
                path="/prompts/search",
                handler=self.search,
                access=Access.USER,
                summary="Find prompts by a part of their text",
                query=(_SEARCHED, _LIMIT),
                answers={200: ListOf(PROMPT)},
                tag="prompts",
                scope="entries:read",
            ),
            *self._chosen(),
            RouteDef(
                method="GET",
                path="/prompts/analytics/statistics",
                handler=self.statistics,
                access=Access.USER,
                summary="Count one's own prompts and, under `catalogue`, the shared ones",
                answers={200: PROMPT_STATISTICS},
                tag="prompts",
                scope="entries:read",
            ),
            RouteDef(
                method="GET",
                path="/prompts/{prompt_id}",
                handler=self.get,
                access=Access.USER,
                summary="Get a prompt",
                answers={200: PROMPT},
                tag="prompts",
                scope="entries:read",
            ),
        )

    def _chosen(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="GET",
                path="/prompts/random",
                handler=self.random,
                access=Access.USER,
                summary="Get any prompt",
                query=_NARROW,
                answers={200: PROMPT},
                tag="prompts",
                scope="entries:read",
            ),
            RouteDef(
                method="GET",
                path="/prompts/daily",
                handler=self.daily,
                access=Access.USER,
                summary="Get the prompt of the day; nothing once an entry of today answers it",
                answers={200: PROMPT, 204: None},
                tag="prompts",
                scope="entries:read",
            ),
        )

    async def page(self, call: Call) -> Any:
        """List prompts."""
        query = call.query
        return await self._prompts.page(
            call.scope, query["limit"], query["category"], query["difficulty_level"]
        )

    async def search(self, call: Call) -> Any:
        """Find prompts."""
        return await self._prompts.search(call.scope, call.query["q"], call.query["limit"])

    async def random(self, call: Call) -> Any:
        """Get any prompt."""
        query = call.query
        return await self._prompts.random(call.scope, query["category"], query["difficulty_level"])

    async def daily(self, call: Call) -> Any:
        """Get the prompt of the day."""
        prompt = await self._prompts.daily(call.scope)
        return Reply(status=204) if prompt is None else prompt

    async def statistics(self, call: Call) -> Any:
        """Count prompts."""
        return await self._prompts.statistics(call.scope)

    async def get(self, call: Call) -> Any:
        """Get one prompt."""
        return await self._prompts.get(call.scope, call.path["prompt_id"])
