"""What imports and exports have in common: jobs that one looks at, stops and deletes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Final

from journiv.contracts.records import TransferRecord
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf, Schema
from journiv.services.transfer.transfers import TransferService

_PAGE: Final = (
    Param(name="limit", kind="int", default=20, minimum=1, maximum=100),
    Param(name="offset", kind="int", default=0, minimum=0),
)


class JobRoutes(ABC):
    """Serves the jobs of some kinds below `/{tag}`, which is also what sentences call them."""

    def __init__(self, transfers: TransferService, kinds: tuple[str, ...], tag: str) -> None:
        self._transfers = transfers
        self._kinds = kinds
        self._tag = tag

    @abstractmethod
    def shown(self, record: TransferRecord) -> dict[str, Any]:
        """Write a job for the wire."""

    def job_routes(self, shape: Schema, about_deletion: str) -> tuple[RouteDef, ...]:
        """Return the operations on jobs that are there."""
        tag, one = self._tag, f"/{self._tag}/{{job_id}}"
        return (
            self.route("GET", f"/{tag}/", self.page, f"List {tag}s, newest first",
                       {200: ListOf(shape)}, query=_PAGE),
            self.route("GET", one, self.get, f"See how far an {tag} is", {200: shape}),
            self.route("POST", f"{one}/cancel", self.cancel, f"Stop an {tag}", {200: shape}),
            self.route("DELETE", one, self.delete, about_deletion, {204: None}),
        )  # fmt: skip

    def route(
        self, method: str, path: str, handler: Any, summary: str, answers: Any, **more: Any
    ) -> RouteDef:
        """Return an operation for whoever is signed in, unless `more` says otherwise."""
        usual = {"access": Access.USER, "tag": self._tag}
        return RouteDef(
            method=method,
            path=path,
            handler=handler,
            summary=summary,
            answers=answers,
            **{**usual, **more},
        )

    async def page(self, call: Call) -> Any:
        """List jobs."""
        limit, offset = call.query["limit"], call.query["offset"]
        found = await self._transfers.page(call.scope, self._kinds, limit, offset)
        return [self.shown(record) for record in found]

    async def get(self, call: Call) -> Any:
        """See how far a job is."""
        return self.shown(await self.record(call, f"access this {self._tag} job"))

    async def cancel(self, call: Call) -> Any:
        """Stop a job; what an import has brought in stays."""
        record = await self.record(call, f"cancel this {self._tag} job")
        return self.shown(await self._transfers.cancel(call.scope, record))

    async def delete(self, call: Call) -> None:
        """Delete a job and its file."""
        record = await self.record(call, f"delete this {self._tag} job")
        await self._transfers.delete(call.scope, record)

    async def record(self, call: Call, doing: str) -> TransferRecord:
        """Return the job of the path. Raises `NotFound`, and `Forbidden` for another's."""
        return await self._transfers.get(call.scope, call.path["job_id"], self._kinds, doing)
