"""The web app: its page at every address that is a page, its files, and nothing below `/api`.

Without a built web app, the page is one of our own that says what this server is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

from aiohttp import hdrs, web

from journiv.api.middleware.headers import page_headers
from journiv.api.paths import is_for_programs
from journiv.api.retired import SCRIPTS
from journiv.api.webanswers import file_answer
from journiv.api.webfiles import ASSETS, INDEX, REVALIDATED, WebFile, read

_READ: Final = ("GET", "HEAD")
_PAGES: Final = frozenset({"/login", "/oidc-finish", "/entry"})
_BELOW: Final = "/entry/"
_SHELL = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{name}</title>
<h1>{name}</h1>
<p>This is a journal server without its web app: it answers programs. In a checkout,
<code>./dev web</code> builds the app; then start the server again.
Its API is at <code>/api/v1</code>; <code>/api/v1/health</code> says how it is.</p>
</html>
"""


class WebApp:
    """Answers browsers. `folder` holds a built web app; without one there is only a plain page."""

    def __init__(self, folder: Path | None, app_name: str, *, https: bool) -> None:
        self._folder = folder
        self._files: Mapping[str, WebFile] = {}
        self._shell = _SHELL.format(name=escape(app_name))
        self._headers = page_headers(https=https)

    async def scan(self, app: web.Application) -> None:
        """Read the files; to be appended to `Application.on_startup`. Raises `ConfigError`."""
        if self._folder is not None:
            self._files = await asyncio.to_thread(read, self._folder)

    def answer(self, request: web.Request) -> web.StreamResponse | None:
        """Return a page or a file, None where there is neither.

        Raises `web.HTTPMethodNotAllowed` for anything but reading what there is.
        """
        path = request.path
        if path in self._files or path in SCRIPTS:
            found = self._file(request, path)
        elif is_page(path, request.headers.get(hdrs.ACCEPT, "")):
            found = self.page(request)
        else:
            return None
        if request.method not in _READ:
            raise web.HTTPMethodNotAllowed(request.method, _READ)
        return found

    def page(self, request: web.Request) -> web.StreamResponse:
        """Return the page that the web app starts from, whatever its address."""
        if INDEX in self._files:
            return self._file(request, INDEX)
        return self._text(self._shell, "text/html")

    def _file(self, request: web.Request, path: str) -> web.StreamResponse:
        known = self._files.get(path)
        if known is None:
            return self._text(SCRIPTS[path], "text/javascript")
        return file_answer(request, known, self._headers)

    def _text(self, text: str, content_type: str) -> web.Response:
        headers = {**self._headers, hdrs.CACHE_CONTROL: REVALIDATED}
        return web.Response(text=text, content_type=content_type, headers=headers)


def is_page(path: str, accept: str) -> bool:
    """Say whether the web app's own router decides about a path.

    The pages people bookmark are pages to everybody, others only to who asks for HTML. A name with
    a dot is a file: when it is missing, a page in its place would confuse browsers and caches.
    """
    if path in _PAGES or path.startswith(_BELOW):
        return True
    if is_for_programs(path) or path.startswith(ASSETS) or "text/html" not in accept:
        return False
    *folders, name = path.split("/")
    return "." not in name and not any(part.startswith(".") for part in folders)
