"""Run by itself: puts and reads a large object, and prints by how many bytes the process grew."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

MIB = 1024 * 1024


def resident(name: str) -> int:
    """Return a figure of /proc/self/status in bytes: VmRSS now, VmHWM the most so far."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


async def grown(url: str, mib: int) -> int:
    from tests.plugins.media_s3.conftest import media_at

    async def film(mib: int) -> AsyncIterator[bytes]:
        for number in range(mib * 4):
            yield bytes([number % 256]) * (MIB // 4)

    media = media_at(url)
    await media.put("small", film(1), MIB)
    before = resident("VmRSS")
    await media.put("large", film(mib), mib * MIB)
    read = 0
    async for chunk in media.open("large"):
        read += len(chunk)
    assert read == mib * MIB
    await media.close()
    return resident("VmHWM") - before


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[3]))
    print(asyncio.run(grown(sys.argv[1], int(sys.argv[2]))))
