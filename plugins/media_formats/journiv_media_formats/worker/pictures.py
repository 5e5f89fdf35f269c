"""Measuring and drawing pictures with Pillow and libheif, within budgets."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

import pi_heif
from PIL import ExifTags, Image, ImageCms

from journiv_media_formats import signatures
from journiv_media_formats.worker import budgets, exif, when

QUALITY: Final = 80
OUTPUT: Final = "image/webp"

_DECODERS: Final = {
    signatures.JPEG: ("JPEG", "MPO"),
    signatures.PNG: ("PNG",),
    signatures.GIF: ("GIF",),
    signatures.WEBP: ("WEBP",),
    signatures.AVIF: ("AVIF",),
    signatures.HEIC: ("HEIF",),
    signatures.HEIF: ("HEIF",),
}
_SIDEWAYS: Final = frozenset({5, 6, 7, 8})


def prepare() -> None:
    """Tell Pillow of HEIC and of the budget."""
    pi_heif.register_heif_opener(thumbnails=False)
    Image.MAX_IMAGE_PIXELS = budgets.MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def facts(path: Path, mime: str) -> dict[str, Any]:
    """Return width and height as seen, and when it was taken. Raises `Refused`."""
    with opened(path, mime) as picture:
        tiff = _tiff(picture)
        sideways = exif.orientation(tiff) in _SIDEWAYS
        width, height = picture.size[::-1] if sideways else picture.size
    return {"width": width, "height": height, "taken_at": when.of_exif(_taken(tiff))}


def draw(path: Path, mime: str, variants: list[dict[str, Any]], folder: Path) -> list[Any]:
    """Draw the first frame in the sizes wanted. Raises `Refused`."""
    longest = max(one["longest"] for one in variants)
    with opened(path, mime) as picture:
        picture.draft("RGB", (longest, longest))  # a JPEG is decoded smaller, but not below
        return list(drawn(_upright(picture, longest), variants, folder))


def drawn(
    picture: Image.Image, variants: Iterable[dict[str, Any]], folder: Path
) -> Iterator[dict[str, Any]]:
    """Write each size from the one before it, largest first."""
    for one in sorted(variants, key=lambda wanted: -int(wanted["longest"])):
        picture = picture.copy()
        _fit(picture, one["longest"])
        path = folder / f"{one['name']}.webp"
        with path.open("xb") as file:
            picture.save(file, "WEBP", quality=QUALITY, method=4)
        width, height = picture.size
        yield {
            "variant": one["name"],
            "path": str(path),
            "mime": OUTPUT,
            "width": width,
            "height": height,
        }


@contextmanager
def opened(source: Path | IO[bytes], mime: str) -> Iterator[Image.Image]:
    """Read a picture's header. Raises `Refused` for one over the budgets."""
    try:
        picture = Image.open(source, formats=_DECODERS[mime])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise budgets.too_many_pixels() from None
    with picture:
        budgets.check_size(*picture.size)
        if mime != signatures.GIF:  # counted without decoding by `gif`
            budgets.check_frames(getattr(picture, "n_frames", 1))
        yield picture


def _tiff(picture: Image.Image) -> bytes:
    """Return the Exif that was read with the header, before any pixel."""
    found = picture.info.get("exif", b"")
    return bytes(found or b"").removeprefix(b"Exif\x00\x00")


def _taken(tiff: bytes) -> Mapping[int, Any]:
    """Return the part of Exif that says how it was taken; a broken one says nothing."""
    found = Image.Exif()
    try:
        found.load(tiff)
        return found.get_ifd(ExifTags.IFD.Exif)
    except Exception:  # the Exif of strangers breaks in any way
        return {}


def _upright(picture: Image.Image, longest: int) -> Image.Image:
    """Return the pixels as they are seen, small enough to work with, and nothing else."""
    profile, turn = picture.info.get("icc_profile"), _TURNS.get(exif.orientation(_tiff(picture)))
    small = _plain(picture)
    _fit(small, longest)
    shown = _coloured(small, profile)
    shown = shown.copy() if turn is None else shown.transpose(turn)
    shown.info = {}
    return shown


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by its orientation (Exif 2.32 §4.6.4)."""


def _fit(picture: Image.Image, longest: int) -> None:
    """Make a picture small enough where it lies, so that the large one gives its memory back."""
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _plain(picture: Image.Image) -> Image.Image:
    """Return RGB, RGBA or CMYK of eight bits."""
    if picture.mode in {"RGB", "RGBA", "CMYK"}:
        return picture
    if picture.mode.startswith("I;16") or picture.mode == "I":
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    has_alpha = picture.mode in {"LA", "PA", "La", "RGBa"} or "transparency" in picture.info
    return picture.convert("RGBA" if has_alpha else "RGB")


def _coloured(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the picture in sRGB; a profile that cannot be used is left out."""
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            shown = ImageCms.profileToProfile(picture, source, target, outputMode=mode)
        except (ImageCms.PyCMSError, OSError, ValueError):
            shown = None
        if shown is not None:
            return shown
    return picture.convert(mode)
