from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

from journiv.builtin.filesystem_media import FilesystemMedia
from journiv.contracts.media import MediaStore
from tests.plugins.media_s3.conftest import media_at
from tests.services.s3 import BUCKET, KEY_ID, SECRET, S3Server, rclone

PAGE = Path(__file__).parents[3] / "docs/operate/object-store.md"
MEDIA = {"users/a/1.png": b"one", "users/a/2.png": b"", "users/b/film.mp4": bytes(100_000)}


async def everything(media: MediaStore) -> dict[str, bytes]:
    return {
        key: b"".join([chunk async for chunk in media.open(key)]) async for key in media.iter_keys()
    }


async def test_the_pages_line_moves_media_into_the_bucket_and_back(
    shared_s3: S3Server, prefix: str, tmp_path: Path
) -> None:
    line = "rclone copy --checksum /data/media objects:journiv/media"
    assert line in await asyncio.to_thread(PAGE.read_text)
    before = FilesystemMedia(f"file://{tmp_path}/media")
    for key, data in MEDIA.items():
        await before.put(key, one(data), len(data))
    place = f"objects:{BUCKET}/{prefix}"
    await copied(shared_s3, line, f"{tmp_path}/media", place)
    assert await everything(media_at(shared_s3.url(prefix))) == MEDIA
    await copied(shared_s3, line, place, f"{tmp_path}/back")
    assert await everything(FilesystemMedia(f"file://{tmp_path}/back")) == MEDIA


async def copied(server: S3Server, line: str, source: str, target: str) -> None:
    """Type the line with other places, the object store being `objects`."""
    remote = {
        "TYPE": "s3", "PROVIDER": "Rclone", "ENDPOINT": server.endpoint,
        "ACCESS_KEY_ID": KEY_ID, "SECRET_ACCESS_KEY": SECRET,
    }  # fmt: skip
    named = {f"RCLONE_CONFIG_OBJECTS_{name}": value for name, value in remote.items()}
    command = [rclone(), *line.split()[1:-2], source, target, "--config", os.devnull]
    done = await asyncio.to_thread(
        subprocess.run, command, env=named, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


async def one(data: bytes) -> AsyncIterator[bytes]:
    yield data
