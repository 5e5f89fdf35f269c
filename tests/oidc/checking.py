"""`journiv oidc-check` as a process, and its steps by name."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

from journiv.domain.clock import SystemClock
from journiv_auth_oidc.check import Site, examine
from journiv_auth_oidc.settings import CONFIG_SCHEMA, checked
from tests.oidc.provider import CLIENT, SECRET

_KEPT = ("PATH", "HOME", "LANG", "TMPDIR", "COVERAGE_PROCESS_START")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What it said: the exit code, and `(status, sentence)` by step."""

    code: int
    steps: dict[str, tuple[str, str]]
    text: str

    def is_not_right(self) -> set[str]:
        """Return the steps that did not pass."""
        return {step for step, (status, _) in self.steps.items() if status != "pass"}


async def oidc_check(folder: Path, issuer: str, *, json: bool = True, **settings: str) -> Outcome:
    """Run it. Without `json` there are no steps, only the text that people get."""
    environment = {
        **{name: os.environ[name] for name in _KEPT if name in os.environ},
        "ENVIRONMENT": "test",
        "SECRET_KEY": "a-key-for-tests-and-for-nothing-else-0123456789",
        "JOURNIV_DATA": str(folder / "data"),
        "OIDC_ENABLED": "true",
        "OIDC_ISSUER": issuer,
        "OIDC_CLIENT_ID": CLIENT,
        "OIDC_CLIENT_SECRET": SECRET,
        **settings,
    }
    code, text = await _run(folder, environment, *(["--json"] if json else []))
    rows = orjson.loads(text) if json else []
    return Outcome(code, {row["step"]: (row["status"], row["detail"]) for row in rows}, text)


async def examined(issuer: str) -> Outcome:
    """Go through the same steps in this process, with the settings as they are by default."""
    defaults = {name: rule["default"] for name, rule in CONFIG_SCHEMA.items()}
    given = {"issuer": issuer, "client_id": CLIENT, "client_secret": SECRET}
    site = Site("http://localhost:8000", None, SystemClock())
    found = [one async for one in examine(checked(defaults | given, site.public_url), site)]
    text = "\n".join(one.sentence for one in found)
    failed = any(one.status == "fail" for one in found)
    return Outcome(int(failed), {one.step: (one.status, one.sentence) for one in found}, text)


async def _run(folder: Path, environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "journiv", "oidc-check", *arguments,
        cwd=folder, env=environment, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, complained = await asyncio.wait_for(process.communicate(), 60)
    assert not complained, complained.decode()
    assert process.returncode is not None
    return process.returncode, said.decode()
