"""`/export`."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from journiv.api.streaming import stream
from journiv.api.v1.transfer.jobs import JobRoutes
from journiv.api.v1.transfer.shapes import EXPORT, EXPORT_CREATE, export_body
from journiv.contracts.records import TransferRecord
from journiv.contracts.routes import Call, RouteDef
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.ids import parse_id
from journiv.services.transfer.files import TransferFiles
from journiv.services.transfer.transfers import EXPORTS, ExportRequest, TransferService

_FILE: Final = {"content": "application/zip application/gzip application/octet-stream"}


class ExportRoutes(JobRoutes):
    """Serves exports and the files they write; `default_format` is written when none is named."""

    def __init__(
        self,
        transfers: TransferService,
        files: TransferFiles,
        public_url: str,
        default_format: str,
    ) -> None:
        super().__init__(transfers, EXPORTS, "export")
        self._files = files
        self._public_url = public_url
        self._default_format = default_format

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            self.route("POST", "/export/", self.create, "Begin an export", {202: EXPORT},
                       body=EXPORT_CREATE),
            self.route("GET", "/export/{job_id}/download", self.download, "Download its file",
                       {200: _FILE}),
            *self.job_routes(EXPORT, "Delete an export and its file"),
        )  # fmt: skip

    def shown(self, record: TransferRecord) -> dict[str, Any]:
        """Write an export for the wire."""
        return export_body(record, self._public_url)

    async def create(self, call: Call) -> Any:
        """Begin an export."""
        record = await self._transfers.ask_export(call.scope, self._request(call.body))
        return self.shown(record)

    async def download(self, call: Call) -> web.StreamResponse:
        """Send the file an export wrote, in parts where a client asks for them."""
        record = await self.record(call, "access this export")
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

    def _media_type(self, record: TransferRecord) -> str:
        exporter = self._transfers.exporter(record["format"])
        media_type = exporter.media_type if exporter is not None else ""
        return media_type if media_type in _FILE["content"].split() else "application/octet-stream"
