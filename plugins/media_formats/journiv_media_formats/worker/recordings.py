"""Measuring films and sounds with ffprobe, and drawing a poster with ffmpeg, where installed."""

from __future__ import annotations

import json
import math
import resource
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from journiv_media_formats import signatures
from journiv_media_formats.worker import limits, pictures
from journiv_media_formats.worker.refusal import Broken

POSTER_AT: Final = 1.0
LONGEST_POSTER: Final = 2048

# The demuxer is named, so that a file cannot choose one that opens others (playlists, lists).
_DEMUXERS: Final = {
    signatures.MP4: "mov",
    signatures.MOV: "mov",
    signatures.M4A: "mov",
    signatures.WEBM: "matroska",
    signatures.WEBM_SOUND: "matroska",
    signatures.AVI: "avi",
    signatures.MP3: "mp3",
    signatures.AAC: "aac",
    signatures.OGG: "ogg",
    signatures.WAV: "wav",
    signatures.FLAC: "flac",
}
_QUIET: Final = ("-v", "error", "-protocol_whitelist", "file")
_SHOWN: Final = "stream=codec_type,width,height:stream_side_data=rotation:format=duration"
_SECONDS: Final = 25.0


def facts(path: Path, mime: str) -> dict[str, Any]:
    """Return seconds, and a film's width and height as seen; nothing without ffprobe.

    Raises `Broken` for what ffprobe cannot read.
    """
    program = shutil.which("ffprobe")
    if program is None:
        return {}
    source = ("-f", _DEMUXERS[mime], "-i", f"file:{path}")
    said = _run([program, *_QUIET, "-of", "json", "-show_entries", _SHOWN, *source])
    if said is None:
        raise Broken("it cannot be played")
    found = json.loads(said)
    streams = found.get("streams", [])
    if not streams:
        raise Broken("it holds neither film nor sound")
    films = [one for one in streams if "width" in one and _is_film(mime)]
    width, height = _seen(films[0]) if films else (None, None)
    duration = _seconds(found.get("format", {}).get("duration"))
    return {"width": width, "height": height, "duration": duration}


def draw(path: Path, mime: str, variants: list[dict[str, Any]], folder: Path) -> list[Any]:
    """Draw a picture of the film after its first second; none for sounds, or without ffmpeg."""
    program = shutil.which("ffmpeg")
    if program is None or not _is_film(mime):
        return []
    frame = _frame(program, path, mime, POSTER_AT) or _frame(program, path, mime, 0.0)
    if not frame:
        return []
    with pictures.opened(BytesIO(frame), signatures.PNG) as picture:
        return list(pictures.drawn(picture.convert("RGB"), variants, folder))


def _frame(program: str, path: Path, mime: str, second: float) -> bytes | None:
    size = f"scale='min({LONGEST_POSTER},iw)':'min({LONGEST_POSTER},ih)'"
    fitting = f"{size}:force_original_aspect_ratio=decrease"
    source = ("-f", _DEMUXERS[mime], "-ss", str(second), "-i", f"file:{path}")
    output = ("-frames:v", "1", "-an", "-sn", "-dn", "-vf", fitting, "-c:v", "png")
    return _run(
        [program, "-nostdin", *_QUIET, "-threads", "1", *source, *output, "-f", "image2pipe", "-"]
    )


def _run(command: list[str]) -> bytes | None:
    """Return what a program prints; None when it fails or takes too long."""
    try:
        done = subprocess.run(  # noqa: S603 - a program of this machine, our own arguments
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            preexec_fn=_short_of_time,  # safe: this process has one thread
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def _short_of_time() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limits.SECONDS, limits.SECONDS))


def _is_film(mime: str) -> bool:
    return mime.startswith("video/")


def _seen(film: dict[str, Any]) -> tuple[int | None, int | None]:
    width, height = film.get("width"), film.get("height")
    turned = [one.get("rotation", 0) for one in film.get("side_data_list", [])]
    return (height, width) if any(int(angle) % 180 for angle in turned) else (width, height)


def _seconds(said: object) -> float | None:
    try:
        seconds = float(str(said))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
