"""`/import`."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson

from journiv.api.multipart import Upload
from journiv.api.refusals import refused
from journiv.api.v1.transfer.jobs import JobRoutes
from journiv.api.v1.transfer.shapes import IMPORT, IMPORT_UPLOAD, import_body
from journiv.api.validation import BodyCheck
from journiv.contracts.records import TransferRecord
from journiv.contracts.routes import Call, RouteDef
from journiv.contracts.schema import Schema
from journiv.domain.errors import Violation
from journiv.services.transfer.transfers import IMPORTS, ImportRequest, TransferService


class ImportRoutes(JobRoutes):
    """Serves imports; `limit` is the largest upload, in bytes."""

    def __init__(self, transfers: TransferService, limit: int) -> None:
        super().__init__(transfers, IMPORTS, "import")
        self._limit = limit
        fields = {name: rules for name, rules in IMPORT_UPLOAD.fields.items() if name != "file"}
        self._check = BodyCheck(Schema(IMPORT_UPLOAD.name, fields))

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (
            self.route("POST", "/import/upload", self.upload, "Upload a file and begin its import",
                       {202: IMPORT}, body=IMPORT_UPLOAD, body_kind="multipart", slow=True),
            self.route("POST", "/import/{job_id}/undo", self.undo, "Take an import back",
                       {202: IMPORT}),
            *self.job_routes(IMPORT, "Forget an import; entries stay"),
        )  # fmt: skip

    def shown(self, record: TransferRecord) -> dict[str, Any]:
        """Write an import for the wire."""
        return import_body(record)

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
            await call.still_admitted()
            record = await self._transfers.ask_import(call.scope, request, received)
        except BaseException:
            await self._transfers.discard(received)
            raise
        return self.shown(record)

    async def undo(self, call: Call) -> Any:
        """Take an import back."""
        record = await self.record(call, "undo this import job")
        return self.shown(await self._transfers.undo(call.scope, record))

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
            moods=_moods(fields.get("mood_map", "{}")),
        )


def _moods(text: str) -> Mapping[str, str]:
    """Read a JSON object of names of moods by other names."""
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(text)
        if isinstance(found, dict) and all(isinstance(one, str) for one in found.values()):
            return found
    said = "This is no JSON object of texts."
    raise refused([Violation(("body", "mood_map"), "invalid_value", said)])
