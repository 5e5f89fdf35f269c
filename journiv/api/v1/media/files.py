"""The bytes of media: sent to who signed in, or to whoever has a signed address."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from aiohttp import web

from journiv.api.sending.sending import FileSending
from journiv.api.sending.signed import PROOF, claim_of
from journiv.api.v1.media import shapes
from journiv.api.v1.media.media import caller_of
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.services.media.media import MediaService
from journiv.services.media.signing import ORIGINAL

FRESH_FOR: Final = 3600
_ONE: Final = "/media/{media_id}"
_SIZE: Final = Param(name="size", kind="choice", default="thumbnail", choices=shapes.SIZES)
_VARIANT: Final = Param(name="variant", kind="choice", default=ORIGINAL, choices=shapes.CHOICES)


class MediaFileRoutes:
    """Sends bytes, and signs addresses that send them without a token for a while."""

    def __init__(self, media: MediaService, sending: FileSending) -> None:
        self._media = media
        self._sending = sending

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            *_bytes(_ONE, self.get, "The file itself", shapes.BYTES),
            *_bytes(f"{_ONE}/thumbnail", self.thumbnail, "A small picture", shapes.PICTURE, _SIZE),
            RouteDef(
                method="GET",
                path=f"{_ONE}/sign",
                handler=self.sign,
                access=Access.USER,
                summary="An address that opens for a while without a token",
                answers={200: shapes.SIGNED},
                query=(_VARIANT,),
                tag="media",
                scope="media:read",
            ),
            RouteDef(
                method="POST",
                path="/media/batch-sign",
                handler=self.sign_all,
                access=Access.USER,
                summary="Addresses of up to a hundred media",
                answers={200: shapes.SIGNED_BATCH},
                body=shapes.BATCH,
                tag="media",
                scope="media:read",
                keeps_answer=False,
            ),
            *self.signed_routes(),
        )

    def signed_routes(self) -> tuple[RouteDef, ...]:
        """Return what answers signed addresses; also mounted without `/api/v1`."""
        return (
            *_signed(f"{_ONE}/signed", self.get_signed, "The file, signed", shapes.BYTES),
            *_signed(
                f"{_ONE}/thumbnail/signed",
                self.thumbnail_signed,
                "A small picture, signed",
                shapes.PICTURE,
                _SIZE,
            ),
        )

    async def get(self, call: Call) -> web.StreamResponse:
        """Send a file."""
        found = await self._media.bytes_of(call.scope, call.path["media_id"], ORIGINAL)
        return await self._sending.answer(call.request, found, fresh_for=FRESH_FOR, inline=False)

    async def thumbnail(self, call: Call) -> web.StreamResponse:
        """Send a small picture."""
        found = await self._media.bytes_of(call.scope, call.path["media_id"], call.query["size"])
        return await self._sending.answer(call.request, found, fresh_for=FRESH_FOR, inline=True)

    async def get_signed(self, call: Call) -> web.StreamResponse:
        """Send a file to whoever has its address."""
        return await self._answer_signed(call, ORIGINAL)

    async def thumbnail_signed(self, call: Call) -> web.StreamResponse:
        """Send a small picture to whoever has its address."""
        return await self._answer_signed(call, call.query["size"])

    async def sign(self, call: Call) -> dict[str, Any]:
        """Sign an address."""
        signed = await self._media.sign(
            caller_of(call), call.path["media_id"], call.query["variant"]
        )
        return {"signed_url": signed.url, "expires_at": signed.expires_at}

    async def sign_all(self, call: Call) -> dict[str, list[dict[str, Any]]]:
        """Sign many addresses."""
        wanted = [(one["id"], one.get("variant", ORIGINAL)) for one in call.body["items"]]
        results: list[dict[str, Any]] = []
        errors: list[dict[str, Any]] = []
        signed = await self._media.sign_all(caller_of(call), wanted)
        for (media_id, variant), one in zip(wanted, signed, strict=True):
            named = {"id": media_id, "variant": variant}
            if one is None:
                errors.append({**named, "detail": "Media not found"})
            else:
                made = {"signed_url": one.url, "expires_at": one.expires_at}
                results.append({**named, **made})
        return {"results": results, "errors": errors}

    async def _answer_signed(self, call: Call, variant: str) -> web.StreamResponse:
        media_id = call.path["media_id"]
        found, left = await self._media.bytes_at(media_id, variant, claim_of(call))
        return await self._sending.answer(call.request, found, fresh_for=left, inline=True)


def _bytes(
    path: str, handler: Any, summary: str, content: Any, *query: Param
) -> Iterator[RouteDef]:
    for method in ("GET", "HEAD"):
        yield RouteDef(
            method=method,
            path=path,
            handler=handler,
            access=Access.USER,
            summary=summary,
            answers=_answers(method, content),
            query=query,
            tag="media",
            counted=False,
            scope="media:read",
        )


def _signed(
    path: str, handler: Any, summary: str, content: Any, *query: Param
) -> Iterator[RouteDef]:
    for method in ("GET", "HEAD"):
        yield RouteDef(
            method=method,
            path=path,
            handler=handler,
            access=Access.PUBLIC,
            summary=summary,
            answers=_answers(method, content),
            query=(*PROOF, *query),
            tag="media",
            counted=False,
        )


def _answers(method: str, content: Any) -> dict[int, Any]:
    body = content if method == "GET" else None
    return {200: body, 206: body, 304: None}
