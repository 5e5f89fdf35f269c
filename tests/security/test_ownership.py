"""Somebody else's ids (security.md §4.5, IDOR), over every operation of the served document.

The answer is the one to an id that does not exist, byte for byte but for the request's own number.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from aiohttp import FormData

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json
from tests.api.server import ServerProcess
from tests.security.holdings import SHARED, Holding
from tests.security.operations import BODIES, QUERIES, Operation, operations, query_of
from tests.security.stages import federated

UNIQUE = re.compile(rb'"request_id":"[^"]*"')
METHODS = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "POST")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The server of these tests has every operation there is."""
    yield from federated(tmp_path_factory.mktemp("federated"))


@pytest.fixture(scope="module")
def signed_in() -> dict[str, ApiClient]:
    """Who signed in there."""
    return {}


@pytest.fixture
async def theirs(new_user: NewUser) -> Holding:
    return await Holding.of(await new_user(), "theirs")


@pytest.fixture
async def own(new_user: NewUser) -> Holding:
    return await Holding.of(await new_user(), "mine")


@pytest.fixture
def document(alice: ApiClient) -> Json:
    document: Json = alice.contract.document
    return document


def is_administration(operation: Operation) -> bool:
    return operation.path.startswith(("/admin/", "/instance/version/"))


def is_job(operation: Operation) -> bool:
    """Imports and exports of others are 403, which IDOR-8 tests."""
    return "job_id" in operation.parts


def by_id(document: Json) -> Iterator[Operation]:
    """The operations below an id that somebody owns, and that is not a job's."""
    for operation in operations(document):
        if not is_job(operation) and any(part not in SHARED for part in operation.parts):
            yield operation


def mixtures(operation: Operation, own: Holding, other: Holding) -> Iterator[Json]:
    """Yield ids for its path, one or more of them the other's and the rest one's own."""
    owned = [part for part in operation.parts if part not in (*SHARED, "number")]
    for taken in itertools.product((True, False), repeat=len(owned)):
        foreign = {part for part, is_taken in zip(owned, taken, strict=True) if is_taken}
        if foreign:
            yield {
                part: (other if part in foreign else own).part(operation.path, part)
                for part in operation.parts
            }


def told(answer: Answer) -> tuple[int, bytes, list[str]]:
    """All that an answer says."""
    return answer.status, UNIQUE.sub(b"", answer.body), sorted(answer.headers)


async def attempt_all(document: Json, own: Holding, theirs: Holding, method: str) -> int:
    """Try every operation of a method with foreign ids; return how many were tried."""
    tried = 0
    for operation in by_id(document):
        if operation.method != method or is_administration(operation):
            continue
        make = BODIES.get(operation.name)
        assert make or not operation.takes_body, f"{operation.name} needs a body in BODIES"
        body = make(own.ids) if make else None
        unknown = theirs.unknown()
        for foreign, missing in zip(
            mixtures(operation, own, theirs), mixtures(operation, own, unknown), strict=True
        ):
            query = query_of(operation)
            refused = await operation.call(own.owner, foreign, body=body, query=query)
            nothing = await operation.call(own.owner, missing, body=body, query=query)
            assert told(refused) == told(nothing), operation.name
            # Addresses that are signed say nothing of what there is.
            expected = 403 if operation.path.endswith("/signed") else 404
            assert refused.status == expected, (operation.name, refused.json)
            tried += 1
    return tried


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "POST"])
async def test_IDOR_1_to_6_a_foreign_id_is_like_one_that_does_not_exist_and_changes_nothing(
    document: Json, own: Holding, theirs: Holding, method: str
) -> None:
    before = await theirs.state()
    assert await attempt_all(document, own, theirs, method) >= 3
    assert await theirs.state() == before


async def test_IDOR_3_administration_tells_no_person_which_ids_there_are(
    document: Json, own: Holding, theirs: Holding
) -> None:
    """PATCH is used there alone."""
    tried = set()
    for operation in by_id(document):
        if is_administration(operation):
            for other in (theirs, theirs.unknown()):
                parts = dict.fromkeys(operation.parts, other.ids["user_id"])
                answer = await operation.call(own.owner, parts, body={"role": "admin"})
                assert (answer.status, answer.detail) == (403, "Admin access required")
            tried.add(operation.method)
        else:
            assert operation.method != "PATCH", operation.name
    assert tried >= {"PATCH", "DELETE", "POST"}
    assert (await theirs.owner.get("/users/me")).json["role"] == "user"


def test_IDOR_7_no_operation_with_an_id_is_left_out(document: Json, alice: ApiClient) -> None:
    """A new part of a path, body or query has to be named in `holdings` and `operations`."""
    known = {"journal_id", "entry_id", "tag_id", "source_tag_id", "target_tag_id", "mood_log_id",
             "session_id", "token_id", "identity_id", "media_id", "upload_id", "job_id",
             "number", *SHARED}  # fmt: skip
    found = list(operations(document))
    for operation in found:
        assert operation.method in METHODS, operation.name
        if not is_administration(operation):
            assert set(operation.parts) <= known, operation.name
        assert set(operation.required) <= set(QUERIES), operation.name
    assert set(BODIES) <= {operation.name for operation in found}
    assert len([one for one in by_id(document) if not is_administration(one)]) >= 35


async def test_IDOR_8_sessions_and_personal_tokens_are_among_what_is_tried(
    document: Json, own: Holding, theirs: Holding
) -> None:
    tried = {operation.name for operation in by_id(document)}
    assert {"DELETE /sessions/{session_id}", "DELETE /tokens/{token_id}"} <= tried
    for path in (f"/sessions/{theirs.ids['session_id']}", f"/tokens/{theirs.ids['token_id']}"):
        assert (await own.owner.delete(path)).status == 404
    assert (await theirs.owner.get("/users/me")).status == 200
    assert len((await theirs.owner.get("/tokens")).json) == 1


async def test_IDOR_8_jobs_of_others_are_forbidden_and_those_of_nobody_missing(
    document: Json, own: Holding, theirs: Holding
) -> None:
    owner, tried = theirs.owner, 0
    export = (await owner.post("/export/", {"export_type": "full"})).json
    form = FormData({"source_type": "ndjson"})
    form.add_field("file", b'{"ref":"a","date":"1660-01-01","text":"b"}', filename="a.ndjson")
    imported = (await owner.post("/import/upload", data=form)).json
    for operation in filter(is_job, operations(document)):
        job = export if operation.path.startswith("/export") else imported
        theirs_job = await operation.call(own.owner, {"job_id": job["id"]})
        nobodys = await operation.call(own.owner, {"job_id": new_id()})
        tried += 1
        if operation.path.endswith("/signed"):
            assert told(theirs_job) == told(nobodys), operation.name
            assert theirs_job.status == 403, operation.name
            continue
        assert (theirs_job.status, nobodys.status) == (403, 404), operation.name
        if operation.method != "HEAD":
            assert theirs_job.detail.startswith("Not authorized"), operation.name
            assert nobodys.detail[7:] == "job not found", operation.name
    assert tried >= 8
    assert (await owner.get(f"/export/{export['id']}")).status == 200
    assert (await owner.get(f"/import/{imported['id']}")).status == 200


async def test_IDOR_9_what_one_makes_changes_nothing_another_sees(
    document: Json, own: Holding, new_user: NewUser
) -> None:
    lists = [one for one in operations(document) if one.method == "GET" and not one.parts]
    lists = [one for one in lists if not one.is_public and not is_administration(one)]
    lists = [one for one in lists if one.path != "/prompts/random"]
    before = [await one.call(own.owner, {}, query=query_of(one)) for one in lists]
    await Holding.of(await new_user(), "mine")
    after = [await one.call(own.owner, {}, query=query_of(one)) for one in lists]
    assert {answer.status for answer in before} == {200}
    for operation, earlier, later in zip(lists, before, after, strict=True):
        assert _content(earlier) == _content(later), operation.name
    assert len(lists) > 25


async def test_IDOR_10_foreign_ids_in_a_body_are_like_missing_ones(
    document: Json, own: Holding, theirs: Holding
) -> None:
    before, tried = await theirs.state(), set()
    for operation in operations(document):
        for name in operation.uuid_fields():
            if name in SHARED or is_administration(operation):
                continue
            parts = {part: own.part(operation.path, part) for part in operation.parts}
            answers = [
                await operation.call(
                    own.owner, parts, body={**BODIES[operation.name](own.ids), name: other}
                )
                for other in (theirs.ids[name], theirs.unknown().ids[name])
            ]
            assert told(answers[0]) == told(answers[1]), (operation.name, name)
            assert answers[0].status == 404, (operation.name, name)
            tried.add((operation.name, name))
    assert ("POST /entries/", "journal_id") in tried
    assert ("POST /moods/log", "entry_id") in tried
    assert await theirs.state() == before


async def test_IDOR_11_filters_tell_nothing_of_others(
    document: Json, own: Holding, theirs: Holding
) -> None:
    tried = set()
    for operation in operations(document):
        for name in operation.parameters:
            if name in SHARED or name not in theirs.ids or operation.method != "GET":
                continue
            asked = [
                {**query_of(operation), "q": "theirs", name: other.ids[name]}
                if "q" in operation.parameters
                else {**query_of(operation), name: other.ids[name]}
                for other in (theirs, theirs.unknown())
            ]
            parts = {part: own.part(operation.path, part) for part in operation.parts}
            found = [await operation.call(own.owner, parts, query=query) for query in asked]
            assert told(found[0]) == told(found[1]), (operation.name, name)
            tried.add((operation.name, name))
    assert ("GET /entries/search", "tag") in tried
    assert ("GET /entries/search", "journal_id") in tried
    assert ("GET /moods/logs", "entry_id") in tried


async def test_ADM_5_an_administrator_reads_and_changes_nobodys_diary(
    document: Json, admin: ApiClient, theirs: Holding
) -> None:
    own = await Holding.of(admin, "admins")
    before = await theirs.state()
    for method in ("GET", "PUT", "DELETE", "POST"):
        await attempt_all(document, own, theirs, method)
    assert await theirs.state() == before
    seen = (await admin.get("/admin/users?limit=1000")).body.decode()
    assert theirs.owner.user["email"] in seen
    for word in ("theirs", theirs.ids["entry_id"], theirs.ids["journal_id"]):
        assert word not in seen
    search = await admin.get("/entries/search?q=theirs")
    assert search.json == []


def _content(answer: Answer) -> bytes:
    """An answer's body without the moment at which it was made."""
    return re.sub(rb'"(last_seen_at|timestamp)":"[^"]*"', b"", answer.body)
