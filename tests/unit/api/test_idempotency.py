from __future__ import annotations

import asyncio
import itertools
from datetime import timedelta

import orjson
import pytest
from aiohttp import ClientSession

from journiv.contracts.routes import Access, Call, Reply, RouteDef
from journiv.contracts.schema import Schema
from journiv.contracts.storage import Store
from journiv.domain.errors import Conflict
from journiv.domain.scope import SYSTEM, UserScope
from tests.unit.api.conftest import Serve
from tests.unit.services.diaries import add_journal

_NOTE = Schema("Note", {"text": {"type": "text", "required": True}})


class Notes:
    """Makes something new at each call; the text `no` is refused."""

    def __init__(self) -> None:
        self.numbers = itertools.count(1)
        self.made = 0

    async def make(self, call: Call) -> object:
        if call.body["text"] == "no":
            raise Conflict("No.")
        await asyncio.sleep(0)
        self.made += 1
        return Reply(
            payload={"number": next(self.numbers), "text": call.body["text"]},
            headers={"ETag": f'"{self.made}"'},
        )

    def routes(self) -> list[RouteDef]:
        return [
            RouteDef(
                method="POST", path=path, handler=self.make, access=access, summary="",
                body=_NOTE, answers={201: {"type": "dict"}},
            )
            for path, access in (("/notes", Access.USER), ("/others", Access.USER),
                                 ("/open", Access.PUBLIC))
        ]  # fmt: skip


class Sender:
    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/api/v1"

    async def post(
        self, text: str, key: str | None, *, who: str | None = "sam", path: str = "/notes"
    ) -> tuple[int, object, str | None, str | None]:
        headers = {"Idempotency-Key": key} if key is not None else {}
        if who:
            headers["Authorization"] = f"Bearer {who}"
        async with self._http.post(
            self._url + path, json={"text": text}, headers=headers
        ) as answer:
            body = orjson.loads(await answer.read())
            replayed = answer.headers.get("Idempotent-Replayed")
            return answer.status, body, answer.headers.get("ETag"), replayed


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
async def sender(serve: Serve, http: ClientSession, notes: Notes) -> Sender:
    return Sender(http, await serve(notes.routes()))


async def test_the_same_request_twice_happens_once(sender: Sender, notes: Notes) -> None:
    first = await sender.post("ink", "k1")
    again = await sender.post("ink", "k1")
    assert first == (201, {"number": 1, "text": "ink"}, '"1"', None)
    assert again == (201, {"number": 1, "text": "ink"}, '"1"', "true")
    assert notes.made == 1


async def test_without_a_key_each_request_counts(sender: Sender, notes: Notes) -> None:
    await sender.post("ink", None)
    await sender.post("ink", None)
    assert notes.made == 2


async def test_a_key_belongs_to_one_body_and_one_path(sender: Sender, notes: Notes) -> None:
    await sender.post("ink", "k1")
    for answer in (await sender.post("pen", "k1"), await sender.post("ink", "k1", path="/others")):
        assert answer[0] == 422
    assert notes.made == 1


async def test_a_key_belongs_to_one_person(sender: Sender, notes: Notes) -> None:
    await sender.post("ink", "k1")
    assert (await sender.post("ink", "k1", who="root"))[1] == {"number": 2, "text": "ink"}


@pytest.mark.parametrize("who", [None, "sam"])
async def test_public_operations_keep_no_answers(
    sender: Sender, notes: Notes, who: str | None
) -> None:
    await sender.post("ink", "k1", who=who, path="/open")
    await sender.post("ink", "k1", who=who, path="/open")
    assert notes.made == 2


async def test_a_refused_request_keeps_nothing(sender: Sender, notes: Notes) -> None:
    assert (await sender.post("no", "k1"))[0] == 409
    assert (await sender.post("ink", "k1"))[0] == 201


async def test_simultaneous_requests_with_one_key_happen_once(sender: Sender, notes: Notes) -> None:
    answers = await asyncio.gather(*(sender.post("ink", "k1") for _ in range(20)))
    assert notes.made == 1
    assert {answer[0] for answer in answers} == {201}
    assert [answer[3] for answer in answers].count("true") == 19


async def test_an_answer_that_cannot_be_kept_is_given_all_the_same(
    serve: Serve, http: ClientSession, store: Store
) -> None:
    async def leave(call: Call) -> object:
        await store.write(SYSTEM, lambda tx: tx.users.delete(call.principal.user_id))
        return {"left": True}

    route = RouteDef(
        method="POST", path="/leave", handler=leave, access=Access.USER, summary="",
        answers={201: {"type": "dict"}},
    )  # fmt: skip
    headers = {"Authorization": "Bearer sam", "Idempotency-Key": "k1"}
    async with http.post(f"{await serve([route])}/api/v1/leave", headers=headers) as answer:
        assert (answer.status, await answer.json()) == (201, {"left": True})


class Diary:
    """Writes a journal, waits until it may go on, then does what the text says and answers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owner = ""
        self.written = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def write(self, call: Call) -> object:
        self._owner = call.scope.user_id
        await add_journal(self._store, call.scope)
        self.written.set()
        await self.go_on.wait()
        if call.body["text"] == "refuse":
            raise Conflict("No.")
        if call.body["text"] == "break":
            raise RuntimeError("broken")
        return {"done": True}

    def routes(self) -> list[RouteDef]:
        return [
            RouteDef(
                method="POST", path="/notes", handler=self.write, access=Access.USER, summary="",
                body=_NOTE, answers={201: {"type": "dict"}},
            )
        ]  # fmt: skip

    async def journals(self) -> int:
        owner = UserScope(self._owner)
        found = await self._store.read(owner, lambda tx: tx.journals.all(include_archived=True))
        return len(found)


@pytest.fixture
def diary(store: Store) -> Diary:
    return Diary(store)


async def test_what_was_written_before_the_answer_was_lost_is_not_written_again(
    serve: Serve, http: ClientSession, diary: Diary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("journiv.api.middleware.idempotency.ANSWER_WITHIN", timedelta(0))
    sender = Sender(http, await serve(diary.routes()))
    assert (await sender.post("break", "k1"))[0] == 500
    status, body, _, replayed = await sender.post("break", "k1")
    assert (status, replayed) == (409, None)
    assert "has been carried out" in str(body)
    assert await diary.journals() == 1
    assert (await sender.post("fine", "k1"))[0] == 422


async def test_a_request_refused_after_it_wrote_may_be_sent_again(
    serve: Serve, http: ClientSession, diary: Diary
) -> None:
    sender = Sender(http, await serve(diary.routes()))
    assert (await sender.post("refuse", "k1"))[0] == 409
    assert (await sender.post("fine", "k1"))[0] == 201
    assert (await sender.post("fine", "k1"))[3] == "true"


async def test_of_two_processes_with_one_key_one_writes(
    serve: Serve, http: ClientSession, diary: Diary
) -> None:
    senders = [Sender(http, await serve(diary.routes())) for _ in range(2)]
    for number in range(1, 11):
        answers = await asyncio.gather(*(each.post("fine", f"k{number}") for each in senders))
        assert await diary.journals() == number
        assert [answer[:2] for answer in answers] == [(201, {"done": True})] * 2
        assert sorted(str(answer[3]) for answer in answers) == ["None", "true"]


async def test_who_asks_another_process_waits_for_an_answer_that_is_on_its_way(
    serve: Serve, http: ClientSession, diary: Diary
) -> None:
    senders = [Sender(http, await serve(diary.routes())) for _ in range(2)]
    diary.go_on.clear()
    first = asyncio.create_task(senders[0].post("fine", "k1"))
    await diary.written.wait()
    second = asyncio.create_task(senders[1].post("fine", "k1"))
    await asyncio.sleep(0.2)
    assert not second.done()
    diary.go_on.set()
    assert (await first)[0] == 201
    status, _, _, replayed = await second
    assert (status, replayed) == (201, "true")


async def test_who_waits_for_an_answer_that_turns_out_to_be_no_is_heard_itself(
    serve: Serve, http: ClientSession, diary: Diary
) -> None:
    senders = [Sender(http, await serve(diary.routes())) for _ in range(2)]
    diary.go_on.clear()
    first = asyncio.create_task(senders[0].post("refuse", "k1"))
    await diary.written.wait()
    second = asyncio.create_task(senders[1].post("refuse", "k1"))
    await asyncio.sleep(0.2)
    diary.go_on.set()
    for status, body, _, _ in (await first, await second):
        assert (status, "No." in str(body)) == (409, True)
    assert await diary.journals() == 2


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
async def test_a_key_that_cannot_be_kept_is_refused(sender: Sender, notes: Notes, key: str) -> None:
    assert (await sender.post("ink", key))[0] == 400
    assert notes.made == 0
