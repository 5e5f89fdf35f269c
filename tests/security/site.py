"""A web app as it is built, with a canary everywhere a path must not lead."""

from __future__ import annotations

from pathlib import Path

CANARY = "canary-4711-in-a-file"
PAGE = "<!doctype html><title>the app</title>"
HTML = "Accept: text/html"


def build(folder: Path) -> Path:
    """Write the web app below `folder` and return where it is."""
    web = folder / "above" / "web"
    for name, text in {
        "index.html": PAGE,
        "assets/app-1a2b.js": "let a = 1",
        "assets/deep/style.css": "a{}",
        "icons/one.svg": "<svg/>",
        ".env": CANARY,
        ".git/HEAD": CANARY,
    }.items():
        path = web / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for place in (folder, web.parent):
        (place / "canary.txt").write_text(CANARY)
    (web / "assets" / "link.js").symlink_to(folder / "canary.txt")
    (web / "linked").symlink_to(folder)
    return web
