from __future__ import annotations

import asyncio
import gzip
from pathlib import Path

import pytest
from aiohttp import ClientSession, FormData

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser, StartServer, register
from tests.api.diary import write_journal
from tests.api.server import ServerProcess
from tests.api.transfers import begun, diary, ended, imported, lines, upload


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


def files_of(server: ServerProcess) -> list[Path]:
    """Every file of an import or export, on whichever way it is."""
    data = server.folder / "data"
    places = [data / "media" / "transfers", data / "transfers"]
    return [path for place in places for path in place.rglob("*") if path.is_file()]


async def test_an_uploaded_diary_comes_in_and_is_counted(me: ApiClient) -> None:
    content = diary(3, tags=["bed"], mood="calm") + b"not json\n"
    job = await imported(me, content, journal="Pepys", zone="Europe/London")
    assert (job["status"], job["progress"], job["stage"]) == ("completed", 100, "done")
    assert (job["total_items"], job["source_type"], job["undo_of"]) == (4, "ndjson", None)
    assert job["started_at"] <= job["completed_at"]
    assert job["errors"] == ["line 4: is not JSON"]
    result = job["result_data"]
    assert (result["entries_created"], result["journals_created"]) == (3, 1)
    assert (result["tags_created"], result["entries_skipped"]) == (1, 1)
    (journal,) = (await me.get("/journals/")).json
    assert (journal["title"], journal["entry_count"]) == ("Pepys", 3)
    entries = (await me.get("/entries/")).json
    assert {entry["entry_timezone"] for entry in entries} == {"Europe/London"}


async def test_IMP_7_the_same_file_three_times_adds_nothing_twice(me: ApiClient) -> None:
    for created in (5, 0, 0):
        job = await imported(me, diary(5))
        assert job["result_data"]["entries_created"] == created
        assert job["result_data"]["entries_known"] == 5 - created
    assert len((await me.get("/entries/")).json) == 5


async def test_the_file_may_stand_before_the_fields_and_be_compressed(me: ApiClient) -> None:
    content = gzip.compress(diary(2))
    job = await imported(me, content, name="d.ndjson.gz", source_type="AUTO", file_first=True)
    assert job["result_data"]["entries_created"] == 2


async def test_a_dry_run_says_what_would_come_in(me: ApiClient) -> None:
    job = await imported(me, diary(2), dry_run="true")
    assert (job["result_data"]["dry_run"], job["result_data"]["entries_created"]) == (True, 2)
    assert (await me.get("/journals/")).json == []


async def test_entries_go_into_the_journal_one_names(me: ApiClient, new_user: NewUser) -> None:
    journal = await write_journal(me)
    await imported(me, diary(2), journal_id=journal["id"])
    assert (await me.get(f"/journals/{journal['id']}")).json["entry_count"] == 2
    theirs = await write_journal(await new_user())
    for journal_id in (new_id(), theirs["id"]):
        answer = await upload(me, diary(1), journal_id=journal_id)
        assert (answer.status, answer.detail) == (404, "Journal not found")


@pytest.mark.parametrize(
    ("options", "status", "detail"),
    [
        ({"source_type": "evernote"}, 400, "Invalid source type: evernote. Must be one of: "),
        ({"source_type": "evernote", "file_first": True}, 400, "Invalid source type: evernote"),
        ({"source_type": None}, 422, "source_type: Field required"),
        ({"name": "diary.exe"}, 400, "The file's name must end in one of: .jsonl"),
        ({"source_type": "journiv", "name": "a.tar"}, 400, "File must be a ZIP archive"),
        ({"source_type": "journiv", "name": "a.ZIP"}, 400, "Invalid file: nothing of the format"),
        (
            {"source_type": "journiv", "name": "a.zip", "content": b"PK\x03\x04" + b"\0" * 60},
            400,
            "Invalid ZIP file: it has no end",
        ),
        ({"zone": "Mars/Olympus"}, 422, "zone: This is not an IANA time zone."),
        ({"journal": " "}, 422, "journal: This is empty."),
        ({"journal_id": "x"}, 422, "journal_id: This is not a valid UUID."),
        ({"content": b"Dear diary\n"}, 400, "Invalid file: nothing of the format ndjson"),
        ({"content": b""}, 400, "Invalid file: nothing of the format ndjson"),
    ],
)
async def test_what_cannot_be_imported_is_refused_and_nothing_stays(
    me: ApiClient, server: ServerProcess, options: dict[str, object], status: int, detail: str
) -> None:
    before = files_of(server)
    answer = await upload(me, **{"content": diary(1), **options})  # type: ignore[arg-type] # cases
    assert answer.status == status
    assert answer.detail.startswith(detail)
    assert (await me.get("/import/")).json == []
    assert files_of(server) == before


async def test_an_upload_needs_a_form_with_one_file(me: ApiClient) -> None:
    assert (await me.post("/import/upload", {"source_type": "ndjson"})).status == 415
    empty = FormData({"source_type": "ndjson"}, default_to_multipart=True)
    answer = await me.post("/import/upload", data=empty)
    assert (answer.status, answer.detail) == (422, "file: A file is required.")
    two = FormData({"source_type": "ndjson"})
    for name in ("a.ndjson", "b.ndjson"):
        two.add_field("file", diary(1), filename=name)
    answer = await me.post("/import/upload", data=two)
    assert (answer.status, answer.detail) == (422, "file: Send one file at a time.")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await me.post("/import/upload", data=b"--y\r\nnonsense", headers=headers)
    assert answer.status in (400, 422)
    assert (await me.get("/import/")).json == []


async def test_a_file_over_the_limit_is_refused_also_without_a_length(
    start_server: StartServer, session: ClientSession
) -> None:
    """UPL-1 of imports: exact at N and N + 1."""
    server = start_server(IMPORT_EXPORT_MAX_FILE_SIZE_MB="1")
    me = await register(ApiClient(session, server.url, server.contract), "a@example.org")
    content = diary(1).ljust(1024 * 1024 - 1) + b"\n"
    assert (await upload(me, content)).status == 202
    for size in (1, 600_000):
        answer = await upload(me, content + b"\n" * size)
        assert (answer.status, answer.detail) == (413, "The file is larger than 1 MB.")

    async def chunked() -> object:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.ndjson"\r\n\r\n'
        for _ in range(5):
            yield b"x" * 250_000
        yield b"\r\n--b--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    answer = await me.post("/import/upload", data=chunked(), headers=headers)
    assert answer.status == 413
    (job,) = (await me.get("/import/")).json
    await ended(me, f"/import/{job['id']}")
    assert files_of(server) == []


async def test_the_uploaded_file_goes_when_its_import_has_ended(
    me: ApiClient, server: ServerProcess
) -> None:
    job = await imported(me, diary(1))
    for _ in range(100):
        if not [path for path in files_of(server) if job["id"] in str(path)]:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(files_of(server))


async def test_an_import_is_taken_back_but_for_what_was_changed_since(me: ApiClient) -> None:
    own = await write_journal(me, title="Own")
    await me.post("/entries/", {"title": "own", "content": "x", "journal_id": own["id"]})
    job = await imported(me, diary(4, tags=["bed"]))
    entries = (await me.get("/entries/")).json
    kept = next(entry for entry in entries if entry["title"] == "T2")
    await me.put(f"/entries/{kept['id']}", {"content": "changed"})
    thrown = next(entry for entry in entries if entry["title"] == "T3")
    await me.delete(f"/entries/{thrown['id']}")

    answer = await me.post(f"/import/{job['id']}/undo")
    assert (answer.status, answer.json["undo_of"]) == (202, job["id"])
    undone = await ended(me, f"/import/{answer.json['id']}")
    assert undone["status"] == "completed"
    assert undone["result_data"]["entries_removed"] == 3
    assert undone["result_data"]["entries_kept"] == 1
    assert undone["result_data"]["journals_removed"] == 0
    assert {entry["title"] for entry in (await me.get("/entries/")).json} == {"own", "T2"}
    assert (await me.get("/trash")).json == []
    assert (await me.get("/analytics/writing-streak")).json["total_entries"] == 2

    again = await imported(me, diary(4))
    assert again["result_data"]["entries_created"] == 3
    once_more = (await me.post(f"/import/{job['id']}/undo")).json
    nothing = await ended(me, f"/import/{once_more['id']}")
    assert (nothing["status"], len(nothing["errors"])) == ("failed", 1)


async def test_taking_back_removes_the_journal_and_tags_it_made(me: ApiClient) -> None:
    job = await imported(me, diary(250, tags=["bed"]), journal="Pepys")
    undo = (await me.post(f"/import/{job['id']}/undo")).json
    result = (await ended(me, f"/import/{undo['id']}"))["result_data"]
    assert (result["entries_removed"], result["journals_removed"]) == (250, 1)
    assert result["tags_removed"] == 1
    for path in ("/entries/", "/journals/", "/tags/"):
        assert (await me.get(path)).json == []


async def test_a_cancelled_import_stops_and_keeps_what_is_in(me: ApiClient) -> None:
    job = await begun(me, diary(20_000))
    path = f"/import/{job['id']}"
    while (await me.get(path)).json["processed_items"] == 0:
        await asyncio.sleep(0.02)
    answer = await me.delete(path)
    assert (answer.status, answer.detail) == (409, "Cannot delete running job")
    assert (await me.post(f"{path}/cancel")).status == 200
    over = await ended(me, path)
    assert over["status"] == "cancelled"
    count = (await me.get("/analytics/writing-streak")).json["total_entries"]
    assert 0 < count < 20_000
    assert over["processed_items"] == count
    again = await me.post(f"{path}/cancel")
    assert (again.status, again.detail) == (409, "This job has ended already")
    assert (await me.delete(path)).status == 204
    assert (await me.get(path)).status == 404


async def test_jobs_of_others_are_forbidden_and_unknown_ones_not_found(
    me: ApiClient, new_user: NewUser
) -> None:
    job = await imported(me, diary(1))
    stranger = await new_user()
    for method, path, doing in (
        ("GET", "/import/{}", "access"),
        ("DELETE", "/import/{}", "delete"),
        ("POST", "/import/{}/cancel", "cancel"),
        ("POST", "/import/{}/undo", "undo"),
    ):
        answer = await stranger.request(method, path.format(job["id"]))
        assert answer.status == 403
        assert answer.detail == f"Not authorized to {doing} this import job"
        answer = await stranger.request(method, path.format(new_id()))
        assert (answer.status, answer.detail) == (404, "Import job not found")
    assert (await me.get(f"/export/{job['id']}")).status == 404
    assert (await stranger.get("/import/")).json == []
    assert (await me.get(f"/import/{job['id']}")).status == 200


async def test_jobs_are_listed_newest_first(me: ApiClient) -> None:
    ids = [(await imported(me, diary(1)))["id"] for _ in range(3)]
    listed = [job["id"] for job in (await me.get("/import?limit=2&offset=1")).json]
    assert listed == [ids[1], ids[0]]
    assert (await me.get("/import/?limit=101")).status == 422


async def test_no_more_than_ten_wait_at_once(me: ApiClient) -> None:
    answers = [await upload(me, diary(2000, text="x y" * 400)) for _ in range(14)]
    assert {answer.status for answer in answers} <= {202, 409}
    refused = [answer.detail for answer in answers if answer.status == 409]
    assert all("10 jobs are waiting" in detail for detail in refused)
    for job in (await me.get("/import/")).json:
        await me.post(f"/import/{job['id']}/cancel")


async def test_IMP_8_bad_records_are_told_one_by_one_and_the_rest_comes_in(me: ApiClient) -> None:
    good = {"ref": "good", "date": "2024-02-29", "text": "good"}
    deep = b'{"ref":"deep","date":"2024-01-01","text":' + b"[" * 5000 + b"]" * 5000 + b"}\n"
    content = (
        lines([good, {**good, "ref": "zone", "zone": "Mars/Olympus"}, {**good, "ref": 10}])
        + b'{"ref":"nan","date":"2024-01-01","text":NaN}\n'
        + b'{"ref":"lone","date":"2024-01-01","text":"\\ud800"}\n'
        + deep
    )
    job = await imported(me, content)
    assert job["status"] == "completed"
    assert job["result_data"]["entries_created"] == 1
    assert [error.partition(":")[0] for error in job["errors"]] == [
        f"line {number}" for number in (2, 3, 4, 5, 6)
    ]
