"""Noting moods (api-v1 §3.5, §4.5)."""

from __future__ import annotations

from typing import Any, Final

from journiv.api.paging import PAGE_PARAMS, page_of, paged
from journiv.api.v1.journal.mood_shapes import MOOD_LOG, MOOD_LOG_CREATE, MOOD_LOG_UPDATE
from journiv.contracts.repositories.entries import Page
from journiv.contracts.repositories.mood_logs import MoodLogFilter
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf
from journiv.services.journal.mood_logs import MoodLogService, MoodNote, MoodNoteChange

_ONE: Final = "/moods/log/{mood_log_id}"
_FILTER: Final = (
    *PAGE_PARAMS,
    Param(name="mood_id", kind="uuid"),
    Param(name="entry_id", kind="uuid"),
    Param(name="start_date", kind="day", help="First day, in the zone of each log"),
    Param(name="end_date", kind="day", help="Last day, inclusive"),
)
_RECENT: Final = (Param(name="limit", kind="int", default=10, minimum=1, maximum=50),)


class MoodLogRoutes:
    """Serves the moods a person noted."""

    def __init__(self, logs: MoodLogService) -> None:
        self._logs = logs

    def routes(self) -> tuple[RouteDef, ...]:
        """Return the operations below `/api/v1`."""
        return (
            RouteDef(
                method="POST",
                path="/moods/log",
                handler=self.log,
                access=Access.USER,
                summary="Note a mood; an entry has at most one, at the entry's own time",
                body=MOOD_LOG_CREATE,
                answers={201: MOOD_LOG},
                tag="moods",
                scope="moods:write",
            ),
            RouteDef(
                method="GET",
                path="/moods/logs",
                handler=self.page,
                access=Access.USER,
                summary="List mood logs, newest first",
                query=_FILTER,
                answers={200: ListOf(MOOD_LOG)},
                tag="moods",
                scope="moods:read",
            ),
            RouteDef(
                method="GET",
                path="/moods/log/recent",
                handler=self.recent,
                access=Access.USER,
                summary="List the latest mood logs",
                query=_RECENT,
                answers={200: ListOf(MOOD_LOG)},
                tag="moods",
                scope="moods:read",
            ),
            *self._one(),
        )

    def _one(self) -> tuple[RouteDef, ...]:
        return (
            RouteDef(
                method="GET",
                path=_ONE,
                handler=self.get,
                access=Access.USER,
                summary="Get a mood log",
                answers={200: MOOD_LOG},
                tag="moods",
                scope="moods:read",
            ),
            RouteDef(
                method="PUT",
                path=_ONE,
                handler=self.change,
                access=Access.USER,
                summary="Change a mood log; null keeps, the time of an entry's log is the entry's",
                body=MOOD_LOG_UPDATE,
                answers={200: MOOD_LOG},
                tag="moods",
                scope="moods:write",
            ),
            RouteDef(
                method="DELETE",
                path=_ONE,
                handler=self.delete,
                access=Access.USER,
                summary="Delete a mood log; its entry stays",
                answers={204: None},
                tag="moods",
                scope="moods:write",
            ),
        )

    async def log(self, call: Call) -> Any:
        """Note a mood."""
        body = call.body
        note = MoodNote(
            mood_id=body["mood_id"],
            entry_id=body.get("entry_id"),
            note=body.get("note"),
            at=body.get("logged_datetime_utc"),
            zone=body.get("logged_timezone"),
        )
        return await self._logs.log(call.scope, note)

    async def page(self, call: Call) -> Any:
        """List logs."""
        query = call.query
        wanted = MoodLogFilter(
            mood_id=query["mood_id"],
            entry_id=query["entry_id"],
            start_date=query["start_date"],
            end_date=query["end_date"],
        )
        page = page_of(query)
        logs = await self._logs.page(call.scope, wanted, page)
        return paged(logs, page, "logged_datetime_utc")

    async def recent(self, call: Call) -> Any:
        """List the latest logs."""
        page = Page(limit=call.query["limit"])
        return await self._logs.page(call.scope, MoodLogFilter(), page)

    async def get(self, call: Call) -> Any:
        """Get one log."""
        return await self._logs.get(call.scope, call.path["mood_log_id"])

    async def change(self, call: Call) -> Any:
        """Change a log."""
        body = call.body
        change = MoodNoteChange(
            mood_id=body.get("mood_id"),
            note=body.get("note"),
            at=body.get("logged_datetime_utc"),
            zone=body.get("logged_timezone"),
        )
        return await self._logs.change(call.scope, call.path["mood_log_id"], change)

    async def delete(self, call: Call) -> None:
        """Delete a log."""
        await self._logs.delete(call.scope, call.path["mood_log_id"])
