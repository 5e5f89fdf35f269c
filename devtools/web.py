"""The web app: built from `web/` into `journiv/_web`, by this machine's Node or a fetched one."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from devtools import node
from devtools.failure import SetupError
from devtools.paths import ROOT, program

SOURCES = ROOT / "web"
BUILT = ROOT / "journiv" / "_web"
STAMP = ".stamp"
_DESCRIBED = {"ENVIRONMENT": "test", "SECRET_KEY": "signs nothing: this process only describes"}

_NOT_SOURCES = {"node_modules", "openapi.json", "schema.d.ts"}


def build() -> bool:
    """Build what is not built yet; return whether there was anything to do.

    The folder changes at once: a server that starts meanwhile finds the old or the new app.

    Raises:
        SetupError: Node or its packages cannot be had, or the build failed.
    """
    digest = _digest()
    stamp = BUILT / STAMP
    if stamp.exists() and stamp.read_text() == digest:
        return False
    node.install(SOURCES, dev=False)
    print("Building the web app ...", file=sys.stderr, flush=True)
    fresh = BUILT.with_name("_web.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _vite(fresh)
    (fresh / STAMP).write_text(digest)
    _swap(fresh)
    return True


def check() -> None:
    """Check the types of the sources against the API as it is now, and run their unit tests.

    Raises:
        SetupError: with what the tools said.
    """
    node.install(SOURCES)
    described = subprocess.run(
        [program("journiv"), "openapi"], env=_DESCRIBED, capture_output=True, text=True
    )
    if described.returncode:
        raise SetupError(f"the API cannot be described:\n{described.stderr.strip()}")
    (SOURCES / "openapi.json").write_text(described.stdout)
    for script in ("types", "check", "test"):
        found = node.ensure()
        done = subprocess.run(
            [*found.npm, "run", "--silent", script],
            cwd=SOURCES,
            env=node.environment(found),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise SetupError(f"npm run {script}:\n{(done.stdout + done.stderr).strip()}")


def _vite(target: Path) -> None:
    found = node.ensure()
    program = SOURCES / "node_modules" / "vite" / "bin" / "vite.js"
    done = subprocess.run(
        [*found.node, str(program), "build", "--logLevel", "warn"],
        cwd=SOURCES,
        env=node.environment(found) | {"JOURNIV_WEB_OUT": str(target)},
        capture_output=True,
        text=True,
    )
    if done.returncode or not (target / "index.html").exists():
        raise SetupError(f"the web app cannot be built:\n{(done.stdout + done.stderr).strip()}")


def _swap(fresh: Path) -> None:
    old = BUILT.with_name("_web.old")
    shutil.rmtree(old, ignore_errors=True)
    if BUILT.exists():
        BUILT.rename(old)
    fresh.rename(BUILT)
    shutil.rmtree(old, ignore_errors=True)


def _digest() -> str:
    whole = hashlib.sha256()
    for path in sorted(_sources(SOURCES)):
        whole.update(path.relative_to(SOURCES).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def _sources(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in _NOT_SOURCES or path.name.endswith(".test.ts"):
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path
