"""One operation, made ready once: the way of a request from its headers to its bytes."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from journiv.api.bodies import READ_BY_HANDLER, BodyReader, raw_body
from journiv.api.headers import single_header
from journiv.api.keys import CONTEXT
from journiv.api.middleware.admission import Admission
from journiv.api.middleware.idempotency import HEADER, Idempotency
from journiv.api.params import QueryReader, canonical_ids
from journiv.api.replies import compressed, respond
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.domain.scope import UserScope

_PART = re.compile(r"{(\w+)(?::[^{}]*)?}")
_NO_PARTS: Mapping[str, str] = {}
_NO_QUERY: Mapping[str, Any] = {}


class Endpoint:
    """Serves one route: admit, read path, query and body, call the handler, answer.

    The caller is decided before anything is validated: a stranger with a malformed body is told
    401, not 422.
    """

    def __init__(
        self, route: RouteDef, template: str, admission: Admission, idempotency: Idempotency
    ) -> None:
        if not isinstance(route.access, Access):
            raise TypeError(f"{route.method} {template} does not say who may call it")
        self._route = route
        self._template = template
        self._admission = admission
        self._idempotency = idempotency
        names = part_names(route.path)
        self._has_parts = bool(names)
        self._ids = tuple(name for name in names if name.endswith("_id"))
        self._query = QueryReader(route.query) if route.query else None
        self._reads_itself = route.body_kind in READ_BY_HANDLER
        reads = route.body is not None and not self._reads_itself
        self._body = BodyReader(route) if reads else None
        # Public operations hand out tokens, and slow ones have bodies too large to keep in memory.
        self._repeatable = (
            route.method == "POST"
            and route.access is not Access.PUBLIC
            and route.keeps_answer
            and not route.slow
            and not self._reads_itself
        )
        self._status = next(status for status in route.answers if 200 <= status < 400)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request. Raises domain errors; the boundary answers those."""
        context = request[CONTEXT]
        context.route = self._template
        caller = await self._admission.admit(request, self._route, context.client)
        path: Mapping[str, str] = _NO_PARTS
        if self._has_parts:
            path = canonical_ids(request.match_info, self._ids)
        query = _NO_QUERY
        if self._query is not None:
            query = self._query.read(request.rel_url.raw_query_string)
        body = None
        if self._body is not None:
            late = not request.content.is_eof()
            body = await self._body.read(request)
            if late and caller is not None:
                # A slow body must not carry the rights of a session past its end.
                caller = await self._admission.readmit(request, self._route)
        call = Call(
            request=request,
            path=path,
            query=query,
            body=body,
            client=context.client,
            request_id=context.request_id,
            caller=caller,
            readmit=partial(self._admission.readmit, request, self._route)
            if self._reads_itself
            else None,
        )
        return await compressed(request, await self._respond(call))

    async def _respond(self, call: Call) -> web.StreamResponse:
        if self._repeatable:
            key = single_header(call.request, HEADER)
            if key is not None:
                raw = await raw_body(call.request)

                def produce(scope: UserScope) -> Awaitable[web.StreamResponse]:
                    return self._produce(replace(call, caller=replace(call.principal, scope=scope)))

                return await self._idempotency.answer(call.scope, key, call.request, raw, produce)
        return await self._produce(call)

    async def _produce(self, call: Call) -> web.StreamResponse:
        return respond(await self._route.handler(call), self._status)


def part_names(path: str) -> tuple[str, ...]:
    """Return the names of a path's `{parts}`, in order."""
    return tuple(_PART.findall(path))


def shape_of(path: str) -> str:
    """Return a path with its parts unnamed, to find two routes that are the same."""
    return _PART.sub("{}", path)
