"""`/entries`: write, read, list, change, pin, throw away."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.preconditions import condition_of, tagged
from journiv.api.v1.journal.entry_shapes import ENTRY, ENTRY_CREATE, ENTRY_UPDATE
from journiv.contracts.records import EntryRecord
from journiv.contracts.routes import Access, Call, Param, Reply, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.domain.errors import BadRequest, Invalid, Violation
from journiv.domain.ids import parse_id
from journiv.services.journal.entries import EntryService
from journiv.services.journal.entry_values import EntryInput
from journiv.services.journal.trash import TrashService

_ONE: Final = "/entries/{entry_id}"


class EntryRoutes:
    """Serves entries; `require_if_match` refuses changes that do not say what they replace."""

    def __init__(
        self, entries: EntryService, trash: TrashService, *, require_if_match: bool = False
    ) -> None:
        self._entries = entries
        self._trash = trash
        self._require_if_match = require_if_match

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations."""
        return (*self._lists(), *self._singles(), *self._media())

    def _lists(self) -> tuple[RouteDef, ...]:
        return (
            _list("/entries/", self.page, "List entries, newest first", PAGE_PARAMS),
            _list(
                "/entries/journal/{journal_id}",
                self.of_journal,
                "List a journal's entries, pinned ones first",
                (*PAGE_PARAMS, Param(name="include_pinned", kind="bool", default=True)),
            ),
            _list(
                "/entries/date-range",
                self.between,
                "List the entries of some days",
                (
                    Param(name="start_date", kind="day", required=True),
                    Param(name="end_date", kind="day", required=True),
                    Param(name="journal_id", kind="text", maximum=100),
                ),
            ),
        )

    def _singles(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="POST",
                path="/entries/",
                handler=self.create,
                access=Access.USER,
                summary="Write an entry; the same `id` and body again answers 200",
                answers={201: ENTRY, 200: ENTRY},
                body=ENTRY_CREATE,
                tag="entries",
                scope="entries:write",
            ),
            _one("GET", _ONE, self.get, "Read an entry"),
            _one("PUT", _ONE, self.change, "Change an entry (`If-Match`)", ENTRY_UPDATE),
            RouteDef(
                method="DELETE",
                path=_ONE,
                handler=self.delete,
                access=Access.USER,
                summary="Throw an entry into the trash (`If-Match`)",
                answers={204: None},
                tag="entries",
                scope="entries:write",
            ),
            _one("POST", f"{_ONE}/pin", self.toggle_pin, "Pin an entry, or take its pin away"),
        )

    def _media(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="POST",
                path=f"{_ONE}/media",
                handler=self.add_media,
                access=Access.USER,
                summary="Refused: media is added by uploading it",
                answers={201: {"type": "dict"}},
                tag="entries",
                scope="media:write",
            ),
        )

    async def create(self, call: Call) -> Reply:
        """Write an entry."""
        made = await self._entries.create(call.scope, EntryInput(**call.body))
        return tagged(made.entry, status=201 if made.is_new else 200)

    async def page(self, call: Call) -> Any:
        """List entries."""
        page = page_of(call.query)
        return paged(await self._entries.page(call.scope, page), page, "entry_datetime_utc")

    async def of_journal(self, call: Call) -> Any:
        """List a journal's entries."""
        page = page_of(call.query)
        records = await self._entries.of_journal(
            call.scope,
            call.path["journal_id"],
            page,
            include_pinned=call.query["include_pinned"],
        )
        return paged(records, page, "entry_datetime_utc")

    async def between(self, call: Call) -> list[EntryRecord]:
        """List the entries of some days."""
        query = call.query
        return await self._entries.between(
            call.scope, query["start_date"], query["end_date"], _journal_id(query["journal_id"])
        )

    async def get(self, call: Call) -> Reply:
        """Read an entry."""
        return tagged(await self._entries.get(call.scope, call.path["entry_id"]))

    async def change(self, call: Call) -> Reply:
        """Change an entry."""
        condition = condition_of(
            call,
            required=self._require_if_match,
            updated_at=call.body.get("expected_updated_at"),
        )
        changed = await self._entries.change(
            call.scope, call.path["entry_id"], call.body, condition
        )
        return tagged(changed.entry, overwrote=changed.overwrote)

    async def delete(self, call: Call) -> None:
        """Throw an entry away."""
        condition = condition_of(call, required=self._require_if_match)
        await self._trash.put(call.scope, call.path["entry_id"], condition)

    async def toggle_pin(self, call: Call) -> Reply:
        """Pin an entry, or take its pin away."""
        return tagged(await self._entries.toggle_pin(call.scope, call.path["entry_id"]))

    async def add_media(self, call: Call) -> None:
        """Refuse to believe in a file that was not uploaded."""
        await self._entries.get(call.scope, call.path["entry_id"])
        raise BadRequest("Media is added by uploading it, not by naming a file.")


def _journal_id(text: str | None) -> str | None:
    if text is None:
        return None
    found = parse_id(text)
    if found is None:
        msg = "Invalid journal_id format. Must be a valid UUID."
        raise Invalid([Violation(("query", "journal_id"), "uuid_parsing", msg)])
    return found


def _list(
    path: str, handler: Any, summary: str, query: tuple[Param, ...], shape: Any = None
) -> RouteDef:
    return RouteDef(
        method="GET",
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers={200: shape or ListOf(ENTRY)},
        query=query,
        tag="entries",
        scope="entries:read",
    )


def _one(
    method: str, path: str, handler: Any, summary: str, body: Schema | None = None
) -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=handler,
        access=Access.USER,
        summary=summary,
        answers={200: ENTRY},
        body=body,
        tag="entries",
        scope="entries:read" if method == "GET" else "entries:write",
    )
