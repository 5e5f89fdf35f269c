"""Who carries out a transfer: leases, lost and taken over, and what stops one for good."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.contracts.records import TransferRecord
from journiv.contracts.repositories.transfers import Ending, NewTransfer, Progress
from journiv.contracts.storage import Store, Transaction
from journiv.domain.clock import StoppedClock, instant
from journiv.domain.errors import BadRequest, StorageFull
from journiv.domain.ids import new_id
from journiv.domain.scope import SYSTEM, UserScope
from journiv.services.transfer.cleaning import TransferCleaning
from journiv.services.transfer.files import RESERVE, TransferFiles
from journiv.services.transfer.hold import Hold, HoldLost, bounded
from journiv.services.transfer.runner import MOST_ATTEMPTS, TransferRunner

AddUser = Callable[[str], Awaitable[UserScope]]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = instant(NOON)
LATER = instant(NOON + timedelta(seconds=31))
FAR = instant(NOON + timedelta(days=1))


class Work:
    """What is done for every transfer in these tests; `do` is set by each."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.do: Callable[[Hold], Awaitable[None]] | None = None

    async def run(self, hold: Hold) -> Ending:
        self.seen.append(hold.transfer_id)
        if self.do is not None:
            await self.do(hold)
        return Ending(status="completed", at=AT, result={})


@pytest.fixture
def files(tmp_path: Path) -> TransferFiles:
    return TransferFiles(FilesystemMedia(f"file://{tmp_path / 'media'}"), tmp_path / "scratch")


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
async def runner(store: Store, files: TransferFiles, work: Work) -> AsyncIterator[TransferRunner]:
    made = TransferRunner(store, StoppedClock(NOON), files, {"export": work})
    yield made
    await made.stop()


async def asked(store: Store, person: UserScope) -> str:
    new = NewTransfer(id=new_id(), direction="export", format="x", options={}, created_at=AT)
    await store.write(person, lambda tx: tx.transfers.add(new))
    return new.id


async def found(store: Store, person: UserScope, transfer_id: str) -> TransferRecord:
    record = await store.read(person, lambda tx: tx.transfers.get(transfer_id))
    assert record is not None
    return record


async def over(store: Store, person: UserScope, transfer_id: str) -> TransferRecord:
    async with asyncio.timeout(20):
        while (await found(store, person, transfer_id))["finished_at"] is None:
            await asyncio.sleep(0.01)
    return await found(store, person, transfer_id)


async def test_what_waits_is_carried_out_in_the_order_it_was_asked_for(
    store: Store, user: UserScope, runner: TransferRunner, work: Work
) -> None:
    ids = [await asked(store, user) for _ in range(3)]
    await runner.start()
    ended = [await over(store, user, one) for one in ids]
    assert [one["status"] for one in ended] == ["completed"] * 3
    assert [(one["owner"], one["until"]) for one in ended] == [(None, None)] * 3
    assert sorted(work.seen) == sorted(ids)


async def test_a_transfer_is_taken_by_one_and_taken_over_when_its_lease_is_over(
    store: Store, user: UserScope
) -> None:
    transfer_id = await asked(store, user)
    first = await store.write(SYSTEM, lambda tx: tx.transfers.claim("one", AT, LATER))
    assert first is not None
    assert (first["id"], first["status"], first["attempts"]) == (transfer_id, "running", 1)
    assert await store.write(SYSTEM, lambda tx: tx.transfers.claim("two", AT, LATER)) is None
    second = await store.write(SYSTEM, lambda tx: tx.transfers.claim("two", LATER, FAR))
    assert second is not None
    assert (second["owner"], second["attempts"]) == ("two", 2)
    assert second["started_at"] == first["started_at"] == AT


async def test_whoever_lost_a_transfer_writes_nothing_more(store: Store, user: UserScope) -> None:
    await asked(store, user)
    first = await store.write(SYSTEM, lambda tx: tx.transfers.claim("one", AT, LATER))
    assert first is not None
    hold = Hold(store, StoppedClock(NOON), first, "one")
    await store.write(user, hold.mark)
    await store.write(SYSTEM, lambda tx: tx.transfers.claim("two", FAR, FAR))

    def batch(tx: Transaction) -> None:
        tx.tags.ensure(["written"], [new_id()], AT)
        hold.mark(tx)

    with pytest.raises(HoldLost):
        await store.write(user, batch)
    assert await store.read(user, lambda tx: tx.tags.by_name("written")) is None
    with pytest.raises(HoldLost):
        hold.tell("importing", 1, 2)
    assert not await hold.end(Ending(status="completed", at=AT))
    assert (await found(store, user, first["id"]))["status"] == "running"


async def test_a_cancelled_one_ends_as_cancelled(
    store: Store, user: UserScope, runner: TransferRunner, work: Work
) -> None:
    async def cancel_oneself(hold: Hold) -> None:
        await store.write(user, lambda tx: tx.transfers.cancel(hold.transfer_id, AT))
        await store.write(user, lambda tx: hold.mark(tx, Progress(stage="x", done=1, total=2)))

    work.do = cancel_oneself
    transfer_id = await asked(store, user)
    await runner.start()
    assert (await over(store, user, transfer_id))["status"] == "cancelled"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BadRequest("The file is odd."), "The file is odd."),
        (StorageFull("The disk is full."), "The disk is full."),
        (ZeroDivisionError("secret"), "An unexpected error occurred."),
    ],
)
async def test_what_goes_wrong_is_told_in_a_sentence(
    store: Store,
    user: UserScope,
    runner: TransferRunner,
    work: Work,
    error: Exception,
    told: str,
) -> None:
    async def fail(hold: Hold) -> None:
        raise error

    work.do = fail
    transfer_id = await asked(store, user)
    await runner.start()
    ended = await over(store, user, transfer_id)
    assert (ended["status"], ended["errors"]) == ("failed", [told])


async def test_what_ends_its_process_again_and_again_is_left(
    store: Store, user: UserScope, runner: TransferRunner, work: Work
) -> None:
    transfer_id = await asked(store, user)
    for _ in range(MOST_ATTEMPTS):
        await store.write(SYSTEM, lambda tx: tx.transfers.claim("one", FAR, FAR))
    await runner.start()
    ended = await over(store, user, transfer_id)
    assert (ended["status"], work.seen) == ("failed", [])


async def test_a_stop_gives_back_what_is_running(
    store: Store, user: UserScope, runner: TransferRunner, work: Work
) -> None:
    begun = asyncio.Event()

    async def wait(hold: Hold) -> None:
        begun.set()
        await asyncio.sleep(60)

    work.do = wait
    transfer_id = await asked(store, user)
    await runner.start()
    await begun.wait()
    await runner.stop()
    record = await found(store, user, transfer_id)
    assert (record["status"], record["owner"]) == ("pending", None)


async def test_uploads_need_room_for_themselves_and_half_a_gigabyte(
    tmp_path: Path, files: TransferFiles
) -> None:
    class Nearly(FilesystemMedia):
        async def free_space(self) -> int | None:
            return RESERVE + 1000

    nearly = TransferFiles(Nearly(f"file://{tmp_path}"), tmp_path)
    await nearly.require_room(1000)
    with pytest.raises(StorageFull):
        await nearly.require_room(1001)


async def test_cleaning_takes_old_transfers_and_files_of_none(
    store: Store, user: UserScope, tmp_path: Path, files: TransferFiles
) -> None:
    media = FilesystemMedia(f"file://{tmp_path / 'media'}")

    async def content() -> AsyncIterator[bytes]:
        yield b"x"

    kept, gone = await asked(store, user), new_id()
    for one in (kept, gone):
        await files.receive(files.source_key(user.user_id, one), content())
    await media.put(f"{user.user_id}/a.png", content(), 10)
    soon, later = datetime.now(UTC), datetime.now(UTC) + timedelta(days=2)
    await TransferCleaning(store, StoppedClock(soon), media, 7).run()
    assert len(await files.all_keys()) == 2
    await TransferCleaning(store, StoppedClock(later), media, 7).run()
    assert await files.all_keys() == [files.source_key(user.user_id, kept)]
    await store.write(user, lambda tx: tx.transfers.cancel(kept, AT))
    await TransferCleaning(store, StoppedClock(later), media, 0).run()
    assert (await found(store, user, kept))["status"] == "cancelled"
    await TransferCleaning(store, StoppedClock(later), media, 1).run()
    assert await files.all_keys() == []
    assert await media.stat(f"{user.user_id}/a.png") is not None


def test_a_report_of_very_many_sentences_is_cut() -> None:
    assert bounded(["x"] * 1000) == ["x"] * 1000
    assert bounded(["x"] * 1002) == [*["x"] * 1000, "... and 2 more"]
