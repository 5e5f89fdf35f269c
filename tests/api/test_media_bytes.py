from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import NewUser
from tests.api.diary import Json
from tests.api.pictures import new_entry, png, sent, settled
from tests.api.server import ServerProcess

DATA = png(40, 30)
SIZE = len(DATA)


@pytest.fixture
async def person(new_user: NewUser) -> ApiClient:
    return await new_user()


@pytest.fixture
async def medium(person: ApiClient) -> Json:
    return await sent(person, await new_entry(person), DATA)


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1), ("bytes=5-9", 5, 10), (f"bytes=0-{SIZE - 1}", 0, SIZE),
        ("bytes=100-", 100, SIZE), ("bytes=-7", SIZE - 7, SIZE), ("bytes=10-999999", 10, SIZE),
        ("bytes=-999999", 0, SIZE), (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
    ],
)  # fmt: skip
async def test_MED_8_a_range_is_exactly_that(
    person: ApiClient, medium: Json, asked: str, start: int, end: int
) -> None:
    part = await person.get(f"/media/{medium['id']}", headers={"Range": asked})
    assert (part.status, part.body) == (206, DATA[start:end])
    assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert part.headers["Content-Length"] == str(end - start)
    assert part.headers["Accept-Ranges"] == "bytes"


@pytest.mark.parametrize(
    "asked",
    [f"bytes={SIZE}-", "bytes=0-1,3-4", "bytes=-0", "bytes=-", "bytes=9-5", "bytes=a-b",
     "bytes=" + "9" * 40 + "-", "bytes"],
)  # fmt: skip
async def test_MED_8_what_is_no_range_of_it_is_416(
    person: ApiClient, medium: Json, asked: str
) -> None:
    refused = await person.get(f"/media/{medium['id']}", headers={"Range": asked})
    assert (refused.status, refused.detail) == (416, "Invalid Range header")
    assert refused.headers["Content-Range"] == f"bytes */{SIZE}"
    assert refused.headers["Cache-Control"] == "no-store"


async def test_MED_8_another_unit_is_ignored(person: ApiClient, medium: Json) -> None:
    whole = await person.get(f"/media/{medium['id']}", headers={"Range": "pages=1-2"})
    assert (whole.status, whole.body) == (200, DATA)


async def test_MED_9_what_is_there_already_is_not_sent_again(
    person: ApiClient, medium: Json
) -> None:
    path = f"/media/{medium['id']}"
    first = await person.get(path)
    etag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    for condition in (
        {"If-None-Match": etag}, {"If-None-Match": f'"x", W/{etag}'}, {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
    ):  # fmt: skip
        again = await person.get(path, headers=condition)
        assert (again.status, again.body) == (304, b""), condition
        assert again.headers["ETag"] == etag
    for condition in (
        {"If-None-Match": '"x"'},
        {"If-None-Match": '"x"', "If-Modified-Since": changed},
        {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):
        again = await person.get(path, headers=condition)
        assert (again.status, again.body) == (200, DATA), condition


async def test_MED_9_a_range_of_another_file_is_not_sent(person: ApiClient, medium: Json) -> None:
    path, part = f"/media/{medium['id']}", {"Range": "bytes=2-3"}
    first = await person.get(path)
    for holds in (first.headers["ETag"], first.headers["Last-Modified"]):
        assert (await person.get(path, headers={**part, "If-Range": holds})).status == 206, holds
    for other in ('"x"', f"W/{first.headers['ETag']}", "Mon, 01 Jan 2001 00:00:00 GMT", "x"):
        whole = await person.get(path, headers={**part, "If-Range": other})
        assert (whole.status, whole.body) == (200, DATA), other


async def test_MED_9_a_condition_on_another_file_fails(person: ApiClient, medium: Json) -> None:
    path = f"/media/{medium['id']}"
    etag = (await person.get(path)).headers["ETag"]
    for condition in (
        {"If-Match": '"x"'}, {"If-Match": f"W/{etag}"},
        {"If-Unmodified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
    ):  # fmt: skip
        assert (await person.get(path, headers=condition)).status == 412, condition
    assert (await person.get(path, headers={"If-Match": etag})).status == 200


async def test_MED_9_head_tells_what_get_would(person: ApiClient, medium: Json) -> None:
    for path in (f"/media/{medium['id']}", f"/media/{medium['id']}/thumbnail"):
        await settled(person, medium)
        got, head = await person.get(path), await person.request("HEAD", path)
        assert (head.status, head.body) == (200, b"")
        for name in ("Content-Length", "Content-Type", "ETag", "Accept-Ranges"):
            assert head.headers[name] == got.headers[name], (path, name)


async def test_HDR_7_and_MED_4_media_are_private_and_harmless(
    person: ApiClient, medium: Json
) -> None:
    await settled(person, medium)
    shown = (await person.get(f"/media/{medium['id']}/details")).json
    answers = [
        await person.get(f"/media/{medium['id']}"),
        await person.get(f"/media/{medium['id']}/thumbnail"),
        await person.anonymous().get(shown["signed_url"], root=True),
        await person.anonymous().get(shown["signed_thumbnail_url"], root=True),
        await person.get(f"/media/{medium['id']}", headers={"Range": "bytes=0-3"}),
    ]
    for answer in answers:
        assert answer.status in (200, 206)
        assert answer.headers["Cache-Control"].startswith("private, max-age=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    kinds = [answer.headers["Content-Disposition"].partition(";")[0] for answer in answers]
    assert kinds == ["attachment", "inline", "inline", "inline", "attachment"]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ('a"b\\c.png', "c.png"), ("../../etc/passwd.png", "passwd.png"),
        ("C:\\Users\\x.png", "x.png"), ("a\r\nX-Evil: 1.png", "aX-Evil: 1.png"),
        ("\u202egnp.exe.png", "gnp.exe.png"), ("Übung ☂.png", "Übung ☂.png"),
        ("x" * 300 + ".png", "x" * 251 + ".png"), ("…/.png", None), ("a\0b.png", "ab.png"),
    ],
)  # fmt: skip
async def test_MED_5_and_UPL_3_a_file_name_is_kept_harmless_and_never_becomes_a_path(
    person: ApiClient, name: str, kept: str | None
) -> None:
    """Sent raw: clients escape names, people who attack do not."""
    entry = await new_entry(person)
    boundary = "frontier"
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="entry_id"\r\n\r\n{entry["id"]}\r\n'
        f"--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename*=UTF-8''"
    )
    quoted = "".join(f"%{byte:02X}" for byte in name.encode())
    body = (head + quoted + "\r\n\r\n").encode() + DATA + f"\r\n--{boundary}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    answer = await person.request("POST", "/media/upload", data=body, headers=kind)
    assert answer.status == 201, answer.json
    medium = answer.json
    if kept is not None:
        assert medium["original_filename"] == kept
    assert medium["id"] in medium["file_path"]
    got = await person.get(f"/media/{medium['id']}")
    disposition = got.headers["Content-Disposition"]
    assert disposition.isascii()
    assert disposition.isprintable()
    assert disposition.startswith("attachment")


async def test_MED_7_memory_stays_flat_while_large_files_go_in_and_out(
    server: ServerProcess, person: ApiClient
) -> None:
    """40 MB here; a whole GB is in the bench."""
    size = 40 * 1024 * 1024
    header = b"RIFF" + struct.pack("<I", size - 8) + b"WAVEfmt " + struct.pack(
        "<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8
    ) + b"data" + struct.pack("<I", size - 44)  # fmt: skip
    entry = await new_entry(person)
    sound = await settled(person, await sent(person, entry, png(), "warm.png"))
    assert (await person.get(f"/media/{sound['id']}")).status == 200
    before = resident(server.pid)
    medium = await sent(person, entry, header + bytes(size - len(header)), "sea.wav")
    assert (medium["mime_type"], medium["media_type"]) == ("audio/wav", "audio")
    for start in range(0, size, 8_000_000):
        headers = {"Range": f"bytes={start}-{start + 7_999_999}"}
        assert (await person.get(f"/media/{medium['id']}", headers=headers)).status == 206
    assert resident(server.pid) - before < 20 * 1024 * 1024


def resident(pid: int) -> int:
    """Bytes of memory a process has."""
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
