from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageChops

from journiv.domain.errors import Unprocessable
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.conftest import Workshop
from tests.plugins.media_formats.test_sniffing import FILMS, PICTURES, SOUNDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

TELLING = (
    "GPS",
    samples.SECRET,
    "Make ",
    "SerialNumber",
    "[XMP",
    "IPTC",
    "DateTimeOriginal",
    "48.8",
)


def assert_tells_nothing(path: Path) -> None:
    found = samples.exiftool(path)
    assert [word for word in TELLING if word in found] == [], found
    content = path.read_bytes()
    assert samples.SECRET.encode() not in content
    assert samples.PLACE.encode() not in content


@pytest.mark.parametrize("suffix", PICTURES)
async def test_UPL_7_a_served_picture_tells_no_place_and_no_device(suffix: str, workshop: Workshop):
    taken = samples.photograph(workshop.folder, suffix, 1)
    assert samples.SECRET in samples.exiftool(taken)
    clean = await workshop.strip(taken)
    assert clean is not None
    assert_tells_nothing(clean)


@pytest.mark.parametrize("suffix", PICTURES)
async def test_UPL_7_nor_does_a_thumbnail(suffix: str, workshop: Workshop):
    (made,) = await workshop.thumbnail(samples.photograph(workshop.folder, suffix, 1))
    assert made.mime == "image/webp"
    assert_tells_nothing(made.path)


@pytest.mark.parametrize("suffix", FILMS + SOUNDS)
async def test_UPL_7_nor_does_a_film_or_sound(suffix: str, workshop: Workshop):
    made = samples.recording(workshop.folder, suffix)
    clean = await workshop.strip(made)
    if suffix == "aac":  # ffmpeg writes no notes into it
        assert clean is None
        return
    assert samples.SECRET.encode() in made.read_bytes()
    assert clean is not None
    assert_tells_nothing(clean)
    mime = workshop.sniff(clean)
    facts = await workshop.recordings.inspect(clean, mime)
    assert facts.duration == pytest.approx(2, abs=0.2)


@pytest.mark.parametrize("suffix", PICTURES)
async def test_every_pixel_stays(suffix: str, workshop: Workshop):
    taken = samples.photograph(workshop.folder, suffix, 1)
    clean = await workshop.strip(taken)
    assert clean is not None
    before, after = samples.opened(taken), samples.opened(clean)
    assert ImageChops.difference(before, after).getbbox() is None


@pytest.mark.parametrize("suffix", [*PICTURES, *FILMS, *SOUNDS])
async def test_a_clean_file_is_left_alone(suffix: str, workshop: Workshop):
    make = samples.photograph if suffix in PICTURES else samples.recording
    taken = make(workshop.folder, suffix)
    clean = await workshop.strip(taken) or taken
    assert await workshop.strip(clean) is None
    assert not clean.with_name(f"clean-{clean.name}").exists()


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp"])
async def test_the_colour_profile_stays(suffix: str, workshop: Workshop):
    with Image.open(samples.linear_light(workshop.folder / "linear.png", 128)) as picture:
        profile = picture.info["icc_profile"]
        noted = workshop.folder / f"noted.{suffix}"
        picture.save(noted, icc_profile=profile, exif=samples.notes())
    clean = await workshop.strip(noted)
    assert clean is not None
    with Image.open(clean) as picture:
        assert picture.info["icc_profile"] == profile


async def test_what_follows_a_picture_goes(workshop: Workshop):
    path = workshop.folder / "two.png"
    samples.quarters().save(path)
    before = path.read_bytes()
    path.write_bytes(before + b"<script>alert(1)</script>" + b"PK\x03\x04")
    clean = await workshop.strip(path)
    assert clean is not None
    assert clean.read_bytes() == before


async def test_a_thumbnail_inside_goes(workshop: Workshop):
    path = workshop.folder / "jfif.jpg"
    samples.quarters().save(path)
    content = path.read_bytes()
    assert content[2:4] == b"\xff\xe0"
    small = b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01" + b"\x07\x08\x09"
    header = b"\xff\xe0" + (len(small) + 2).to_bytes(2, "big") + small
    path.write_bytes(content[:2] + header + content[4 + int.from_bytes(content[4:6], "big") :])
    clean = await workshop.strip(path)
    assert clean is not None
    assert b"\x07\x08\x09" not in clean.read_bytes()[:40]


async def test_a_broken_file_leaves_no_copy(workshop: Workshop):
    path = samples.photograph(workshop.folder, "jpg")
    path.write_bytes(path.read_bytes()[:-200])
    target = workshop.folder / "copy"
    with pytest.raises(Unprocessable):
        await workshop.pictures.strip(path, "image/jpeg", target)
    assert not target.exists()
