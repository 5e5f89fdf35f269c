"""The commands of ./dev."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, NoReturn

from devtools import node, programs, serving, web
from devtools.environment import Level, ensure
from devtools.failure import SetupError
from devtools.lock import lock
from devtools.paths import ROOT, program
from devtools.testing import run_parts

TEST_ROUNDS = "3"
SOAK_ROUNDS = "50"
SOAKED = (
    *("tests/soak", "tests/cluster"),
    *("tests/e2e/test_pulled_plug.py", "tests/e2e/test_access.py"),
)


class Command(NamedTuple):
    """One word after ./dev."""

    summary: str
    run: Callable[[Sequence[str]], int]


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code: 2 unknown command, 1 set-up failed."""
    if not arguments or arguments[0] in {"-h", "--help", "help"}:
        print(usage())
        return 0 if arguments else 2
    name, *rest = arguments
    if name not in COMMANDS:
        print(f"./dev has no command '{name}'.\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        return COMMANDS[name].run(rest)
    except SetupError as error:
        print(f"./dev {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def usage() -> str:
    """Return the list of commands."""
    lines = (f"  {name:<16} {command.summary}" for name, command in COMMANDS.items())
    return "\n".join(["usage: ./dev COMMAND [ARGUMENTS]", "", *lines])


def run(arguments: Sequence[str]) -> int:
    """Serve this checkout."""
    options = serving.parse(arguments)
    ensure(Level.RUN)
    _build_web()
    environment, note = serving.environment(options, os.environ)
    print(note, flush=True)
    _become([program("journiv"), "serve"], environment)


def journiv(arguments: Sequence[str]) -> int:
    """Become the command line of Journiv, in the caller's folder."""
    ensure(Level.RUN)
    _become([program("journiv"), *arguments], serving.defaults(os.environ))


def test(arguments: Sequence[str]) -> int:
    """Run the whole suite in parts side by side, or become pytest over what the arguments name."""
    if not arguments:
        return run_parts(_ready_for_tests(TEST_ROUNDS))
    return _pytest(arguments, rounds=TEST_ROUNDS)


def soak(arguments: Sequence[str]) -> int:
    """Become pytest over the long scenarios."""
    return _pytest([*SOAKED, *arguments], rounds=SOAK_ROUNDS)


def bench(arguments: Sequence[str]) -> int:
    """Become the measuring driver, which needs wrk."""
    ensure(Level.DEV)
    programs.require(programs.WRK)
    os.chdir(ROOT)
    _become([program("python"), "-m", "bench", *arguments], os.environ)


def check(arguments: Sequence[str]) -> int:
    """Run every check, also after one has failed, and fail if any did."""
    ensure(Level.DEV)
    checks = (
        ("ruff", "format", "--check", "--quiet", "."),
        ("ruff", "check", "--quiet", *arguments, "."),
        ("mypy",),
        ("lint-imports", "--no-logo"),
    )
    failed = [" ".join(one) for one in checks if _call(one)]
    failed += [] if _web_is_right() else ["web"]
    print(f"failed: {', '.join(failed)}" if failed else "All checks passed.", flush=True)
    return 1 if failed else 0


def _web_is_right() -> bool:
    try:
        web.check()
    except SetupError as error:
        print(error, file=sys.stderr)
        return False
    return True


def fmt(arguments: Sequence[str]) -> int:
    """Format, and mend what ruff can mend safely."""
    ensure(Level.DEV)
    mended = _call(("ruff", "check", "--fix", "--quiet", *arguments, "."))
    return _call(("ruff", "format", "--quiet", ".")) or mended


def relock(arguments: Sequence[str]) -> int:
    """Write the lock files anew."""
    lock(upgrade="--upgrade" in arguments)
    return 0


def docs(arguments: Sequence[str]) -> int:
    """Write the generated tables of the manual."""
    ensure(Level.DEV)
    return _call(("python", "-m", "docs.generate", *arguments))


def screenshots(_arguments: Sequence[str]) -> int:
    """Photograph the web app for the manual."""
    _ready_for_tests(TEST_ROUNDS)
    return _call(("python", "-m", "docs.pictures"))


def build_web(arguments: Sequence[str]) -> int:
    """Build the web app, or say that the built one is of these very sources."""
    ensure(Level.RUN)
    print("Built the web app." if web.build() else "The web app is built already.")
    return 0


def _build_web() -> None:
    """Build the web app where that is possible: programs are served without it, too."""
    try:
        web.build()
    except SetupError as error:
        print(f"The web app is not built, only the API is served: {error}", file=sys.stderr)


def _pytest(arguments: Sequence[str], *, rounds: str) -> NoReturn:
    environment = _ready_for_tests(rounds)
    os.chdir(ROOT)
    _become([program("python"), "-m", "pytest", *arguments], environment)


def _ready_for_tests(rounds: str) -> Mapping[str, str]:
    """Set up what the tests need and return the environment they run in."""
    ensure(Level.DEV)
    databases = (programs.REDIS, programs.POSTGRES, programs.PGBOUNCER, programs.AGE)
    programs.require(programs.CURL, programs.CHROMIUM, *programs.PROXIES, *databases)
    node.install(ROOT / "tests" / "oidc")
    web.build()
    return {"JOURNIV_SOAK_ROUNDS": rounds} | os.environ


def _call(command: Sequence[str]) -> int:
    name, *rest = command
    return subprocess.run([program(name), *rest], cwd=ROOT).returncode


def _become(command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Replace this process, so that signals and the exit code are the program's own."""
    sys.stdout.flush()
    os.execve(command[0], list(command), dict(environment))


COMMANDS = {
    "run": Command("set up and serve on SQLite: [--host HOST] [--port PORT]", run),
    "test": Command("set up and run the tests: [pytest arguments]", test),
    "web": Command("build the web app into journiv/_web", build_web),
    "check": Command("format, lint, types, import contracts; the web app's types and units", check),
    "fmt": Command("format and mend the style", fmt),
    "journiv": Command("the command line with the settings of ./dev run", journiv),
    "soak": Command("the long, repeated scenarios: [pytest arguments]", soak),
    "bench": Command("measure against a bare aiohttp handler (needs wrk)", bench),
    "docs": Command("write the tables of the manual that come from code", docs),
    "screenshots": Command("photograph the web app into docs/screenshots", screenshots),
    "lock": Command("write the lock files anew: [--upgrade]", relock),
}
