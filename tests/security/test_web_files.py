"""§4.1 STA: what the server sends of files, whatever a path is made of."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from tests.api.server import ServerProcess
from tests.security.raw import ask
from tests.security.site import CANARY, HTML, PAGE, build

STARTS = ("/", "/assets/", "/icons/", "/media/", "//")
DOTS = (
    "..", "%2e%2e", ".%2e", "%252e%252e", "..%00", "..;", "\u2025", "%c0%ae%c0%ae",
    "%uff0e%uff0e", "%ff%fe",
)  # fmt: skip
SLASHES = ("/", "%2f", "\\", "%5c", "%252f", "//", "\u2215", "%c0%af")
ROOTS = ("", "/", "%2f", "file://", "file:%2f%2f", "\\\\?\\", "~/", "%00")
ASSET = "/assets/app-1a2b.js"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[ServerProcess]:
    """A server of a built web app, its data folder beside it."""
    process = ServerProcess(folder, {"JOURNIV_WEB": str(build(folder))})
    process.start()
    yield process
    assert process.stop() == 0, process.log.read_text(errors="replace")


def paths(folder: Path) -> list[str]:
    climbs = (
        start + (dots + slash) * 2 + "canary.txt"
        for start, dots, slash in product(STARTS, DOTS, SLASHES)
    )
    targets = (folder / "canary.txt", folder / "data" / "journiv.db", Path("/etc/passwd"))
    roots = (f"{start}{root}{path}" for start, root, path in product(STARTS, ROOTS, targets))
    return list(dict.fromkeys((*climbs, *roots)))


async def test_STA_1_no_spelling_of_a_path_gets_a_file_from_elsewhere(
    site: ServerProcess, folder: Path
) -> None:
    tried = paths(folder)
    assert len(tried) >= 200
    limit = asyncio.Semaphore(20)

    async def refused(path: str) -> bool:
        target = path.encode().decode("latin-1")
        async with limit:
            answer = await ask(site, "GET", target, HTML)
        is_page = answer.status == 200 and answer.body.decode() == PAGE
        return is_page or (answer.status in (400, 404) and CANARY.encode() not in answer.body)

    outcomes = await asyncio.gather(*map(refused, tried))
    assert [path for path, right in zip(tried, outcomes, strict=True) if not right] == []


@pytest.mark.parametrize("path", ["/assets/link.js", "/linked/canary.txt", "/linked/above/"])
async def test_STA_2_a_link_is_not_followed(site: ServerProcess, path: str) -> None:
    answer = await ask(site, "GET", path)
    assert (answer.status, answer.header("Content-Type")) == (404, PROBLEM)


@pytest.mark.parametrize(
    "path",
    [
        "/.git/HEAD", "/.env", "/journal.db", "/journiv.db", "/data/journiv.db", "/secret.key",
        "/requirements.txt", "/pyproject.toml", "/server.log", "/.well-known/", "/openapi.json",
    ],
)  # fmt: skip
async def test_STA_3_files_of_the_installation_are_not_there(
    site: ServerProcess, path: str
) -> None:
    answer = await ask(site, "GET", path, HTML)
    assert (answer.status, answer.header("Content-Type")) == (404, PROBLEM)
    assert CANARY.encode() not in answer.body


@pytest.mark.parametrize(
    "path", ["/x.js", "/assets/x.js", "/assets/x", "/icons/x.svg", "/users/me.css", "/media/x"]
)
async def test_STA_4_a_missing_asset_is_not_the_page(site: ServerProcess, path: str) -> None:
    answer = await ask(site, "GET", path, HTML)
    assert (answer.status, answer.header("Content-Type")) == (404, PROBLEM)
    assert answer.header("Cache-Control") == "no-store"


@pytest.mark.parametrize("path", ["/", "/login", "/entry/0198/edit", "/settings/security"])
async def test_STA_5_a_deep_link_is_the_page(site: ServerProcess, path: str) -> None:
    answer = await ask(site, "GET", path, HTML)
    assert (answer.status, answer.body.decode()) == (200, PAGE)
    assert answer.header("Cache-Control") == "no-cache"


async def test_STA_6_an_asset_answers_head_ranges_and_conditions(site: ServerProcess) -> None:
    whole = await ask(site, "GET", ASSET)
    assert (whole.status, whole.body) == (200, b"let a = 1")
    head = await ask(site, "HEAD", ASSET)
    assert (head.status, head.header("Content-Length"), head.body) == (200, "9", b"")
    etag = whole.header("ETag")
    assert etag == head.header("ETag")
    part = await ask(site, "GET", ASSET, "Range: bytes=4-4")
    assert (part.status, part.body, part.header("Content-Range")) == (206, b"a", "bytes 4-4/9")
    assert (await ask(site, "GET", ASSET, "Range: bytes=90-")).status == 416
    same = await ask(site, "GET", ASSET, f"If-None-Match: {etag}")
    assert (same.status, same.body) == (304, b"")
    changed = await ask(site, "GET", ASSET, 'If-None-Match: "other"')
    assert changed.status == 200


@pytest.mark.parametrize("path", ["/", "/login", ASSET, "/api/v1/health", "/livez"])
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "BREW", "DELETE"])
async def test_STA_6_other_methods_are_refused(site: ServerProcess, method: str, path: str) -> None:
    answer = await ask(site, method, path, HTML, f"X-Canary: {CANARY}")
    # The parser knows registered methods only, and CONNECT names a host where others have a path.
    assert answer.status == {"BREW": 400, "CONNECT": 421}.get(method, 405), answer.body
    assert CANARY.encode() not in answer.body
