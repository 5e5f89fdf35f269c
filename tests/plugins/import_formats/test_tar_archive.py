"""Gzipped tar files: read from any place in flat memory, and refused where ZIP files are."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from journiv.domain.errors import BadRequest
from journiv_import_formats import gzip_index, tar_archive
from journiv_import_formats.gzip_index import GzipIndex

LINKS = (tarfile.SYMTYPE, tarfile.LNKTYPE)


def packed(
    path: Path,
    *members: tuple[str, bytes],
    kind: bytes = tarfile.REGTYPE,
    format: int = tarfile.PAX_FORMAT,
) -> Path:
    with tarfile.open(path, "w:gz", format=format) as file:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size, info.type, info.mtime = len(content), kind, 1_709_245_800
            info.linkname = "elsewhere" if kind in LINKS else ""
            file.addfile(info, io.BytesIO(content))
    return path


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_members_come_back_by_name_in_any_order(tmp_path: Path, format: int) -> None:
    long = "/".join(["Ordner mit Namen"] * 8)
    names = ["a.json", "./b.json", f"{long}/c.json", "empty"]
    if format != tarfile.USTAR_FORMAT:
        names.append(f"{long}/{'ü' * 110}.json")
    contents = {name: noise(1000 * place, place) for place, name in enumerate(names)}
    contents["empty"] = b""
    path = packed(tmp_path / "x.tgz", *contents.items(), format=format)
    with tar_archive.opened(path) as archive:
        assert list(archive.members) == [name.removeprefix("./") for name in names]
        for name in (*reversed(names), *names):
            inside = name.removeprefix("./")
            assert archive.read(inside, 1 << 20) == contents[name]
            assert archive.members[inside].modified == "2024-02-29T22:30:00+00:00"


def test_folders_are_no_members(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tgz", "w:gz") as file:
        info = tarfile.TarInfo("Keep/")
        info.type = tarfile.DIRTYPE
        file.addfile(info)
    with tar_archive.opened(tmp_path / "x.tgz") as archive:
        assert not archive.members


@pytest.mark.parametrize("kind", [*LINKS, tarfile.CHRTYPE, tarfile.FIFOTYPE, b"S"])
def test_IMP_3_what_is_no_plain_file_is_refused(tmp_path: Path, kind: bytes) -> None:
    refused(packed(tmp_path / "x.tgz", ("passwd", b""), kind=kind), "a link or a device")


@pytest.mark.parametrize(
    "name", ["../up", "/etc/passwd", "a/../../b", "C:/x", "a\\b", "a\nb", "a//b", "x" * 300]
)
def test_IMP_2_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    refused(packed(tmp_path / "x.tgz", (name, b"x")), "name")


def test_IMP_2_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    refused(packed(tmp_path / "x.tgz", ("a", b"1"), ("A", b"2")), "one name")


def test_IMP_5_a_bomb_is_refused_while_it_goes_off(tmp_path: Path) -> None:
    zeros = bytes(64 * 1024 * 1024)
    path = packed(tmp_path / "x.tgz", ("zeros", zeros))
    del zeros
    tracemalloc.start()
    try:
        refused(path, "unpacks to more than")
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    finally:
        tracemalloc.stop()


def test_a_header_that_announces_a_giant_name_is_refused(tmp_path: Path) -> None:
    info = tarfile.TarInfo("././@LongLink")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 32
    with gzip.open(tmp_path / "x.tgz", "wb") as file:
        file.write(info.tobuf(tarfile.GNU_FORMAT) + noise(4096))
    refused(tmp_path / "x.tgz", "header is too long")


@pytest.mark.parametrize("place", [0, 100, 150, 257])
def test_IMP_3_a_damaged_header_is_refused(tmp_path: Path, place: int) -> None:
    raw = bytearray(gzip.decompress(packed(tmp_path / "x.tgz", ("a", b"1")).read_bytes()))
    raw[place] ^= 0x0F
    (tmp_path / "x.tgz").write_bytes(gzip.compress(bytes(raw)))
    refused(tmp_path / "x.tgz", "header is damaged")


@pytest.mark.parametrize("size", [b"-0000002000", b"-0000000005", b"0000001_000", b"0x0000001f "])
def test_IMP_3_a_size_that_is_no_octal_number_is_refused(tmp_path: Path, size: bytes) -> None:
    header = bytearray(tarfile.TarInfo("a.json").tobuf(tarfile.USTAR_FORMAT))
    header[124:135], header[148:156] = size, b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    (tmp_path / "x.tgz").write_bytes(gzip.compress(bytes(header) + bytes(1024)))
    refused(tmp_path / "x.tgz", "header is damaged")


def test_IMP_3_a_length_of_thousands_of_digits_is_refused(tmp_path: Path) -> None:
    record = (b"00009000" + b"1" * 5000 + b" path=x").ljust(9008)
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(record)
    raw = info.tobuf(tarfile.USTAR_FORMAT) + record + bytes(-len(record) % 512 + 1024)
    (tmp_path / "x.tgz").write_bytes(gzip.compress(raw))
    refused(tmp_path / "x.tgz", "header is damaged")


def test_many_gzip_members_behind_each_other_are_one_file(tmp_path: Path) -> None:
    whole = gzip.decompress(packed(tmp_path / "x.tgz", ("a", noise(5000))).read_bytes())
    parts = [gzip.compress(whole[start : start + 700]) for start in range(0, len(whole), 700)]
    (tmp_path / "x.tgz").write_bytes(b"".join(parts) + bytes(1024))
    with tar_archive.opened(tmp_path / "x.tgz") as archive:
        assert archive.read("a", 5000) == noise(5000)


def test_any_place_is_read_from_a_state_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gzip_index, "SPACING", 10_000)
    monkeypatch.setattr(gzip_index, "MOST_STATES", 8)
    content = noise(1_000_000)
    (tmp_path / "x.gz").write_bytes(gzip.compress(content))
    index = GzipIndex(tmp_path / "x.gz", len(content))
    index.open(len(content)).close()
    places = random.Random(7)
    for _ in range(30):
        wanted = [places.randrange(len(content)) for _ in range(2)]
        streams = [index.open(place) for place in wanted]
        for place, stream in zip(wanted, streams, strict=True):
            assert stream.read(3000) == content[place : place + 3000]
            stream.close()
    assert len(index.kept) <= 8


def refused(path: Path, reason: str) -> None:
    with pytest.raises(BadRequest, match=reason), tar_archive.opened(path):
        pass


def test_a_large_archive_is_read_in_flat_memory(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.tgz", *((f"{n}", noise(1 << 20, n)) for n in range(16)))
    tracemalloc.start()
    try:
        with tar_archive.opened(path) as archive:
            for name in archive.members:
                with archive.open(name) as file:
                    while file.read(1 << 16):
                        pass
        assert tracemalloc.get_traced_memory()[1] < 2 * 1024 * 1024
    finally:
        tracemalloc.stop()
