"""A file on its way to a server, in a form of known length."""

from __future__ import annotations

import http.client
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bench.client import Client

PATIENCE: Final = 600.0


def send(
    client: Client,
    path: str,
    fields: Mapping[str, str],
    name: str,
    chunks: Iterable[bytes],
    size: int,
) -> Any:
    """Send a form with one file of `size` bytes and return the JSON of the answer."""
    boundary = uuid.uuid4().hex
    head = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'
        for field, value in fields.items()
    )
    head += (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    )
    tail = f"\r\n--{boundary}--\r\n".encode()
    connection = http.client.HTTPConnection("127.0.0.1", client.server.port, timeout=PATIENCE)
    connection.putrequest("POST", f"/api/v1{path}")
    connection.putheader("Authorization", f"Bearer {client.token}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={boundary}")
    connection.putheader("Content-Length", str(len(head) + size + len(tail)))
    connection.endheaders(head.encode())
    for chunk in chunks:
        connection.send(chunk)
    connection.send(tail)
    answer = connection.getresponse()
    read = answer.read()
    connection.close()
    if not http.client.OK <= answer.status < http.client.MULTIPLE_CHOICES:
        raise SystemExit(f"the upload of {name} answered {answer.status}: {read[:300]!r}")
    return json.loads(read)
