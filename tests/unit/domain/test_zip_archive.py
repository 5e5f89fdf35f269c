"""What a ZIP file of a stranger may be (security.md §4.6, IMP)."""

from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from journiv.domain import zip_archive
from journiv.domain.errors import BadRequest

GOOD = {"data.json": b"{}", "media/one.png": b"\x89PNG" * 1000, "media/zwei ü.png": b"x"}
LOCAL_NAME = 30


def written(members: dict[str, bytes], path: Path, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile warns of names that stand twice
        with zipfile.ZipFile(path, "w", method) as file:
            for name, content in members.items():
                file.writestr(name, content)
    return path


def refusal(path: Path) -> str:
    """What is said to an archive, none of whose members may be reached."""
    with pytest.raises(BadRequest, match="Invalid ZIP file") as refused, zip_archive.opened(path):
        raise AssertionError("it was opened")
    return refused.value.detail


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_an_honest_archive_is_read_by_name(tmp_path: Path, method: int) -> None:
    path = written(GOOD, tmp_path / "a.zip", method)
    with zip_archive.opened(path) as archive:
        assert {name: archive.members[name].size for name in GOOD} == {
            name: len(content) for name, content in GOOD.items()
        }
        for name, content in GOOD.items():
            with archive.open(name) as file:
                assert file.read() == content
        assert [one.name for one in archive.below("media/")] == list(GOOD)[1:]
        assert archive.read("data.json", 2) == b"{}"
        with pytest.raises(BadRequest, match="larger than 1 bytes"):
            archive.read("data.json", 1)
        with pytest.raises(BadRequest, match="no member 'missing'"):
            archive.open("missing")
    assert list(tmp_path.iterdir()) == [path]


def test_archives_that_are_streamed_or_zip64_or_empty_are_honest_too(tmp_path: Path) -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as file:
        file.mkdir("media")
        for name, content in GOOD.items():
            with file.open(name, "w", force_zip64=True) as member:
                member.write(content)
    path = tmp_path / "a.zip"
    path.write_bytes(pipe.getvalue())
    with zip_archive.opened(path) as archive:
        assert list(archive.members) == list(GOOD)
    with zip_archive.opened(written({}, path)) as archive:
        assert archive.members == {}


@pytest.mark.parametrize(
    "name",
    ["../x", "a/../../x", "/etc/passwd", "C:\\x", "c:x", "a\\b", "a//b", "./a", "a/./b", "a\nb",
     "..", "a\x7f", "x" * 256, "\u202egnp.exe", "//server/x"],
)  # fmt: skip
def test_IMP_2_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    path = written({"data.json": b"{}", name: b"x"}, tmp_path / "a.zip")
    assert "name" in refusal(path)


@pytest.mark.parametrize("pair", [("a", "a"), ("A.png", "a.PNG"), ("é", "e\u0301"), ("a", "a/")])
def test_IMP_2_two_members_of_one_name_are_refused(tmp_path: Path, pair: tuple[str, str]) -> None:
    path = tmp_path / "a.zip"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with zipfile.ZipFile(path, "w") as file:
            for name in pair:
                file.writestr(name, b"")
    assert refusal(path).endswith("two of its members have one name")


def test_IMP_2_a_NUL_in_a_name_is_refused(tmp_path: Path) -> None:
    path = written({"a.png_.exe": b"x"}, tmp_path / "a.zip")
    path.write_bytes(path.read_bytes().replace(b"a.png_.exe", b"a.png\0.exe"))
    assert "name" in refusal(path)


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFBLK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK]
)
def test_IMP_3_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        info = zipfile.ZipInfo("photo.png")
        info.external_attr = (kind | 0o777) << 16
        file.writestr(info, "/etc/passwd")
    assert refusal(path).endswith("a member is a link or a device")


def changed(path: Path, marker: bytes, offset: int, value: bytes) -> None:
    """Overwrite bytes behind the last place where a marker stands."""
    raw = bytearray(path.read_bytes())
    place = raw.rindex(marker) + offset
    raw[place : place + len(value)] = value
    path.write_bytes(raw)


CENTRAL, FIRST, END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
LIES: dict[str, Callable[[Path], None]] = {
    "encrypted": lambda path: changed(path, CENTRAL, 8, b"\x01\x00"),
    "strongly encrypted": lambda path: changed(path, CENTRAL, 8, b"\x41\x00"),
    "an unknown method": lambda path: changed(path, CENTRAL, 10, b"\x63\x00"),
    "another method in the header": lambda path: changed(path, FIRST, 8, b"\x00\x00"),
    "a smaller size in the directory": lambda path: changed(path, CENTRAL, 24, b"\x05\0\0\0"),
    "another size in the header": lambda path: changed(path, FIRST, 22, b"\x05\0\0\0"),
    "a packed size beyond the file": lambda path: changed(path, CENTRAL, 20, b"\xff\xff\x0f\0"),
    "another name in the header": lambda path: changed(path, FIRST, LOCAL_NAME, b"Z"),
    "fewer members than there are": lambda path: changed(path, END, 8, b"\x01\0\x01\0"),
    "more members than there are": lambda path: changed(path, END, 8, b"\x07\0\x07\0"),
    "a directory elsewhere": lambda path: changed(path, END, 16, b"\x01\0\0\0"),
    "several disks": lambda path: changed(path, END, 4, b"\x01\0"),
    "a ZIP64 end that is not there": lambda path: changed(path, END, 8, b"\xff\xff\xff\xff"),
    "bytes in front": lambda path: path.write_bytes(b"#!/bin/sh\n" + path.read_bytes()),
    "bytes behind": lambda path: path.write_bytes(path.read_bytes() + b"tail"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[:-30]),
    "cut off in front": lambda path: path.write_bytes(path.read_bytes()[10:]),
    "no archive": lambda path: path.write_bytes(b"Dear diary"),
    "nothing": lambda path: path.write_bytes(b""),
}


@pytest.mark.parametrize("lie", LIES)
def test_IMP_3_what_an_archive_says_of_itself_must_be_true(tmp_path: Path, lie: str) -> None:
    path = written(GOOD, tmp_path / "a.zip")
    LIES[lie](path)
    refusal(path)


def test_IMP_3_members_that_overlap_are_refused(tmp_path: Path) -> None:
    path = written({"a": b"a" * 50, "b": b"b" * 50}, tmp_path / "a.zip", zipfile.ZIP_STORED)
    changed(path, CENTRAL, 42, struct.pack("<L", 0))
    changed(path, CENTRAL, 46, b"a")
    changed(path, FIRST, LOCAL_NAME, b"a")
    assert "member" in refusal(path)


def test_IMP_3_a_member_longer_than_it_says_is_cut_and_told(tmp_path: Path) -> None:
    path = written({"a": b"a" * 5000}, tmp_path / "a.zip")
    for marker, offset in ((CENTRAL, 24), (FIRST, 22)):
        changed(path, marker, offset, struct.pack("<L", 100))
    damaged = pytest.raises(BadRequest, match="a member is damaged")
    with zip_archive.opened(path) as archive, archive.open("a") as file, damaged:
        file.read()


def test_IMP_3_damaged_bytes_are_told_when_they_are_read(tmp_path: Path) -> None:
    path = written({"a": bytes(range(256)) * 100}, tmp_path / "a.zip")
    changed(path, FIRST, 60, b"\xff" * 20)
    damaged = pytest.raises(BadRequest, match="a member is damaged")
    with zip_archive.opened(path) as archive, archive.open("a") as file, damaged:
        file.read()


def test_IMP_5_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file, file.open("zeros", "w") as one:
        for _ in range(64):
            one.write(bytes(1024 * 1024))
    assert refusal(path).endswith("a member unpacks to more than 100 times its size")


def test_IMP_5_what_it_unpacks_to_in_all_has_a_limit(tmp_path: Path) -> None:
    path = written({str(number): b"x" * 1000 for number in range(10)}, tmp_path / "a.zip")
    with zip_archive.opened(path, most_inflated=10_000) as archive:
        assert len(archive.members) == 10
    refused = pytest.raises(BadRequest, match="unpacks to more than 9,999 bytes")
    with refused, zip_archive.opened(path, most_inflated=9_999):
        pass


def test_IMP_5_a_million_members_are_refused_without_reading_them(tmp_path: Path) -> None:
    """The directory says how many there are; it is never read."""
    path = tmp_path / "a.zip"
    length = 1_000_000 * 47
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 10**6, 10**6, length, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, length, 1)
    end = struct.pack("<4s4H2LH", END, 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with path.open("wb") as file:
        file.truncate(length)
        file.seek(length)
        file.write(end64 + locator + end)
    tracemalloc.start()
    assert refusal(path).endswith("it has more than 100,000 members")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1024 * 1024


def test_IMP_5_members_that_quote_one_another_are_refused(tmp_path: Path) -> None:
    """A bomb of overlapping members: each holds the headers of the next ones as its content."""
    path = written({"a": b"x" * 10, "b": b"y" * 10}, tmp_path / "a.zip", zipfile.ZIP_STORED)
    raw = path.read_bytes()
    second = raw.index(FIRST, 4)
    length = second + 31 + 10 - 31
    for marker_place in (18, 22):
        raw = raw[:marker_place] + struct.pack("<L", length) + raw[marker_place + 4 :]
    central = raw.index(CENTRAL)
    raw = raw[: central + 20] + struct.pack("<2L", length, length) + raw[central + 28 :]
    path.write_bytes(raw)
    assert refusal(path).endswith("two of its members share bytes")


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "missing", tmp_path):
        with pytest.raises(BadRequest, match="cannot be read"), zip_archive.opened(path):
            pass
        assert not zip_archive.is_zip(path)
