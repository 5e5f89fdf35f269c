"""Diaries of other programs, through the server: what people see of them afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.transfers import ended, imported, upload
from tests.plugins.import_formats.sources import SOURCES, Source
from tests.plugins.import_formats.test_tar_archive import LINKS, packed


@pytest.fixture
async def me(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.mark.parametrize("source", SOURCES, ids=str)
async def test_a_source_comes_in_once_and_can_be_taken_back(
    me: ApiClient, tmp_path: Path, source: Source
) -> None:
    content = source.write(tmp_path / "source").read_bytes()
    expected = source.expected()
    rejected = sum("rejected" in one for one in expected)
    name = f"export{source.suffix}"
    dry = await imported(me, content, source_type="auto", name=name, dry_run="true")
    assert dry["result_data"]["entries_created"] == len(expected) - rejected, dry
    assert (await me.get("/entries/")).json == []

    job = await imported(me, content, source_type=source.source_type, name=name)
    result = job["result_data"]
    assert result["entries_created"] == len(expected) - rejected, job
    assert (len(job["errors"]), result["media_files_imported"]) == (rejected, source.media), job
    journals = {one["title"] for one in (await me.get("/journals/")).json}
    assert journals == set(source.journals)

    again = await imported(me, content, source_type=source.source_type, name=name)
    result = again["result_data"]
    assert (result["entries_created"], result["media_files_imported"]) == (0, 0)

    undo = (await me.post(f"/import/{job['id']}/undo")).json
    undone = await ended(me, f"/import/{undo['id']}")
    assert undone["result_data"]["entries_removed"] == len(expected) - rejected, undone
    assert (await me.get("/entries/")).json == []
    assert (await me.get("/journals/")).json == []
    assert (await me.get("/tags/")).json == []


async def test_IMP_3_a_gzipped_tar_that_must_not_be_read_is_refused(
    me: ApiClient, tmp_path: Path
) -> None:
    content = packed(tmp_path / "x.tgz", ("Takeout/passwd", b""), kind=LINKS[0]).read_bytes()
    answer = await upload(me, content, source_type="auto", name="takeout.tgz")
    assert (answer.status, answer.detail) == (
        400,
        "Invalid tar file: a member is a link or a device",
    )
    assert (await me.get("/import/")).json == []
