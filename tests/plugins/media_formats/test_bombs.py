from __future__ import annotations

import struct
from pathlib import Path

import pytest
from PIL import Image

from journiv.contracts.media_processing import Variant
from journiv.domain.errors import Unprocessable
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.conftest import Workshop
from tests.plugins.media_formats.test_sniffing import PICTURES

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOO_LARGE = "This picture has more than 80 million pixels."
MOST_MEMORY = 120_000  # kB: what the decoders themselves take, and little more


def peak(pid: int | None) -> int:
    """Return the most memory that a process has held at once, in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def grown(path: Path, at: int, size: bytes) -> Path:
    """Make a picture claim another size."""
    content = bytearray(path.read_bytes())
    content[at : at + len(size)] = size
    path.write_bytes(content)
    return path


def grown_gif(folder: Path) -> Path:
    return grown(samples.photograph(folder, "gif"), 6, struct.pack("<HH", 65500, 65500))


def grown_jpeg(folder: Path) -> Path:
    path = samples.photograph(folder, "jpg")
    frame = path.read_bytes().index(b"\xff\xc0")
    return grown(path, frame + 5, struct.pack(">HH", 65500, 65500))


def grown_webp(folder: Path) -> Path:
    path = folder / "large.webp"
    samples.quarters().save(path, lossless=False)
    start = path.read_bytes().index(b"\x9d\x01\x2a")
    return grown(path, start + 3, struct.pack("<HH", 16383, 16383))


def grown_extents(folder: Path, suffix: str) -> Path:
    """Write a HEIC or AVIF whose every spatial extent is 65,500 pixels a side."""
    path = samples.photograph(folder, suffix)
    content = path.read_bytes()
    while (start := content.find(b"ispe\x00\x00\x00\x00")) != -1:
        size = struct.pack(">II", 65500, 65500)
        content = content[:start] + b"ISPE\x00\x00\x00\x00" + size + content[start + 16 :]
    path.write_bytes(content.replace(b"ISPE", b"ispe"))
    return path


BOMBS = {
    "png": lambda folder: samples.huge_png(folder / "large.png", 65500, 65500),
    "png of 81 million": lambda folder: samples.huge_png(folder / "large.png", 9000, 9000),
    "gif": grown_gif,
    "jpg": grown_jpeg,
    "webp": grown_webp,
    "avif": lambda folder: grown_extents(folder, "avif"),
    "heic": lambda folder: grown_extents(folder, "heic"),
}


@pytest.mark.asyncio
@pytest.mark.parametrize("bomb", BOMBS)
async def test_UPL_4_a_pixel_bomb_is_refused_by_its_header(bomb: str, own_workshop: Workshop):
    path = BOMBS[bomb](own_workshop.folder)
    with pytest.raises(Unprocessable) as refused:
        await own_workshop.pictures.inspect(path, own_workshop.sniff(path))
    assert refused.value.detail == TOO_LARGE
    with pytest.raises(Unprocessable):
        await own_workshop.thumbnail(path)
    assert peak(own_workshop.uploads.pid) < MOST_MEMORY
    assert peak(own_workshop.thumbnails.pid) < MOST_MEMORY


async def test_UPL_4_a_long_side_is_refused_too(workshop: Workshop):
    path = samples.huge_png(workshop.folder / "long.png", 30001, 1)
    with pytest.raises(Unprocessable):
        await workshop.pictures.inspect(path, "image/png")
    path = samples.huge_png(workshop.folder / "long-enough.png", 30000, 1)
    assert (await workshop.pictures.inspect(path, "image/png")).width == 30000


async def test_UPL_5_ten_thousand_frames_are_refused(workshop: Workshop):
    path = samples.photograph(workshop.folder, "gif")
    content = path.read_bytes()
    frame = content.index(b"\x2c\x00\x00\x00\x00")
    path.write_bytes(content[:frame] + content[frame:-1] * 10_000 + b"\x3b")
    with pytest.raises(Unprocessable, match="more than 500 frames"):
        await workshop.pictures.inspect(path, "image/gif")


@pytest.mark.parametrize(("suffix", "lossless"), [("webp", True), ("png", True)])
async def test_UPL_5_nor_more_than_500_of_webp_and_png(
    suffix: str, lossless: bool, workshop: Workshop
):
    frames = [Image.new("L", (2, 2), number % 256) for number in range(501)]
    for count, kept in ((500, True), (501, False)):
        path = workshop.folder / f"{count}.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:count], lossless=lossless)
        if kept:
            assert (await workshop.pictures.inspect(path, samples.TYPES[suffix])).width == 2
        else:
            with pytest.raises(Unprocessable, match="more than 500 frames"):
                await workshop.pictures.inspect(path, samples.TYPES[suffix])


@pytest.mark.parametrize("suffix", [*PICTURES, "mp4", "webm", "wav"])
async def test_UPL_5_a_truncated_file_is_refused_and_the_next_one_read(
    suffix: str, workshop: Workshop
):
    make = samples.photograph if suffix in PICTURES else samples.recording
    path = make(workshop.folder, suffix)
    whole, mime = path.read_bytes(), workshop.sniff(path)
    end = whole.rfind(b"\xff\xd9") if suffix == "jpg" else len(whole)
    processor = workshop.processor(mime)
    for cut in (end - 1, end // 2, 64):
        path.write_bytes(whole[:cut])
        with pytest.raises(Unprocessable):
            await processor.inspect(path, mime)
    path.write_bytes(whole)
    pid = workshop.uploads.pid
    await processor.inspect(path, mime)
    assert workshop.uploads.pid == pid


async def test_UPL_5_a_wrong_checksum_is_refused(workshop: Workshop):
    path = samples.photograph(workshop.folder, "png")
    content = bytearray(path.read_bytes())
    content[content.index(b"IDAT") + 10] ^= 1
    path.write_bytes(content)
    with pytest.raises(Unprocessable, match="checksum"):
        await workshop.pictures.inspect(path, "image/png")


@pytest.mark.parametrize("suffix", [*PICTURES, "mp4", "webm", "wav", "opus", "flac"])
async def test_UPL_5_garbage_never_harms_the_process(suffix: str, workshop: Workshop):
    """Each byte of the first part in turn is turned over; the process answers and lives."""
    make = samples.photograph if suffix in PICTURES else samples.recording
    path = make(workshop.folder, suffix)
    whole, mime = path.read_bytes(), workshop.sniff(path)
    processor = workshop.processor(mime)
    for at in range(4, min(len(whole), 400), 23):
        path.write_bytes(whole[:at] + bytes((whole[at] ^ 0xFF,)) + whole[at + 1 :])
        target = workshop.folder / f"copy-{at}"
        try:
            await processor.strip(path, mime, target)
        except Unprocessable:
            assert not target.exists()


@pytest.mark.parametrize(
    "document", [b"<script>alert(1)</script>", b"<HTML ><body>", b"<svg onload=alert(1)>"]
)
async def test_a_picture_that_is_a_document_as_well_is_refused(document: bytes, workshop: Workshop):
    path = workshop.folder / "both.gif"
    samples.quarters().save(path, comment=document)
    with pytest.raises(Unprocessable, match="document as well"):
        await workshop.pictures.inspect(path, "image/gif")


async def test_a_picture_of_another_type_than_said_is_refused(workshop: Workshop):
    path = samples.photograph(workshop.folder, "png")
    for mime in sorted(workshop.pictures.types - {"image/png"}):
        with pytest.raises(Unprocessable):
            await workshop.pictures.inspect(path, mime)
        with pytest.raises(Unprocessable):
            await workshop.pictures.render(
                path, mime, [Variant(name="x", longest=9)], workshop.folder
            )
    assert list(workshop.folder.iterdir()) == [path]
