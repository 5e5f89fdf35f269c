"""STA-1: whatever a path is made of, nothing outside the web folder is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from journiv.contracts.routes import RouteDef
from tests.unit.api.conftest import Serve

CANARY = b"canary-4711"
_STARTS = ("/", "/assets/", "/icons/", "/media/", "//", "/assets//", "/assets/deep/")
_DOTS = (
    "..", "%2e%2e", ".%2e", "%252e%252e", "..%00", "..;", "...", "\u2025", "%c0%ae%c0%ae",
    "%uff0e%uff0e", "%e3%80%82%e3%80%82", "%ff%fe",
)  # fmt: skip
_SLASHES = ("/", "%2f", "\\", "%5c", "%252f", "//", "/./", "\u2215", "%c0%af")
_ABSOLUTE = ("", "/", "%2f", "file://", "file:%2f%2f", "\\\\?\\")
NO_ROUTES: list[RouteDef] = []


def _paths(secret: Path) -> Iterator[str]:
    for start, dots, slash in product(_STARTS, _DOTS, _SLASHES):
        yield start + (dots + slash) * 2 + secret.name
    for start, root in product(_STARTS, _ABSOLUTE):
        yield f"{start}{root}{secret}"


@pytest.fixture
def web(tmp_path: Path) -> Path:
    folder = tmp_path / "above" / "web"
    (folder / "assets" / "deep").mkdir(parents=True)
    (folder / "index.html").write_text("the app")
    for place in (tmp_path, folder.parent):
        (place / "canary.txt").write_bytes(CANARY)
    return folder


async def _ask(url: str, path: str) -> bytes:
    """Send a path as it is: clients would tidy it up."""
    where = urlsplit(url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    line = f"GET {path} HTTP/1.1\r\n".encode()
    writer.write(line + b"Host: localhost\r\nAccept: text/html\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer


async def test_sta_1_no_spelling_of_a_path_leaves_the_web_folder(serve: Serve, web: Path) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(web))
    paths = list(_paths(web.parent / "canary.txt"))
    assert len(set(paths)) >= 200
    for path in paths:
        answer = await _ask(url, path)
        status = int(answer.split(b" ", 2)[1])
        assert CANARY not in answer, path
        assert status in (400, 404) or (status == 200 and answer.endswith(b"the app")), path
