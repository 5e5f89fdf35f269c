from __future__ import annotations

from pathlib import Path

import pytest
from aiohttp import ClientSession

from journiv.api.middleware.headers import API_CSP
from journiv.contracts.routes import Access, Call, RouteDef
from journiv.domain.errors import ConfigError
from tests.unit.api.conftest import CountingLimiter, Serve

# Decision 24: written out once more, so that nobody changes the policy by changing the constant.
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types svelte-trusted-html journal-sw; report-to csp; "
    "report-uri /api/v1/security/csp-report"
)
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
NO_ROUTES: list[RouteDef] = []


async def _post_only(call: Call) -> object:
    return {}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A built web app, with things beside it and in it that are nobody's business."""
    folder = tmp_path / "web"
    for name, text in {
        "index.html": "<!doctype html><title>the app</title>",
        "manifest.webmanifest": "{}",
        "sw.js": "self",
        "assets/app-1a2b.js": "let a = 1",
        "assets/app-1a2b.js.gz": "packed",
        "assets/deep/style.css": "a{}",
        ".env": "canary",
        ".git/HEAD": "canary",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "secret.txt").write_text("canary")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "linked").symlink_to(tmp_path)
    return folder


@pytest.mark.parametrize("path", ["/login", "/entry/0198", "/entry/a/b.c/d", "/oidc-finish"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_the_pages_people_bookmark_are_the_shell(
    serve: Serve, http: ClientSession, path: str, accept: str
) -> None:
    url = await serve(NO_ROUTES, APP_NAME="Log & Book")
    async with http.get(url + path, headers={"Accept": accept}) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert answer.headers["Content-Security-Policy"] == CSP
        assert answer.headers["Reporting-Endpoints"] == 'csp="/api/v1/security/csp-report"'
        assert answer.headers["Cache-Control"] == "no-cache"
        text = await answer.text()
        assert "<h1>Log &amp; Book</h1>" in text
        assert "<script" not in text
        assert "style" not in text
    async with http.head(url + path) as answer:
        assert (answer.status, await answer.read()) == (200, b"")


async def test_other_pages_are_the_shell_for_browsers_only(
    serve: Serve, http: ClientSession, built: Path
) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(built))
    for path in ("/", "/settings/profile", "/timeline"):
        async with http.get(url + path, headers=HTML) as answer:
            assert (answer.status, "the app" in await answer.text()) == (200, True)
        async with http.head(url + path, headers=HTML) as answer:
            assert answer.status == 200
    for path in ("/settings/profile", "/timeline"):
        async with http.get(url + path, headers={"Accept": "application/json"}) as answer:
            assert answer.status == 404


async def test_https_pages_upgrade_what_they_load(serve: Serve, http: ClientSession) -> None:
    url = await serve(NO_ROUTES, DOMAIN_SCHEME="https")
    async with http.get(f"{url}/login") as answer:
        assert answer.headers["Content-Security-Policy"] == f"{CSP}; upgrade-insecure-requests"


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nope", "/media", "/media/a", "/api/login"]
)
async def test_what_is_for_programs_is_never_a_page(
    serve: Serve, http: ClientSession, built: Path, path: str
) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(built))
    async with http.get(url + path, headers=HTML) as answer:
        assert answer.status == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Security-Policy"] == API_CSP


async def test_files_are_served_with_their_types_and_ages(
    serve: Serve, http: ClientSession, built: Path
) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(built))
    for path, kind, cache in (
        ("/assets/app-1a2b.js", "text/javascript; charset=utf-8", "immutable"),
        ("/assets/deep/style.css", "text/css; charset=utf-8", "immutable"),
        ("/manifest.webmanifest", "application/manifest+json", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-cache"),
    ):
        headers = {"Accept-Encoding": "identity"}
        async with http.get(url + path, headers=headers) as answer:
            assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
            assert cache in answer.headers["Cache-Control"]
            assert answer.headers["Content-Security-Policy"] == CSP
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_file_answers_head_ranges_and_conditions(
    serve: Serve, http: ClientSession, built: Path
) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(built))
    path = f"{url}/assets/deep/style.css"
    async with http.head(path) as answer:
        assert (answer.status, answer.headers["Content-Length"]) == (200, "3")
        etag = answer.headers["ETag"]
    async with http.get(path, headers={"Range": "bytes=1-1"}) as answer:
        assert (answer.status, await answer.read()) == (206, b"{")
    async with http.get(path, headers={"If-None-Match": etag}) as answer:
        assert answer.status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js", "/assets/", "/assets", "/gone.js", "/favicon.ico", "/.env",
        "/.git/HEAD", "/journal.db", "/requirements.txt", "/link.txt", "/linked/secret.txt",
        "/assets/app-1a2b.js.gz", "/.well-known/change-password",
    ],
)  # fmt: skip
async def test_a_file_that_is_not_there_is_404_and_no_page(
    serve: Serve, http: ClientSession, built: Path, path: str
) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(built))
    async with http.get(url + path, headers=HTML) as answer:
        text = await answer.text()
        if path != "/assets":  # a name like any other
            assert answer.status == 404
            assert answer.headers["Content-Type"] == "application/problem+json"
        assert "canary" not in text


@pytest.mark.parametrize("path", ["/login", "/assets/app-1a2b.js", "/main.dart.js"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "OPTIONS"])
async def test_pages_and_files_are_only_read(
    serve: Serve, http: ClientSession, built: Path, path: str, method: str
) -> None:
    url = await serve(NO_ROUTES, JOURNIV_WEB=str(built))
    async with http.request(method, url + path) as answer:
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
    async with http.request(method, f"{url}/foo") as answer:
        assert answer.status == 404


@pytest.mark.parametrize("path", ["/main.dart.js", "/flutter_service_worker.js"])
async def test_a_stale_worker_is_retired(serve: Serve, http: ClientSession, path: str) -> None:
    url = await serve(NO_ROUTES)
    async with http.get(url + path, headers=HTML) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert answer.headers["Cache-Control"] == "no-cache"
        script = await answer.text()
    assert "unregister()" in script
    assert "caches.delete" in script


async def test_a_folder_without_a_page_stops_the_start(serve: Serve, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no index\.html"):
        await serve(NO_ROUTES, JOURNIV_WEB=str(tmp_path))


async def test_strays_are_counted_and_pages_are_not(
    serve: Serve, http: ClientSession, limiter: CountingLimiter
) -> None:
    routes = [
        RouteDef(
            method="POST", path="/post", handler=_post_only, access=Access.PUBLIC, summary="",
            answers={200: {}},
        )
    ]  # fmt: skip
    url = await serve(routes, RATE_LIMIT_ENABLED="true", RATE_LIMIT_PER_MINUTE="3")
    for path in ("/login", "/main.dart.js"):
        async with http.get(url + path) as answer:
            assert answer.status == 200
    assert limiter.counts == {}
    statuses = []
    for path in ("/api/v1/nope", "/nope", "/api/v1/post", "/nope.js", "/api/v1/nope"):
        async with http.get(url + path) as answer:
            statuses.append(answer.status)
    assert statuses == [404, 404, 405, 429, 429]
    async with http.get(f"{url}/nope", headers={"Authorization": "Bearer sam"}) as answer:
        assert answer.status == 404
    assert [key.partition(":")[0] for key in limiter.counts] == ["ip", "user"]
