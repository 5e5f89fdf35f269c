"""`/import`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journiv.api.multipart import Upload
from journiv.api.refusals import refused
from journiv.api.v1.transfer.exports import JOB_PAGE
from journiv.api.v1.transfer.shapes import IMPORT, IMPORT_UPLOAD, import_body
from journiv.api.validation import BodyCheck
from journiv.contracts.records import TransferRecord
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.domain.errors import Violation
from journiv.services.transfer.transfers import IMPORTS, ImportRequest, TransferService


class ImportRoutes:
    """Serves imports; `limit` is the largest upload, in bytes."""

    def __init__(self, transfers: TransferService, limit: int) -> None:
        self._transfers = transfers
        self._limit = limit
        fields = {name: rules for name, rules in IMPORT_UPLOAD.fields.items() if name != "file"}
        self._check = BodyCheck(Schema(IMPORT_UPLOAD.name, fields))

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        one = "/import/{job_id}"
        return (
            RouteDef(
                method="POST",
                path="/import/upload",
                handler=self.upload,
                access=Access.USER,
                summary="Upload a file and begin its import",
                answers={202: IMPORT},
                body=IMPORT_UPLOAD,
                body_kind="multipart",
                tag="import",
                slow=True,
            ),
            RouteDef(
                method="GET",
                path="/import/",
                handler=self.page,
                access=Access.USER,
                summary="List imports, newest first",
                answers={200: ListOf(IMPORT)},
                query=JOB_PAGE,
                tag="import",
            ),
            _route("GET", one, self.get, "See how far an import is", {200: IMPORT}),
            _route("POST", f"{one}/cancel", self.cancel, "Stop an import", {200: IMPORT}),
            _route("POST", f"{one}/undo", self.undo, "Take an import back", {202: IMPORT}),
            _route("DELETE", one, self.delete, "Forget an import; entries stay", {204: None}),
        )

    async def upload(self, call: Call) -> Any:
        """Upload a file and begin its import."""
        upload = Upload(call.request, self._limit)
        await upload.next_file()
        if "source_type" in upload.fields:  # refuse before the file is here, where that is possible
            self._transfers.check_import(self._request(upload))
        received = await self._transfers.receive(call.scope, upload.announced, upload.chunks())
        try:
            await upload.rest()
            request = self._request(upload)
            record = await self._transfers.ask_import(call.scope, request, received)
        except BaseException:
            await self._transfers.discard(received)
            raise
        return import_body(record)

    async def page(self, call: Call) -> Any:
        """List imports."""
        limit, offset = call.query["limit"], call.query["offset"]
        found = await self._transfers.page(call.scope, IMPORTS, limit, offset)
        return [import_body(record) for record in found]

    async def get(self, call: Call) -> Any:
        """See how far an import is."""
        return import_body(await self._record(call, "access this import job"))

    async def cancel(self, call: Call) -> Any:
        """Stop an import; what has come in stays."""
        record = await self._record(call, "cancel this import job")
        return import_body(await self._transfers.cancel(call.scope, record))

    async def undo(self, call: Call) -> Any:
        """Take an import back."""
        record = await self._record(call, "undo this import job")
        return import_body(await self._transfers.undo(call.scope, record))

    async def delete(self, call: Call) -> None:
        """Forget an import."""
        record = await self._record(call, "delete this import job")
        await self._transfers.delete(call.scope, record)

    async def _record(self, call: Call, doing: str) -> TransferRecord:
        return await self._transfers.get(call.scope, call.path["job_id"], IMPORTS, doing)

    def _request(self, upload: Upload) -> ImportRequest:
        fields: Mapping[str, Any] = self._check.check(upload.fields)
        title = fields.get("journal", "Imported").strip()
        if not title:
            raise refused([Violation(("body", "journal"), "too_short", "This is empty.")])
        return ImportRequest(
            source_type=fields["source_type"],
            file_name=upload.file_name,
            journal_id=fields.get("journal_id"),
            journal=title,
            zone=fields.get("zone"),
            dry_run=fields.get("dry_run", False),
        )


def _route(method: str, path: str, handler: Any, summary: str, answers: Any) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers=answers,
        tag="import",
    )
