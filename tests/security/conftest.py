"""The security package looks from outside: HTTP and bytes against started servers."""

from __future__ import annotations

import pytest

from tests.api.client import ApiClient
from tests.api.conftest import (
    NewUser,
    admin,
    client,
    new_user,
    server,
    session,
    signed_in,
    start_server,
)

__all__ = [
    "admin",
    "client",
    "new_user",
    "server",
    "session",
    "signed_in",
    "start_server",
]


@pytest.fixture
async def alice(client: ApiClient, new_user: NewUser, signed_in: dict[str, ApiClient]) -> ApiClient:
    """A: an ordinary person at the shared server, whose session tests leave alive."""
    return await _known("alice@example.org", client, new_user, signed_in)


@pytest.fixture
async def bob(client: ApiClient, new_user: NewUser, signed_in: dict[str, ApiClient]) -> ApiClient:
    """B: another ordinary person at the shared server, whose session tests leave alive."""
    return await _known("bob@example.org", client, new_user, signed_in)


async def _known(
    email: str, client: ApiClient, new_user: NewUser, signed_in: dict[str, ApiClient]
) -> ApiClient:
    if email not in signed_in:
        signed_in[email] = await new_user(email)
    known = signed_in[email]
    again = client.with_token(known.token or "")
    again.user, again.password = dict(known.user), known.password
    return again
