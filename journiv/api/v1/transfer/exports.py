"""`/export`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from aiohttp import web

from journiv.api.sending.sending import FileSending
from journiv.api.sending.signed import PROOF, claim_of
from journiv.api.v1.transfer.jobs import JobRoutes
from journiv.api.v1.transfer.shapes import EXPORT, EXPORT_CREATE, SIGNED, export_body
from journiv.contracts.records import TransferRecord
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.domain.errors import BadRequest, NotFound
from journiv.domain.ids import parse_id
from journiv.services.stored import StoredFile
from journiv.services.transfer.links import ExportLinks
from journiv.services.transfer.transfers import EXPORTS, ExportRequest, TransferService

_FILE: Final = {"content": "application/zip application/gzip application/octet-stream"}


class ExportRoutes(JobRoutes):
    """Serves exports and the files they write; `default_format` is written when none is named."""

    def __init__(
        self,
        transfers: TransferService,
        links: ExportLinks,
        sending: FileSending,
        public_url: str,
        default_format: str,
    ) -> None:
        super().__init__(transfers, EXPORTS, "export")
        self._links = links
        self._sending = sending
        self._public_url = public_url
        self._default_format = default_format

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        one = "/export/{job_id}"
        return (
            self.route("POST", "/export/", self.create, "Begin an export", {202: EXPORT},
                       body=EXPORT_CREATE),
            *self._bytes(f"{one}/download", self.download, "Download its file"),
            self.route("GET", f"{one}/sign", self.sign,
                       "An address that downloads for an hour without a token", {200: SIGNED}),
            *self._bytes(f"{one}/download/signed", self.download_signed,
                         "Download its file, signed", access=Access.PUBLIC, query=PROOF,
                         counted=False),
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
        return await self._send(call, await self.record(call, "access this export"))

    async def sign(self, call: Call) -> dict[str, Any]:
        """Sign an address."""
        record = await self.record(call, "access this export")
        _written(record)
        version = call.principal.security_version
        signed = self._links.sign(call.scope, record["id"], version)
        return {"signed_url": signed.url, "expires_at": signed.expires_at}

    async def download_signed(self, call: Call) -> web.StreamResponse:
        """Send the file to whoever has its address."""
        return await self._send(call, await self._links.open(call.path["job_id"], claim_of(call)))

    async def _send(self, call: Call, record: TransferRecord) -> web.StreamResponse:
        file = StoredFile(
            key=_written(record),
            mime=self._media_type(record),
            kind="document",
            file_name=record["file_name"],
            etag=f"{record['id']}-{record['file_size']}",
        )
        gone = "The export's file is gone."
        return await self._sending.answer(
            call.request, file, fresh_for=None, inline=False, gone=gone
        )

    def _bytes(self, path: str, handler: Any, summary: str, **more: Any) -> Iterator[RouteDef]:
        for method, body in (("GET", _FILE), ("HEAD", None)):
            answers = {200: body, 206: body, 304: None}
            yield self.route(method, path, handler, summary, answers, **more)

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


def _written(record: TransferRecord) -> str:
    key = record["file_key"]
    if key is None:
        raise NotFound(f"Export not ready (status: {record['status']})")
    return key
