"""Fetch uv with pip, and tell it what pip knows about this machine's package index."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
from pathlib import Path

from devtools.failure import SetupError
from devtools.paths import REQUIREMENTS, STATE

# pip's setting, the variable uv reads, and how uv separates several values.
TRANSLATION = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "cert": ("SSL_CERT_FILE", ""),
}
# A user's own settings for pip that contradict an installation into a folder.
PIP_ENVIRONMENT = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}


class Uv:
    """uv at a fixed version, installed for this checkout alone."""

    def __init__(self, python: str) -> None:
        """Take the interpreter whose pip fetches uv."""
        self._python = python
        self._folder = STATE / "uv"
        self._lock = REQUIREMENTS / "uv.txt"

    def run(self, *arguments: str) -> None:
        """Run uv; raise SetupError with uv's own words when it fails."""
        environment, flags = self._settings()
        command = [self._program(), *arguments, *(flags if arguments[0] == "pip" else [])]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode:
            words = done.stderr.strip() or done.stdout.strip()
            raise SetupError(f"uv {' '.join(arguments[:2])} failed:\n{words}")

    def _program(self) -> str:
        program = self._folder / "bin" / "uv"
        stamp = self._folder / "lock"
        lock = self._lock.read_text()
        if not (program.exists() and stamp.exists() and stamp.read_text() == lock):
            self._install()
            stamp.write_text(lock)
        return str(program)

    def _install(self) -> None:
        """Install into a folder: Debian forbids it elsewhere (PEP 668) and has no venv module."""
        partial = self._folder.with_name("uv.partial")
        for folder in (partial, self._folder):
            shutil.rmtree(folder, ignore_errors=True)
        done = self._pip(
            "install", "--quiet", "--no-input", "--disable-pip-version-check", "--no-deps",
            "--only-binary", ":all:", "--target", str(partial),
            "--require-hashes", "-r", str(self._lock),
        )  # fmt: skip
        if done.returncode:
            raise SetupError(f"pip could not install uv:\n{done.stderr.strip()}")
        partial.rename(self._folder)

    def _pip(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [self._python, "-m", "pip", *arguments],
            env=os.environ | PIP_ENVIRONMENT,
            capture_output=True,
            text=True,
        )
        if done.returncode and "No module named pip" in done.stderr:
            raise SetupError(
                f"{self._python} has no pip. On Debian: apt-get install python3-pip. "
                "Elsewhere: python3 -m ensurepip."
            )
        return done

    def _settings(self) -> tuple[dict[str, str], list[str]]:
        """Return uv's environment and flags; what the environment already says stays."""
        pip = pip_settings(self._pip("config", "list").stdout)
        environment = {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"} | os.environ
        for name, (variable, separator) in TRANSLATION.items():
            if name in pip:
                value = separator.join(pip[name].split()) if separator else pip[name]
                environment.setdefault(variable, value)
        offline = pip.get("no-index", "").lower() in {"1", "true", "yes", "on"}
        return environment, ["--no-index"] if offline else []


def pip_settings(listing: str) -> dict[str, str]:
    """Read what `pip config list` prints: the command's own section wins, then the environment."""
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in listing.splitlines():
            key, separator, value = line.partition("=")
            if separator and key.startswith(section):
                found[key.removeprefix(section)] = str(ast.literal_eval(value))
    return found


def base_python(prefix: str, base_prefix: str, executable: str, version: tuple[int, int]) -> str:
    """Return the interpreter to build with: never the one inside a virtual environment."""
    if prefix == base_prefix:
        return executable
    candidate = Path(base_prefix) / "bin" / "python{}.{}".format(*version)
    return str(candidate) if candidate.exists() else executable
