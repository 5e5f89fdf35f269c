"""Which media type begins with these bytes: the few that a journal takes, and nothing else.

The tables are our own because they must be narrow: a library that knows hundreds of types says
yes to more than this server decodes.
"""

from __future__ import annotations

from typing import Final

JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
GIF: Final = "image/gif"
WEBP: Final = "image/webp"
AVIF: Final = "image/avif"
HEIC: Final = "image/heic"
HEIF: Final = "image/heif"
PICTURES: Final = frozenset({JPEG, PNG, GIF, WEBP, AVIF, HEIC, HEIF})

MP4: Final = "video/mp4"
MOV: Final = "video/quicktime"
WEBM: Final = "video/webm"
WEBM_SOUND: Final = "audio/webm"
AVI: Final = "video/x-msvideo"
M4A: Final = "audio/mp4"
MP3: Final = "audio/mpeg"
AAC: Final = "audio/aac"
OGG: Final = "audio/ogg"
WAV: Final = "audio/wav"
FLAC: Final = "audio/flac"
RECORDINGS: Final = frozenset({MP4, MOV, WEBM, WEBM_SOUND, AVI, M4A, MP3, AAC, OGG, WAV, FLAC})

_PNG_START: Final = b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"
_EBML: Final = b"\x1a\x45\xdf\xa3"
_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}
_MP4_BRANDS: Final = {
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9",
    b"mp41", b"mp42", b"avc1", b"dash", b"mmp4", b"MSNV", b"M4V ", b"M4VH", b"M4VP",
}  # fmt: skip
_OGG_SOUNDS: Final = (b"OpusHead", b"\x01vorbis", b"Speex   ", b"\x7fFLAC")

_MP3_KBITS: Final = {
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_MP3_HERTZ: Final = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def sniff_picture(head: bytes) -> str | None:
    """Return the type of a picture that begins like this."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(_PNG_START):
        return PNG
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return _still(_brands(head))


def sniff_recording(head: bytes) -> str | None:
    """Return the type of a film or sound that begins like this."""
    if head[:4] == b"RIFF":
        return {b"WAVE": WAV, b"AVI ": AVI}.get(head[8:12])
    if head.startswith(_EBML):
        return _webm(head) if b"\x42\x82\x84webm" in head[:80] else None
    if head.startswith(b"OggS"):
        return OGG if head[28:].startswith(_OGG_SOUNDS) else None
    if head.startswith(b"fLaC"):
        return FLAC
    if head.startswith(b"ID3") or _mp3_frames(head):
        return MP3
    if _adts_frames(head):
        return AAC
    return _film(_brands(head))


def _webm(head: bytes) -> str:
    """Tell a voice recorded in a browser from a film, by its codecs where they come early."""
    only_sound = (b"A_OPUS" in head or b"A_VORBIS" in head) and b"V_" not in head
    return WEBM_SOUND if only_sound else WEBM


def _brands(head: bytes) -> tuple[bytes, ...]:
    """Return the major brand and then the compatible ones of a `ftyp` box (ISO 14496-12 §4.3)."""
    size = int.from_bytes(head[:4], "big")
    if head[4:8] != b"ftyp" or not 16 <= size <= 512 or size % 4 or len(head) < size:
        return ()
    return (head[8:12], *(head[at : at + 4] for at in range(16, size, 4)))


def _still(brands: tuple[bytes, ...]) -> str | None:
    major, others = brands[:1], set(brands)
    if not major or not others & (_HEIC_BRANDS | _AVIF_BRANDS | {b"mif1", b"msf1"}):
        return None
    if major[0] in _AVIF_BRANDS or (others & _AVIF_BRANDS and not others & _HEIC_BRANDS):
        return AVIF
    if major[0] in _HEIC_BRANDS or (major[0] in {b"mif1", b"msf1"} and others & _HEIC_BRANDS):
        return HEIC
    return HEIF if major[0] in {b"mif1", b"msf1"} else None


def _film(brands: tuple[bytes, ...]) -> str | None:
    if not brands or _still(brands):
        return None
    if brands[0] == b"qt  ":
        return MOV
    if brands[0] in {b"M4A ", b"M4B "}:
        return M4A
    return MP4 if brands[0] in _MP4_BRANDS else None


def _mp3_frames(head: bytes) -> bool:
    """Tell whether two MPEG layer III frames follow each other (ISO 11172-3 §2.4.1.3)."""
    size = _mp3_size(head[:4])
    return bool(size) and bool(_mp3_size(head[size : size + 4]))


def _mp3_size(frame: bytes) -> int:
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE6 != 0xE2:
        return 0
    version, rate, speed = (frame[1] >> 3) & 3, frame[2] >> 4, (frame[2] >> 2) & 3
    if version == 1 or rate in (0, 15) or speed == 3:
        return 0
    kbits = _MP3_KBITS[3 if version == 3 else 2][rate]
    samples = 144 if version == 3 else 72
    return samples * kbits * 1000 // _MP3_HERTZ[version][speed] + ((frame[2] >> 1) & 1)


def _adts_frames(head: bytes) -> bool:
    """Tell whether two AAC frames follow each other (ISO 13818-7 §6.2)."""
    size = _adts_size(head[:7])
    return bool(size) and bool(_adts_size(head[size : size + 7]))


def _adts_size(frame: bytes) -> int:
    if len(frame) < 7 or frame[0] != 0xFF or frame[1] & 0xF6 != 0xF0:
        return 0
    return (frame[3] & 3) << 11 | frame[4] << 3 | frame[5] >> 5
