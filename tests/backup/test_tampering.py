"""What is refused when a backup is read, before anything is done with it."""

from __future__ import annotations

import hashlib
import io
import tarfile

import orjson
import pytest

from journiv.services.backup.format import FORMAT, ArchiveWriter, Damaged
from journiv.services.backup.verifying import SAMPLE, verified

LINES = b'["u","k"]\n["u","l"]\n'
Members = dict[str, bytes]


def manifest(**changes: object) -> bytes:
    table = {"rows": 2, "sha256": hashlib.sha256(LINES).hexdigest(), "columns": ["a", "b"]}
    whole = {
        "format": FORMAT, "layout": "x 1", "version": "1", "installation": "i",
        "created_at": "2026-01-01T00:00:00.000000Z", "about": ["id"],
        "tables": {"media": table}, "media": {"files": 1, "bytes": 3, "missing": []},
    }  # fmt: skip
    return orjson.dumps(whole | changes)


def whole() -> Members:
    return {
        "tables/media/000001.ndjson": LINES,
        "media/u/photograph.jpg": b"abc",
        "about.json": b"[1]",
        "manifest.json": manifest(),
    }


def written(members: Members) -> bytes:
    """Write an archive whose digests agree, whatever is in it."""
    sink = io.BytesIO()
    archive = ArchiveWriter(sink)
    for name, content in members.items():
        archive.add(name, content)
    archive.finish()
    return sink.getvalue()


def refused(content: bytes) -> None:
    with pytest.raises(Damaged):
        verified(io.BytesIO(content))


def test_a_whole_backup_is_read_with_what_it_says_of_itself() -> None:
    contents = verified(io.BytesIO(written(whole())))
    assert contents.about == (1,)
    assert contents.sample == {"u/photograph.jpg": hashlib.sha256(b"abc").hexdigest()}


def test_a_backup_cut_anywhere_is_refused() -> None:
    content = written(whole())
    for length in range(0, len(content) - 1024, 256):
        refused(content[:length])


def test_a_flipped_bit_of_any_member_is_refused() -> None:
    content = written(whole())
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        places = [info.offset_data for info in archive]
    for place in places:
        refused(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])


@pytest.mark.parametrize("name", list(whole()))
def test_a_missing_member_is_refused(name: str) -> None:
    members = whole()
    del members[name]
    refused(written(members))


@pytest.mark.parametrize(
    "name",
    [
        "media/../../etc/passwd", "media//etc/passwd", "media/u/../x", "/media/x", "../x",
        "media/.x",
        "tables/media/000003.ndjson", "tables/../000001.ndjson", "tables/users/000001.ndjson",
        "media/u/more.jpg", "notes.txt", "media\\x",
    ],
)  # fmt: skip
def test_an_extra_member_is_refused_wherever_it_would_go(name: str) -> None:
    refused(written({name: b'["x"]\n', **whole()}))


def test_a_member_that_comes_twice_is_refused() -> None:
    sink = io.BytesIO()
    archive = ArchiveWriter(sink)
    for members in (whole(), {"media/u/photograph.jpg": b"abc"}):
        for name, content in members.items():
            archive.add(name, content)
    archive.finish()
    refused(sink.getvalue())


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE]
)
def test_links_folders_and_pipes_are_refused(kind: bytes) -> None:
    info = tarfile.TarInfo("media/u/link.jpg")
    info.type, info.linkname = kind, "/etc/passwd"
    refused(info.tobuf(tarfile.PAX_FORMAT) + written(whole()))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "journiv-backup/9"},
        {"tables": {}},
        {"tables": {"media": {"rows": 3, "sha256": "", "columns": []}}},
        {"media": {"files": 2, "bytes": 3}},
        {"media": {"files": 1, "bytes": 4}},
        {"layout": None},
        {"media": None},
    ],
)
def test_a_manifest_that_tells_of_something_else_is_refused(changes: dict[str, object]) -> None:
    refused(written({**whole(), "manifest.json": manifest(**changes)}))


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff"])
def test_a_manifest_that_is_none_is_refused(content: bytes) -> None:
    refused(written({**whole(), "manifest.json": content}))


def test_of_many_media_so_many_are_drawn_and_not_always_the_same() -> None:
    media = {f"media/u/{number}.jpg": b"x" for number in range(4 * SAMPLE)}
    counts = {"files": len(media), "bytes": len(media)}
    members = whole() | media | {"manifest.json": manifest(media=counts)}
    del members["media/u/photograph.jpg"]
    content = written(members)
    drawn = {frozenset(verified(io.BytesIO(content)).sample) for _ in range(3)}
    assert len(drawn) == 3
    assert {len(one) for one in drawn} == {SAMPLE}
