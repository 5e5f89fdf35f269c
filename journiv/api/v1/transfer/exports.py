"""`/export`."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from journiv.api.streaming import stream
from journiv.api.v1.transfer.shapes import EXPORT, EXPORT_CREATE, export_body
from journiv.contracts.records import TransferRecord
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.ids import parse_id
from journiv.services.transfer.files import TransferFiles
from journiv.services.transfer.transfers import EXPORTS, ExportRequest, TransferService

JOB_PAGE: Final = (
    Param(name="limit", kind="int", default=20, minimum=1, maximum=100),
    Param(name="offset", kind="int", default=0, minimum=0),
)
_FILE: Final = {"content": "application/zip application/gzip application/octet-stream"}


class ExportRoutes:
    """Serves exports and the files they write; `default_format` is written when none is named."""

    def __init__(
        self,
        transfers: TransferService,
        files: TransferFiles,
        public_url: str,
        default_format: str,
    ) -> None:
        self._transfers = transfers
        self._files = files
        self._public_url = public_url
        self._default_format = default_format

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        one = "/export/{job_id}"
        return (
            RouteDef(
                method="POST",
                path="/export/",
                handler=self.create,
                access=Access.USER,
                summary="Begin an export",
                answers={202: EXPORT},
                body=EXPORT_CREATE,
                tag="export",
            ),
            RouteDef(
                method="GET",
                path="/export/",
                handler=self.page,
                access=Access.USER,
                summary="List exports, newest first",
                answers={200: ListOf(EXPORT)},
                query=JOB_PAGE,
                tag="export",
            ),
            _route("GET", one, self.get, "See how far an export is", {200: EXPORT}),
            _route("GET", f"{one}/download", self.download, "Download its file", {200: _FILE}),
            _route("POST", f"{one}/cancel", self.cancel, "Stop an export", {200: EXPORT}),
            _route("DELETE", one, self.delete, "Delete an export and its file", {204: None}),
        )

    async def create(self, call: Call) -> Any:
        """Begin an export."""
        record = await self._transfers.ask_export(call.scope, self._request(call.body))
        return self._body(record)

    async def page(self, call: Call) -> Any:
        """List exports."""
        limit, offset = call.query["limit"], call.query["offset"]
        found = await self._transfers.page(call.scope, EXPORTS, limit, offset)
        return [self._body(record) for record in found]

    async def get(self, call: Call) -> Any:
        """See how far an export is."""
        return self._body(await self._record(call, "access this export job"))

    async def download(self, call: Call) -> web.StreamResponse:
        """Send the file an export wrote, in parts where a client asks for them."""
        record = await self._record(call, "access this export")
        key = record["file_key"]
        if key is None:
            raise NotFound(f"Export not ready (status: {record['status']})")
        headers = {
            "Content-Type": self._media_type(record),
            "Content-Disposition": f'attachment; filename="{record["file_name"]}"',
        }
        path = self._files.local_path(key)
        if path is not None:
            return web.FileResponse(path, headers=headers)
        response = web.StreamResponse(headers=headers)
        response.content_length = record["file_size"]
        return await stream(call.request, response, self._files.read(key))

    async def cancel(self, call: Call) -> Any:
        """Stop an export."""
        record = await self._record(call, "cancel this export job")
        return self._body(await self._transfers.cancel(call.scope, record))

    async def delete(self, call: Call) -> None:
        """Delete an export and its file."""
        record = await self._record(call, "delete this export job")
        await self._transfers.delete(call.scope, record)

    async def _record(self, call: Call, doing: str) -> TransferRecord:
        return await self._transfers.get(call.scope, call.path["job_id"], EXPORTS, doing)

    def _request(self, body: dict[str, Any]) -> ExportRequest:
        ids = body.get("journal_ids")
        if body["export_type"] == "journal" and not ids:
            raise BadRequest("journal_ids required for journal export")
        chosen = None
        if body["export_type"] == "journal":
            chosen = tuple(parse_id(one) or "" for one in ids or ())
            if not all(chosen):
                raise BadRequest("journal_ids holds what is not a UUID")
        return ExportRequest(
            format=body.get("format") or self._default_format,
            kind=body["export_type"],
            journal_ids=chosen,
            include_media=body.get("include_media", True),
            start_date=body.get("start_date"),
            end_date=body.get("end_date"),
        )

    def _body(self, record: TransferRecord) -> dict[str, Any]:
        return export_body(record, self._public_url)

    def _media_type(self, record: TransferRecord) -> str:
        exporter = self._transfers.exporter(record["format"])
        media_type = exporter.media_type if exporter is not None else ""
        return media_type if media_type in _FILE["content"].split() else "application/octet-stream"


def _route(method: str, path: str, handler: Any, summary: str, answers: Any) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers=answers,
        tag="export",
    )
