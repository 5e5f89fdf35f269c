from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.unit.api.conftest import Serve

SCRIPT = "/assets/app-1a2b3c4d.js"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A built web app whose script is packed both ways; no client reads what it says there."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    script = tmp_path / SCRIPT[1:]
    script.write_text("let answer = 42")
    script.with_name(f"{script.name}.br").write_bytes(b"br")
    script.with_name(f"{script.name}.gz").write_bytes(b"gzip")
    return tmp_path


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("*", "br"),
        ("br;q=0, *;q=0.1", "gzip"),
        ("br; q=0, gzip; q=0.0", None),
        ("br;q=much", None),
        ("identity", None),
        ("", None),
    ],
)
async def test_the_smallest_coding_the_client_takes_is_sent(
    serve: Serve, folder: Path, accepted: str, coding: str | None
) -> None:
    url = await serve([], JOURNIV_WEB=str(folder))
    async with (
        ClientSession(auto_decompress=False) as http,
        http.get(url + SCRIPT, headers={"Accept-Encoding": accepted}) as answer,
    ):
        assert answer.status == 200
        assert answer.headers.get("Content-Encoding") == coding
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert await answer.read() == (coding.encode() if coding else b"let answer = 42")


async def test_each_coding_has_a_tag_of_its_own_and_answers_to_it(
    serve: Serve, folder: Path
) -> None:
    url = await serve([], JOURNIV_WEB=str(folder))
    async with ClientSession(auto_decompress=False) as http:
        tags = {}
        for coding in ("br", "gzip", "identity"):
            async with http.get(url + SCRIPT, headers={"Accept-Encoding": coding}) as answer:
                tags[coding] = answer.headers["ETag"]
        assert len(set(tags.values())) == 3
        for coding, tag in tags.items():
            headers = {"Accept-Encoding": coding, "If-None-Match": f'"other", W/{tag}'}
            async with http.get(url + SCRIPT, headers=headers) as answer:
                assert (answer.status, await answer.read()) == (304, b"")


async def test_a_part_is_of_the_plain_file(serve: Serve, folder: Path) -> None:
    url = await serve([], JOURNIV_WEB=str(folder))
    headers = {"Range": "bytes=-2", "Accept-Encoding": "br"}
    async with ClientSession(auto_decompress=False) as http:
        async with http.get(url + SCRIPT, headers=headers) as answer:
            assert (answer.status, await answer.read()) == (206, b"42")
            assert answer.headers["Content-Range"] == "bytes 13-14/15"
        async with http.get(url + SCRIPT, headers={"Range": "bytes=99-"}) as answer:
            assert (answer.status, answer.headers["Content-Range"]) == (416, "bytes */15")


async def test_a_file_is_what_it_was_when_the_server_started(serve: Serve, folder: Path) -> None:
    url = await serve([], JOURNIV_WEB=str(folder))
    (folder / SCRIPT[1:]).unlink()
    async with ClientSession() as http, http.get(url + SCRIPT) as answer:
        assert answer.status == 200
