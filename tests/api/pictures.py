"""Small pictures of one's own making, and how they are sent."""

from __future__ import annotations

import asyncio
import io
import random
import struct
import zlib
from typing import Any

from aiohttp import FormData

from tests.api.client import Answer, ApiClient
from tests.api.diary import Json, write_entry, write_journal


def png(width: int = 8, height: int = 6, *, seed: int = 1) -> bytes:
    """A PNG of noise, another one for each seed."""
    noise = random.Random(seed)
    rows = b"".join(b"\0" + noise.randbytes(width * 3) for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(rows)), _chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


async def new_entry(person: ApiClient, **fields: Any) -> Json:
    """An entry in a journal of its own."""
    return await write_entry(person, await write_journal(person), **fields)


async def send(
    person: ApiClient,
    entry_id: str | None,
    data: bytes | None,
    name: str | None = "row.png",
    **fields: str,
) -> Answer:
    """Upload a file as browsers do."""
    form = FormData(default_to_multipart=True)
    if entry_id is not None:
        form.add_field("entry_id", entry_id)
    for field, value in fields.items():
        form.add_field(field, value)
    if data is not None:
        kind = "application/octet-stream"
        form.add_field("file", io.BytesIO(data), filename=name, content_type=kind)
    return await person.request("POST", "/media/upload", data=form)


async def sent(person: ApiClient, entry: Json, data: bytes, name: str = "row.png") -> Json:
    """Upload a file that is taken."""
    answer = await send(person, entry["id"], data, name)
    assert answer.status == 201, answer.json
    made: Json = answer.json
    return made


async def settled(person: ApiClient, medium: Json) -> Json:
    """Wait until a medium's pictures are made, or cannot be."""
    for _ in range(200):
        found: Json = (await person.get(f"/media/{medium['id']}/details")).json
        if found["upload_status"] != "pending":
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("the medium is still pending after ten seconds")
