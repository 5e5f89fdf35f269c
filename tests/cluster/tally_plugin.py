"""A plugin whose jobs write down when and in which process they run."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from journiv import hookimpl
from journiv.contracts.context import PluginContext
from journiv.contracts.jobs import Job

JOURNIV_API: Final = "0.1"
TICK_EVERY: Final = 0.3


@hookimpl
def journiv_config_schema() -> Mapping[str, Any]:
    return {"folder": {"type": "string", "required": True, "meta": {"help": "where to write"}}}


@hookimpl
def journiv_register_jobs(ctx: PluginContext) -> Iterable[Job]:
    folder = Path(ctx.settings["folder"])

    async def tick() -> None:
        """Write down that it begins, and that it ends."""
        _note(folder / "ticks", "begin")
        await asyncio.sleep(0.1)
        _note(folder / "ticks", "end")

    async def hold() -> None:
        """While there is a file `hold`, do not end."""
        if (folder / "hold").exists():
            _note(folder / "holders", "begin")
        while (folder / "hold").exists():
            await asyncio.sleep(0.05)

    return [
        Job(name="tick", every=TICK_EVERY, run=tick),
        Job(name="hold", every=0.3, run=hold),
    ]


def _note(path: Path, what: str) -> None:
    with path.open("a") as file:
        file.write(f"{what} {os.getpid()} {time.time()}\n")
