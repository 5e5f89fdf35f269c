"""Transfers in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import orjson
from sqlalchemy import and_, bindparam, delete, func, insert, or_, select, update

from journiv.contracts.records import TransferRecord
from journiv.contracts.repositories.transfers import Ending, NewTransfer, Progress, Transfers
from journiv.domain.errors import NotFound
from journiv.sqlstore.bound import Bound
from journiv.sqlstore.tables import transfer_items as items
from journiv.sqlstore.tables import transfers

_KEYS: Final = tuple(TransferRecord.__annotations__)
_JSON: Final = ("options", "result", "errors", "warnings")
_COLUMNS: Final = tuple(transfers.c[key] for key in _KEYS)

_MINE: Final = transfers.c.user_id == bindparam("person")
_ONE: Final = and_(_MINE, transfers.c.id == bindparam("transfer"))
_PENDING: Final = transfers.c.status == "pending"
_RUNNING: Final = transfers.c.status == "running"
_HELD: Final = and_(_ONE, _RUNNING, transfers.c.owner == bindparam("holder"))
_FREE: Final = or_(_PENDING, and_(_RUNNING, transfers.c.until <= bindparam("now")))
_GET: Final = select(*_COLUMNS).where(_ONE)
_KNOWN: Final = select(transfers.c.id).where(_ONE)
_PAGE: Final = (
    select(*_COLUMNS)
    .where(_MINE, transfers.c.direction.in_(bindparam("directions", expanding=True)))
    .order_by(transfers.c.created_at.desc(), transfers.c.id.desc())
)
_UNFINISHED: Final = (
    select(func.count()).select_from(transfers).where(_MINE, or_(_PENDING, _RUNNING))
)
_DELETE: Final = delete(transfers).where(_ONE, transfers.c.status != "running")
_CANCEL_PENDING: Final = (
    update(transfers)
    .where(_ONE, _PENDING)
    .values(status="cancelled", is_cancelled=True, finished_at=bindparam("at"))
)
_CANCEL_RUNNING: Final = update(transfers).where(_ONE, _RUNNING).values(is_cancelled=True)
_ADVANCE: Final = update(transfers).where(_HELD, transfers.c.is_cancelled.is_(False))
_FINISH: Final = update(transfers).where(_HELD)
_NEXT: Final = (
    select(transfers.c.user_id, transfers.c.id)
    .where(_FREE)
    .order_by(transfers.c.created_at, transfers.c.id)
    .limit(1)
)
_CLAIM: Final = (
    update(transfers)
    .where(_ONE, _FREE)
    .values(
        status="running",
        owner=bindparam("taker"),
        until=bindparam("new_until"),
        attempts=transfers.c.attempts + 1,
        started_at=func.coalesce(transfers.c.started_at, bindparam("now")),
    )
)
_RELEASE_ALL: Final = update(transfers).where(_RUNNING).values(
    status="pending", owner=None, until=None
)  # fmt: skip
_RELEASE: Final = _RELEASE_ALL.where(transfers.c.owner == bindparam("holder"))
_OWNER: Final = select(transfers.c.user_id).where(transfers.c.id == bindparam("transfer"))
_PURGE: Final = delete(transfers).where(transfers.c.finished_at < bindparam("before"))

_NOTES: Final = and_(
    items.c.user_id == bindparam("person"), items.c.transfer_id == bindparam("transfer")
)
_KIND: Final = items.c.kind == bindparam("named")
_NOTE: Final = insert(items)
_NOTED: Final = select(items.c.item_id).where(_NOTES, _KIND).order_by(items.c.item_id)
_COUNTS: Final = select(items.c.kind, func.count()).where(_NOTES).group_by(items.c.kind)
_STRIKE: Final = delete(items).where(
    _NOTES, _KIND, items.c.item_id.in_(bindparam("struck", expanding=True))
)


class SqlTransfers(Transfers):
    """See `Transfers`."""

    def __init__(self, bound: Bound) -> None:
        self._bound = bound
        self._connection = bound.connection

    def add(self, transfer: NewTransfer) -> TransferRecord:
        """See `Transfers`."""
        row = {
            "user_id": self._bound.user_id,
            "id": transfer.id,
            "direction": transfer.direction,
            "format": transfer.format,
            "status": "pending",
            "stage": "waiting",
            "progress": 0,
            "total_items": 0,
            "processed_items": 0,
            "options": _json(transfer.options),
            "errors": "[]",
            "warnings": "[]",
            "source_key": transfer.source_key,
            "is_cancelled": False,
            "attempts": 0,
            "created_at": transfer.created_at,
        }
        self._connection.execute(insert(transfers).values(row))
        return self._existing(transfer.id)

    def get(self, transfer_id: str) -> TransferRecord | None:
        """See `Transfers`."""
        row = self._connection.execute(_GET, self._place(transfer_id)).fetchone()
        return None if row is None else _record(row)

    def page(self, directions: Sequence[str], limit: int, offset: int) -> list[TransferRecord]:
        """See `Transfers`."""
        values = {"person": self._bound.user_id, "directions": list(directions)}
        rows = self._connection.execute(_PAGE.limit(limit).offset(offset), values)
        return [_record(row) for row in rows]

    def unfinished(self) -> int:
        """See `Transfers`."""
        values = {"person": self._bound.user_id}
        return self._connection.execute(_UNFINISHED, values).scalar_one()

    def delete(self, transfer_id: str) -> bool:
        """See `Transfers`."""
        return self._connection.execute(_DELETE, self._place(transfer_id)).rowcount > 0

    def cancel(self, transfer_id: str, at: str) -> TransferRecord | None:
        """See `Transfers`."""
        place = self._place(transfer_id)
        self._connection.execute(_CANCEL_PENDING, {**place, "at": at})
        self._connection.execute(_CANCEL_RUNNING, place)
        return self.get(transfer_id)

    def advance(self, transfer_id: str, owner: str, until: str, progress: Progress) -> bool:
        """See `Transfers`."""
        changed = _ADVANCE.values(
            until=until,
            stage=progress.stage,
            progress=progress.percent,
            total_items=progress.total,
            processed_items=progress.done,
        )
        held = {**self._place(transfer_id), "holder": owner}
        return self._connection.execute(changed, held).rowcount > 0

    def finish(self, transfer_id: str, owner: str, ending: Ending, progress: Progress) -> bool:
        """See `Transfers`."""
        values = {
            "status": ending.status,
            "result": None if ending.result is None else _json(ending.result),
            "errors": _json(list(ending.errors)),
            "warnings": _json(list(ending.warnings)),
            "file_key": ending.file_key,
            "file_name": ending.file_name,
            "file_size": ending.file_size,
            "finished_at": ending.at,
            "stage": progress.stage,
            "progress": progress.percent,
            "total_items": progress.total,
            "processed_items": progress.done,
            "owner": None,
            "until": None,
        }
        if ending.status == "completed":
            values |= {"progress": 100, "stage": "done"}
        held = {**self._place(transfer_id), "holder": owner}
        return self._connection.execute(_FINISH.values(values), held).rowcount > 0

    def note(self, transfer_id: str, kind: str, item_ids: Sequence[str]) -> None:
        """See `Transfers`."""
        keys = {"user_id": self._bound.user_id, "transfer_id": transfer_id, "kind": kind}
        if item_ids and self._connection.execute(_KNOWN, self._place(transfer_id)).scalar() is None:
            raise NotFound("This job is gone.")
        if item_ids:
            self._connection.execute(_NOTE, [{**keys, "item_id": one} for one in item_ids])

    def noted(self, transfer_id: str, kind: str, limit: int) -> list[str]:
        """See `Transfers`."""
        values = {**self._place(transfer_id), "named": kind}
        return list(self._connection.execute(_NOTED.limit(limit), values).scalars())

    def counts(self, transfer_id: str) -> Mapping[str, int]:
        """See `Transfers`."""
        rows = self._connection.execute(_COUNTS, self._place(transfer_id))
        return {row[0]: row[1] for row in rows}

    def strike(self, transfer_id: str, kind: str, item_ids: Sequence[str]) -> None:
        """See `Transfers`."""
        if item_ids:
            values = {**self._place(transfer_id), "named": kind, "struck": list(item_ids)}
            self._connection.execute(_STRIKE, values)

    def owner_of(self, transfer_id: str) -> str | None:
        """See `Transfers`."""
        self._bound.require_system()
        found: str | None = self._connection.execute(_OWNER, {"transfer": transfer_id}).scalar()
        return found

    def claim(self, owner: str, now: str, until: str) -> TransferRecord | None:
        """See `Transfers`."""
        self._bound.require_system()
        found = self._connection.execute(_NEXT, {"now": now}).fetchone()
        if found is None:
            return None
        place = {"person": found[0], "transfer": found[1]}
        taken = {**place, "now": now, "taker": owner, "new_until": until}
        if not self._connection.execute(_CLAIM, taken).rowcount:
            return None
        row = self._connection.execute(_GET, place).fetchone()
        return None if row is None else _record(row)

    def release(self, owner: str | None) -> int:
        """See `Transfers`."""
        self._bound.require_system()
        if owner is None:
            return self._connection.execute(_RELEASE_ALL).rowcount
        return self._connection.execute(_RELEASE, {"holder": owner}).rowcount

    def purge(self, before: str) -> int:
        """See `Transfers`."""
        self._bound.require_system()
        return self._connection.execute(_PURGE, {"before": before}).rowcount

    def _place(self, transfer_id: str) -> dict[str, Any]:
        return {"person": self._bound.user_id, "transfer": transfer_id}

    def _existing(self, transfer_id: str) -> TransferRecord:
        record = self.get(transfer_id)
        if record is None:
            raise RuntimeError("a transfer just stored is not there")
        return record


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _record(row: Sequence[Any]) -> TransferRecord:
    record = dict(zip(_KEYS, row, strict=True))
    for key in _JSON:
        record[key] = None if record[key] is None else orjson.loads(record[key])
    return cast("TransferRecord", record)
