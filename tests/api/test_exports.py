from __future__ import annotations

import gzip

import orjson
import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json, write_entry, write_journal
from tests.api.transfers import ended, exported, imported


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


async def download(who: ApiClient, job: Json) -> bytes:
    answer = await who.get(f"/export/{job['id']}/download")
    assert answer.status == 200
    return answer.body


def titles(content: bytes) -> set[str]:
    return {orjson.loads(line)["title"] for line in gzip.decompress(content).splitlines()}


async def test_a_diary_is_written_and_downloaded_and_comes_in_elsewhere(
    me: ApiClient, new_user: NewUser
) -> None:
    journal = await write_journal(me)
    for number in range(3):
        await write_entry(me, journal, title=f"T{number}", content="to bed")
    job = await exported(me, format="ndjson")
    public_url = me.url.replace("127.0.0.1", "localhost")
    assert (job["status"], job["progress"], job["errors"]) == ("completed", 100, [])
    assert (job["total_items"], job["file_path"]) == (3, None)
    assert job["download_url"] == f"{public_url}/api/v1/export/{job['id']}/download"
    assert job["result_data"] == {
        "journal_count": 1, "entry_count": 3, "media_count": 0, "file_size": job["file_size"],
    }  # fmt: skip
    answer = await me.get(f"/export/{job['id']}/download")
    assert answer.headers["Content-Disposition"].startswith(
        f'attachment; filename="journiv_export_{me.user["id"]}_'
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(answer.body) == job["file_size"]
    assert titles(answer.body) == {"T0", "T1", "T2"}
    other = await new_user()
    again = await imported(other, answer.body, name="diary.ndjson.gz")
    assert again["result_data"]["entries_created"] == 3


async def test_an_archive_restores_an_account_and_can_be_taken_back(
    me: ApiClient, new_user: NewUser
) -> None:
    journal = await write_journal(me)
    entry = await write_entry(me, journal, title="T", content="to bed")
    await me.put(f"/entries/{entry['id']}", {"content": "and so to bed"})
    await me.post(f"/entries/{entry['id']}/tags/bulk", ["bed"])
    await me.put("/users/me/settings", {"time_zone": "Asia/Tokyo"})
    job = await exported(me)
    assert (job["format"], job["result_data"]["entry_count"]) == ("archive", 1)
    answer = await me.get(f"/export/{job['id']}/download")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].endswith('.zip"')

    other = await new_user()
    done = await imported(other, answer.body, name="journiv.zip", source_type="journiv")
    assert (done["errors"], done["result_data"]["entries_created"]) == ([], 1)
    for path in ("/entries/", "/journals/", "/tags/", f"/entries/{entry['id']}/revisions"):
        mine, theirs = (await me.get(path)).json, (await other.get(path)).json
        assert [one | {"user_id": ""} for one in theirs] == [one | {"user_id": ""} for one in mine]
    assert (await other.get("/users/me/settings")).json["time_zone"] == "Asia/Tokyo"

    undo = (await other.post(f"/import/{done['id']}/undo")).json
    result = (await ended(other, f"/import/{undo['id']}"))["result_data"]
    assert (result["entries_removed"], result["journals_removed"]) == (1, 1)
    assert result["tags_removed"] == 1
    assert (await other.get("/entries/")).json == (await other.get("/trash")).json == []


async def test_a_download_may_be_asked_for_in_parts(me: ApiClient) -> None:
    await write_entry(me, await write_journal(me))
    job = await exported(me, format="ndjson")
    path = f"/export/{job['id']}/download"
    whole = (await me.get(path)).body
    part = await me.session.get(
        f"{me.url}/api/v1{path}",
        headers={"Authorization": f"Bearer {me.token}", "Range": "bytes=2-9"},
    )
    assert (part.status, await part.read()) == (206, whole[2:10])


async def test_journals_and_days_narrow_an_export(me: ApiClient) -> None:
    one, two = await write_journal(me), await write_journal(me)
    await write_entry(me, one, title="early", entry_date="2020-01-01")
    await write_entry(me, one, title="late", entry_date="2024-01-01")
    await write_entry(me, two, title="other", entry_date="2024-01-01")
    kind = {"export_type": "journal", "format": "ndjson"}
    job = await exported(me, **kind, journal_ids=[one["id"]])
    assert titles(await download(me, job)) == {"early", "late"}
    assert job["result_data"]["journal_count"] == 1
    job = await exported(me, format="ndjson", start_date="2023-12-31", end_date="2024-01-01")
    assert titles(await download(me, job)) == {"late", "other"}


async def test_EXP_2_journals_of_others_are_not_exported(me: ApiClient, new_user: NewUser) -> None:
    await write_entry(me, await write_journal(me), title="mine")
    other = await new_user()
    theirs = await write_journal(other)
    await write_entry(other, theirs, title="theirs")
    for journal_id in (theirs["id"], new_id()):
        body = {"export_type": "journal", "format": "ndjson", "journal_ids": [journal_id]}
        job = await exported(me, **body)
        assert (job["status"], job["result_data"]["journal_count"]) == ("completed", 0)
        assert gzip.decompress(await download(me, job)) == b""


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"export_type": "journal"}, 400, "journal_ids required for journal export"),
        ({"export_type": "journal", "journal_ids": ["x"]}, 400, "journal_ids holds what is not"),
        ({"export_type": "half"}, 422, "export_type"),
        ({}, 422, "export_type: Field required"),
        ({"export_type": "full", "format": "pdf"}, 400, "Invalid format: pdf. Must be one of"),
        (
            {"export_type": "full", "start_date": "2024-02-02", "end_date": "2024-01-01"},
            400,
            "2024-02-02 comes after 2024-01-01.",
        ),
    ],
)
async def test_senseless_exports_are_refused(
    me: ApiClient, body: Json, status: int, detail: str
) -> None:
    answer = await me.post("/export/", body)
    assert answer.status == status
    assert answer.detail.startswith(detail)


async def test_EXP_3_an_export_needs_its_owner_and_goes_with_its_file(
    me: ApiClient, new_user: NewUser
) -> None:
    job = await exported(me)
    stranger = await new_user()
    path = f"/export/{job['id']}"
    for method, where, detail in (
        ("GET", path, "access this export job"),
        ("GET", f"{path}/download", "access this export"),
        ("POST", f"{path}/cancel", "cancel this export job"),
        ("DELETE", path, "delete this export job"),
    ):
        answer = await stranger.request(method, where)
        assert (answer.status, answer.detail) == (403, f"Not authorized to {detail}")
        assert (await stranger.anonymous().request(method, where)).status == 401
    assert (await stranger.get("/export/")).json == []
    assert (await me.delete(path)).status == 204
    for gone in (path, f"{path}/download"):
        answer = await me.get(gone)
        assert (answer.status, answer.detail) == (404, "Export job not found")


async def test_a_cancelled_export_has_no_file(me: ApiClient) -> None:
    job = (await me.post("/export/", {"export_type": "full"})).json
    answer = await me.post(f"/export/{job['id']}/cancel")
    assert answer.status in (200, 409)
    over = await ended(me, f"/export/{job['id']}")
    if over["status"] == "cancelled":
        answer = await me.get(f"/export/{job['id']}/download")
        assert (answer.status, answer.detail) == (404, "Export not ready (status: cancelled)")
