"""Files on their way in: whole, or in pieces."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from journiv.api.bodies import raw_body
from journiv.api.multipart import Upload
from journiv.api.v1.media import shapes
from journiv.api.v1.media.media import caller_of
from journiv.api.validation import BodyCheck
from journiv.contracts.records import UploadRecord
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.domain.clock import instant
from journiv.domain.errors import Invalid, Violation
from journiv.services.media.adding import Described, MediaAdding
from journiv.services.media.media import MediaService
from journiv.services.media.pieces import KEPT, LARGEST_PIECE, PIECE, PieceUploads

_ONE: Final = "/media/uploads/{upload_id}"


class UploadRoutes:
    """Takes files in."""

    def __init__(self, media: MediaService, adding: MediaAdding, pieces: PieceUploads) -> None:
        self._media = media
        self._adding = adding
        self._pieces = pieces
        self._fields = BodyCheck(shapes.UPLOAD_FIELDS)

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            _route("POST", "/media/upload", self.upload, "Add a file to an entry",
                   {201: shapes.MEDIUM}, body=shapes.UPLOAD, body_kind="multipart", slow=True),
            _route("POST", "/media/uploads", self.begin, "Begin an upload in pieces",
                   {201: shapes.PIECE_UPLOAD}, body=shapes.PIECE_UPLOAD_CREATE),
            _route("GET", _ONE, self.get, "How far an upload is", {200: shapes.PIECE_UPLOAD}),
            _route("PUT", _ONE, self.put, "Add the piece that begins at `offset`",
                   {200: shapes.PIECE_UPLOAD}, body_kind="bytes",
                   query=(Param(name="offset", kind="int", required=True, minimum=0),)),
            _route("POST", f"{_ONE}/finish", self.finish, "Make a medium of all pieces",
                   {201: shapes.MEDIUM}),
            _route("DELETE", _ONE, self.delete, "Give an upload up", {204: None}),
        )  # fmt: skip

    async def upload(self, call: Call) -> Any:
        """Take a file in; the same file again gives the medium that is there."""
        upload = Upload(call.request, self._adding.limits.file)
        await upload.next_file()
        async with self._adding.receive(call.scope, upload.chunks()) as arrived:
            await upload.rest()
            described = self._described(upload)
            await call.still_admitted()
            medium = await self._adding.add(call.scope, arrived, described)
        return self._media.views(caller_of(call)).of(medium)

    def _described(self, upload: Upload) -> Described:
        fields = self._fields.check(upload.fields)
        entry_id = fields.get("entry_id") or fields.get("moment_id")
        if entry_id is None:
            raise Invalid([Violation(("body", "entry_id"), "missing", "Field required")])
        alt_text = fields.get("alt_text") or None
        return Described(entry_id=entry_id, file_name=upload.file_name, alt_text=alt_text)

    async def begin(self, call: Call) -> dict[str, Any]:
        """Begin an upload."""
        body = call.body
        described = Described(
            entry_id=body["entry_id"],
            file_name=body.get("file_name"),
            alt_text=body.get("alt_text"),
        )
        return _shown(await self._pieces.begin(call.scope, described, body["size"]))

    async def get(self, call: Call) -> dict[str, Any]:
        """Say how far an upload is."""
        return _shown(await self._pieces.get(call.scope, call.path["upload_id"]))

    async def put(self, call: Call) -> dict[str, Any]:
        """Take a piece in."""
        await self._pieces.get(call.scope, call.path["upload_id"])
        piece = await raw_body(call.request)
        await call.still_admitted()
        stored = await self._pieces.put(
            call.scope, call.path["upload_id"], call.query["offset"], piece
        )
        return _shown(stored)

    async def finish(self, call: Call) -> Any:
        """Make a medium of the pieces."""
        medium = await self._pieces.finish(call.scope, call.path["upload_id"])
        return self._media.views(caller_of(call)).of(medium)

    async def delete(self, call: Call) -> Reply:
        """Give an upload up."""
        await self._pieces.delete(call.scope, call.path["upload_id"])
        return Reply(status=204)


def _shown(upload: UploadRecord) -> dict[str, Any]:
    touched = datetime.fromisoformat(upload["updated_at"])
    return {
        "id": upload["id"],
        "entry_id": upload["entry_id"],
        "size": upload["size"],
        "received": upload["received"],
        "piece_size": PIECE,
        "max_piece_size": LARGEST_PIECE,
        "expires_at": instant(touched + KEPT),
    }


def _route(
    method: str, path: str, handler: Any, summary: str, answers: dict[int, Any], **more: Any
) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers=answers,
        tag="media",
        scope="media:read" if method == "GET" else "media:write",
        **more,
    )
