from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageOps

from tests.plugins.media_formats import samples
from tests.plugins.media_formats.conftest import Workshop

pytestmark = pytest.mark.asyncio(loop_scope="module")

CORNERS = ("red", "lime", "blue", "white")
COLOURS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "white": (255,) * 3}
# What a camera stores for a picture that is seen upright: the reverse of what the reader does.
STORED = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}  # fmt: skip


def sideways(folder: Path, suffix: str, orientation: int) -> Path:
    """Write a picture as a camera held that way does; seen right, red is above and left."""
    turn = STORED[orientation]
    upright = samples.quarters(60, 40)
    stored = upright if turn is None else upright.transpose(turn)
    path = folder / f"held-{orientation}.{suffix}"
    samples.save(stored, path, samples.notes(orientation))
    return path


def corners(picture: Image.Image) -> tuple[str, ...]:
    """Name the colours of the four corners, row by row."""
    shown = picture.convert("RGB")
    width, height = shown.size
    places = [(x, y) for y in (height // 5, height * 4 // 5) for x in (width // 5, width * 4 // 5)]
    return tuple(_name(shown.getpixel(place)) for place in places)


def _name(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    return min(
        COLOURS, key=lambda one: sum(abs(a - b) for a, b in zip(COLOURS[one], pixel, strict=True))
    )


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "heic"])
async def test_UPL_6_every_picture_is_upright(suffix: str, workshop: Workshop):
    for orientation in range(1, 9):
        taken = sideways(workshop.folder, suffix, orientation)
        facts = await workshop.pictures.inspect(taken, samples.TYPES[suffix])
        assert (orientation, facts.width, facts.height) == (orientation, 60, 40)
        (made,) = await workshop.thumbnail(taken)
        with Image.open(made.path) as picture:
            assert picture.size == (made.width, made.height) == (30, 20)
            assert (orientation, *corners(picture)) == (orientation, *CORNERS)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "heic"])
async def test_UPL_6_and_is_still_after_the_strip(suffix: str, workshop: Workshop):
    for orientation in range(1, 9):
        clean = await workshop.strip(sideways(workshop.folder, suffix, orientation))
        assert clean is not None
        assert samples.SECRET.encode() not in clean.read_bytes()
        (made,) = await workshop.thumbnail(clean)
        with Image.open(made.path) as picture:
            assert (orientation, *corners(picture)) == (orientation, *CORNERS)
        if suffix != "heic":
            with Image.open(clean) as picture:
                assert corners(ImageOps.exif_transpose(picture)) == CORNERS
