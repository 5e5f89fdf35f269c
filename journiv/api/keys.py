"""What the edge knows about a request beside its bytes."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from journiv.services.doctor.seen import Seen


@dataclass(slots=True)
class RequestContext:
    """Made by the outermost middleware; `route` is the template, filled in once it is known."""

    request_id: str
    client: str
    route: str = "unmatched"


SEEN_PROXIES: web.AppKey[Seen] = web.AppKey("seen_proxies", Seen)
CONTEXT: web.RequestKey[RequestContext] = web.RequestKey("context", RequestContext)
