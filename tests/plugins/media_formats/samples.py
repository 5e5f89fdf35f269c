"""Pictures and recordings made for the tests, with notes that must not survive."""

from __future__ import annotations

import struct
import subprocess
import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pillow_heif
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from devtools.programs import SystemProgram, locate, require

EXIFTOOL = SystemProgram("exiftool", "libimage-exiftool-perl", "finds notes in the tests")
FFMPEG = SystemProgram("ffmpeg", "ffmpeg", "makes and shows films in the tests")

TYPES: Mapping[str, str] = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "heic": "image/heic",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "weba": "audio/webm",
    "avi": "video/x-msvideo",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "aac": "audio/aac",
    "opus": "audio/ogg",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
}
SECRET = "Secret-4711"
PLACE = "+48.8584+002.2945/"
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
    b'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:aux="http://ns.adobe.com/exif/1.0/aux/" aux:SerialNumber="Secret-4711"/>'
    b"</rdf:RDF></x:xmpmeta>"
)


def quarters(width: int = 60, height: int = 40) -> Image.Image:
    """Red and green above, blue and white below: it shows which way up it is."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste("red", (0, 0, width // 2, height // 2))
    picture.paste("lime", (width // 2, 0, width, height // 2))
    picture.paste("blue", (0, height // 2, width // 2, height))
    return picture


def notes(orientation: int = 1) -> Image.Exif:
    """Return Exif with a place, a serial number, a maker's note and a time."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    taken = {0x9003: "2024:05:01 10:20:30", 0x9011: "+02:00"}
    exif.get_ifd(0x8769).update(taken | {0xA431: SECRET, 0x927C: SECRET.encode()})
    return exif


def photograph(folder: Path, suffix: str, orientation: int = 1) -> Path:
    """Write a picture with all the notes its format can carry."""
    path = folder / f"photograph-{orientation}.{suffix}"
    picture = quarters()
    exif = notes(orientation)
    if suffix == "png":
        texts = PngInfo()
        texts.add_text("Comment", SECRET)
        texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
        picture.save(path, exif=exif, pnginfo=texts)
    elif suffix == "gif":
        picture.save(path, comment=SECRET.encode())
    elif suffix == "jpg":
        picture.save(path, exif=exif, xmp=XMP, comment=SECRET.encode(), quality=95)
        path.write_bytes(_with_iptc(path.read_bytes()) + SECRET.encode())
    else:
        save(picture, path, exif, XMP)
    return path


def save(picture: Image.Image, path: Path, exif: Image.Exif, xmp: bytes = b"") -> None:
    """Write a picture that the encoders of HEIC and all others take."""
    if path.suffix == ".heic":
        whole = pillow_heif.from_pillow(picture)
        whole.info["exif"] = exif.tobytes()
        whole.save(path, xmp=xmp or None, quality=90)
    else:
        picture.save(path, exif=exif, xmp=xmp, quality=95)


def opened(path: Path) -> Image.Image:
    """Return a picture's pixels, of HEIC too."""
    if path.suffix == ".heic":
        return pillow_heif.open_heif(path).to_pillow()
    with Image.open(path) as picture:
        return picture.convert("RGB")


def linear_light(path: Path, grey: int) -> Path:
    """Write a grey picture whose profile counts light itself (sRGB's profile, without gamma)."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for number in range(int.from_bytes(profile[128:132], "big")):
        entry = 132 + 12 * number
        if profile[entry : entry + 4] in (b"rTRC", b"gTRC", b"bTRC"):
            at = int.from_bytes(profile[entry + 4 : entry + 8], "big")
            profile[at : at + 12] = b"curv" + bytes(8)  # no entries: linear (ICC.1 §10.6)
    Image.new("RGB", (50, 50), (grey,) * 3).save(path, icc_profile=bytes(profile))
    return path


def recording(folder: Path, suffix: str) -> Path:
    """Write two seconds of film or sound, with a place and a title."""
    path = folder / f"recording.{suffix}"
    path.write_bytes(_recorded(suffix))
    return path


@cache
def _recorded(suffix: str) -> bytes:
    require(FFMPEG)
    film = ("-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=2")
    sound = ("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=2")
    sources = (*film, *sound) if TYPES[suffix].startswith("video/") else sound
    said = ("-metadata", f"title={SECRET}", "-metadata", f"location={PLACE}")
    more = ("-metadata", f"comment={SECRET}", "-shortest")
    form = ("-f", "webm") if suffix == "weba" else ()
    with TemporaryDirectory() as folder:
        path = Path(folder, f"made.{suffix}")
        command = [FFMPEG.name, "-v", "error", *sources, *said, *more, *form, str(path)]
        subprocess.run(command, check=True)
        return path.read_bytes()


def exiftool(path: Path) -> str:
    """Return everything that exiftool finds in a file."""
    require(EXIFTOOL)
    command = [str(locate(EXIFTOOL)), "-a", "-u", "-G1", "-s", "-ee", "-api", "LargeFileSupport=1"]
    said = subprocess.run([*command, str(path)], capture_output=True).stdout
    return said.decode(errors="replace")


def huge_png(path: Path, width: int, height: int) -> Path:
    """Write a PNG of a few bytes that says it has so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks))
    return path


def _chunk(kind: bytes, content: bytes) -> bytes:
    size, checksum = len(content).to_bytes(4, "big"), zlib.crc32(kind + content).to_bytes(4, "big")
    return size + kind + content + checksum


def _with_iptc(jpeg: bytes) -> bytes:
    """Put a city (IPTC 2:90) into a JPEG."""
    city = b"\x1c\x02\x5a" + len(SECRET).to_bytes(2, "big") + SECRET.encode()
    resource = b"8BIM\x04\x04\x00\x00" + len(city).to_bytes(4, "big") + city + b"\x00"
    content = b"Photoshop 3.0\x00" + resource
    return jpeg[:2] + b"\xff\xed" + (len(content) + 2).to_bytes(2, "big") + content + jpeg[2:]
