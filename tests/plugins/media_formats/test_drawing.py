from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from journiv.contracts.media_processing import Variant
from journiv.domain.errors import Unprocessable
from tests.plugins.media_formats import samples
from tests.plugins.media_formats.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")

LARGE, MIDDLE, SMALL = (Variant(name=str(one), longest=one) for one in (200, 100, 30))


def near(pixel: object, wanted: tuple[int, ...], by: int = 12) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) <= by for a, b in zip(pixel, wanted, strict=True))


async def drawn(workshop: Workshop, path: Path) -> Image.Image:
    """Return the small picture of a file."""
    (made,) = await workshop.thumbnail(path)
    with Image.open(made.path) as picture:
        picture.load()
        return picture


async def test_each_size_is_drawn_and_fits(workshop: Workshop):
    path = workshop.folder / "wide.png"
    samples.quarters(400, 300).save(path)
    made = await workshop.thumbnail(path, SMALL, LARGE, MIDDLE)
    sizes = {one.variant: (one.width, one.height) for one in made}
    assert sizes == {"200": (200, 150), "100": (100, 75), "30": (30, 23)}
    for one in made:
        with Image.open(one.path) as picture:
            assert (picture.format, picture.size) == ("WEBP", (one.width, one.height))
        assert one.path.stat().st_mode & 0o777 == 0o600


async def test_a_small_picture_is_not_enlarged(workshop: Workshop):
    path = workshop.folder / "small.png"
    samples.quarters(20, 10).save(path)
    made = await workshop.thumbnail(path, LARGE, SMALL)
    assert [(one.width, one.height) for one in made] == [(20, 10), (20, 10)]


async def test_a_line_keeps_at_least_one_pixel(workshop: Workshop):
    path = workshop.folder / "line.png"
    Image.new("RGB", (5000, 2), "red").save(path)
    (made,) = await workshop.thumbnail(path)
    assert (made.width, made.height) == (30, 1)


async def test_of_an_animation_the_first_frame_is_drawn(workshop: Workshop):
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    for suffix in ("gif", "webp", "png"):
        path = workshop.folder / f"moving.{suffix}"
        frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
        assert near((await drawn(workshop, path)).convert("RGB").getpixel((15, 15)), (255, 0, 0))


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
async def test_what_is_transparent_stays_so(mode: str, workshop: Workshop):
    whole = Image.new("RGBA", (60, 60), (255, 0, 0, 255))
    whole.paste((0, 0, 0, 0), (0, 0, 30, 60))
    path = workshop.folder / "half.png"
    whole.convert(mode).save(path)
    picture = await drawn(workshop, path)
    assert picture.mode == "RGBA"
    assert picture.getpixel((3, 15))[3] == 0
    assert picture.getpixel((26, 15))[3] == 255


async def test_grey_of_sixteen_bits_keeps_its_tone(workshop: Workshop):
    path = workshop.folder / "grey.png"
    Image.new("I;16", (50, 50), 0x8000).save(path)
    assert near((await drawn(workshop, path)).convert("RGB").getpixel((9, 9)), (128,) * 3)


async def test_inks_become_light(workshop: Workshop):
    path = workshop.folder / "inks.jpg"
    Image.new("CMYK", (50, 50), (0, 255, 255, 0)).save(path, quality=95)
    assert near((await drawn(workshop, path)).convert("RGB").getpixel((9, 9)), (255, 0, 0))


async def test_colours_of_another_space_become_those_of_srgb(workshop: Workshop):
    """A profile without gamma: what it calls middle grey is light in sRGB."""
    path = samples.linear_light(workshop.folder / "linear.png", 128)
    picture = await drawn(workshop, path)
    assert near(picture.convert("RGB").getpixel((9, 9)), (188,) * 3)
    assert "icc_profile" not in picture.info


async def test_a_profile_of_nonsense_is_left_out(workshop: Workshop):
    path = workshop.folder / "odd.png"
    Image.new("RGB", (50, 50), "red").save(path, icc_profile=b"nonsense" * 30)
    assert near((await drawn(workshop, path)).convert("RGB").getpixel((9, 9)), (255, 0, 0))


@pytest.mark.parametrize(
    ("taken", "offset", "said"),
    [
        ("2024:05:01 10:20:30", "+02:00", "2024-05-01T08:20:30.000000Z"),
        ("2024:05:01 10:20:30", "-09:30", "2024-05-01T19:50:30.000000Z"),
        ("2024:05:01 10:20:30", None, "2024-05-01T10:20:30"),
        ("2024:05:01 10:20:30", "+99:00", None),
        ("2024:13:01 10:20:30", "+02:00", None),
        ("0000:00:00 00:00:00", None, None),
        ("   ", "+02:00", None),
    ],
)
async def test_a_photograph_tells_when_it_was_taken(
    taken: str, offset: str | None, said: str | None, workshop: Workshop
):
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0x9003: taken} | ({} if offset is None else {0x9011: offset}))
    path = workshop.folder / "taken.jpg"
    samples.quarters().save(path, exif=exif)
    assert (await workshop.pictures.inspect(path, "image/jpeg")).taken_at == said


async def test_broken_exif_breaks_no_picture(workshop: Workshop):
    path = workshop.folder / "odd.jpg"
    samples.quarters().save(path, exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x01\x12")
    facts = await workshop.pictures.inspect(path, "image/jpeg")
    assert (facts.width, facts.height, facts.taken_at) == (60, 40, None)


async def test_damage_inside_is_met_when_it_is_drawn(workshop: Workshop):
    """A PNG whose checksums are right and whose pixels are no zlib stream."""
    path = samples.huge_png(workshop.folder / "short.png", 200, 200)
    await workshop.pictures.inspect(path, "image/png")
    with pytest.raises(Unprocessable):
        await workshop.thumbnail(path)
