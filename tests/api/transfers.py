"""Uploading diaries and waiting for what happens to them."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from typing import Any

import orjson
from aiohttp import FormData

from tests.api.client import Answer, ApiClient
from tests.api.diary import Json

ENDED = ("completed", "failed", "cancelled")


def diary(count: int, **fields: Any) -> bytes:
    """A diary of entries in the ndjson format."""
    return lines(
        {
            "ref": f"r{number}",
            "date": "1660-01-01",
            "title": f"T{number}",
            "text": "to bed",
            **fields,
        }
        for number in range(count)
    )


def lines(records: Iterable[Any]) -> bytes:
    return b"".join(orjson.dumps(record) + b"\n" for record in records)


async def upload(
    who: ApiClient,
    content: bytes,
    *,
    source_type: str | None = "ndjson",
    name: str = "diary.ndjson",
    file_first: bool = False,
    **fields: str,
) -> Answer:
    form, sent, file = FormData(), dict(fields), io.BytesIO(content)
    if source_type is not None:
        sent["source_type"] = source_type
    if file_first:
        form.add_field("file", file, filename=name)
    for field, value in sent.items():
        form.add_field(field, value)
    if not file_first:
        form.add_field("file", file, filename=name)
    return await who.post("/import/upload", data=form)


async def begun(who: ApiClient, content: bytes, **options: Any) -> Json:
    answer = await upload(who, content, **options)
    assert answer.status == 202, answer.json
    job: Json = answer.json
    assert job["status"] in ("pending", "running")
    return job


async def ended(who: ApiClient, path: str, patience: float = 60.0) -> Json:
    """Wait until a job has ended and return it."""
    async with asyncio.timeout(patience):
        while True:
            job: Json = (await who.get(path)).json
            if job["status"] in ENDED:
                return job
            await asyncio.sleep(0.05)


async def imported(who: ApiClient, content: bytes, **options: Any) -> Json:
    """Upload and wait for the end."""
    job = await begun(who, content, **options)
    return await ended(who, f"/import/{job['id']}")


async def exported(who: ApiClient, **body: Any) -> Json:
    answer = await who.post("/export/", {"export_type": "full", **body})
    assert answer.status == 202, answer.json
    return await ended(who, f"/export/{answer.json['id']}")
