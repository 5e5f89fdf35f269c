from __future__ import annotations

from pathlib import Path

import pytest

from journiv_media_formats.signatures import sniff_picture, sniff_recording
from tests.plugins.media_formats import samples

PICTURES = ("jpg", "png", "gif", "webp", "avif", "heic")
FILMS = ("mp4", "mov", "webm", "avi")
SOUNDS = ("m4a", "weba", "mp3", "aac", "opus", "ogg", "wav", "flac")


@pytest.mark.parametrize("suffix", PICTURES)
def test_a_picture_is_known_by_its_bytes(suffix: str, tmp_path: Path):
    head = samples.photograph(tmp_path, suffix).read_bytes()[:4096]
    assert sniff_picture(head) == samples.TYPES[suffix]
    assert sniff_recording(head) is None


@pytest.mark.parametrize("suffix", FILMS + SOUNDS)
def test_a_recording_is_known_by_its_bytes(suffix: str, tmp_path: Path):
    head = samples.recording(tmp_path, suffix).read_bytes()[:4096]
    assert sniff_recording(head) == samples.TYPES[suffix]
    assert sniff_picture(head) is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xd8",
        b"<!doctype html><script>alert(1)</script>",
        b"<html><body></body></html>",
        b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
        b"<svg onload=alert(1)>",
        b"\xef\xbb\xbf<svg/>",
        b"<?php system($_GET[0]);",
        b"MZ\x90\x00" + bytes(60),
        b"\x7fELF\x02\x01\x01" + bytes(60),
        b"PK\x03\x04" + bytes(60),
        b"%PDF-1.7\n",
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"FWS\x06" + bytes(60),
        b"#!/bin/sh\n",
        b"BM" + bytes(60),
        b"II*\x00" + bytes(60),
        b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska" + bytes(60),
        b"OggS\x00\x02" + bytes(22) + b"\x80theora" + bytes(60),
        b"RIFF\x24\x00\x00\x00ACON" + bytes(60),
        b"\x00\x00\x00\x14ftypevil\x00\x00\x00\x00evil",
        b"\x00\x00\x10\x00ftypisom" + bytes(60),
        b"\xff\xfb\x90\x00" + b"<script>alert(1)</script>" * 40,
    ],
)
def test_nothing_else_is_known(head: bytes):
    assert sniff_picture(head) is None
    assert sniff_recording(head) is None


@pytest.mark.parametrize(
    ("brands", "mime"),
    [
        ((b"heic", b"mif1", b"heic"), "image/heic"),
        ((b"mif1", b"mif1", b"heic", b"hevc"), "image/heic"),
        ((b"avif", b"mif1", b"miaf"), "image/avif"),
        ((b"mif1", b"avif", b"miaf"), "image/avif"),
        ((b"mif1", b"mif1", b"unci"), "image/heif"),
        ((b"qt  ", b"qt  "), "video/quicktime"),
        ((b"isom", b"isom", b"mp41"), "video/mp4"),
        ((b"M4V ", b"M4V ", b"isom"), "video/mp4"),
        ((b"M4A ", b"M4A ", b"mp42"), "audio/mp4"),
    ],
)
def test_brands_tell_stills_from_films(brands: tuple[bytes, ...], mime: str):
    names = brands[0] + bytes(4) + b"".join(brands[1:])
    head = (len(names) + 8).to_bytes(4, "big") + b"ftyp" + names
    assert (sniff_picture(head) or sniff_recording(head)) == mime
