"""Every parameter of every query, with what none may take; cursors and numbers in paths."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from journiv.domain.ids import new_id
from tests.api.client import ApiClient
from tests.api.diary import write_entry, write_journal
from tests.api.server import ServerProcess

Json = dict[str, Any]
Parameter = tuple[str, str, Json]

STRANGE = {
    "integer": (
        "", "x", "1.0", "1e3", "0x1", "1_0", "%D9%A1", "NaN", "--1", "1%00", "9" * 5_000,
        str(2**63), str(-(2**63) - 1),
    ),
    "boolean": ("", "maybe", "2", "-1", "null", "%00"),
    "uuid": ("x", "%00", "0" * 31, "0" * 33, "%7B%7D", "' OR 1=1 --"),
    "date": ("x", "2026-02-30", "2026-1-1", "20260101", "2026-01-01T00:00:00Z", "2026-01-01%0A"),
    "date-time": ("x", "2026-01-01T25:00:00Z", "9999-12-31T00:00:00Z", "%00"),
    "string": ("a%00b", "%FF", "%ED%A0%80"),
}  # fmt: skip


@pytest.fixture(scope="session")
def parameters(server: ServerProcess) -> list[Parameter]:
    """Every query parameter of a GET: its path, its name, its rules."""
    found = list(_parameters(server.get("/api/v1/openapi.json")))
    assert len(found) > 40
    return found


def _parameters(document: Json) -> Iterator[Parameter]:
    for template, methods in document["paths"].items():
        for one in methods.get("get", {}).get("parameters", ()):
            if one["in"] == "query":
                yield re.sub(r"{\w+}", lambda _: new_id(), template), one["name"], one["schema"]


async def accepted(admin: ApiClient, path: str, name: str, value: str) -> list[str]:
    """Return what was taken although it should be refused by name."""
    answer = await admin.get(f"{path}?{name}={value.replace(' ', '%20')}", root=True)
    if answer.status == 422 and ["query", name] in [one["loc"] for one in answer.json["errors"]]:
        return []
    return [f"{path} {name}={value[:20]}: {answer.status} {answer.body[:120]!r}"]


async def test_no_parameter_takes_what_it_is_not(
    admin: ApiClient, parameters: list[Parameter]
) -> None:
    wrong = []
    for path, name, rules in parameters:
        for value in STRANGE[rules.get("format", rules["type"])]:
            wrong += await accepted(admin, path, name, value)
    assert wrong == []


async def test_integers_keep_to_their_bounds(admin: ApiClient, parameters: list[Parameter]) -> None:
    wrong = []
    for path, name, rules in parameters:
        if "minimum" in rules:
            wrong += await accepted(admin, path, name, str(rules["minimum"] - 1))
        if "maximum" in rules:
            wrong += await accepted(admin, path, name, str(rules["maximum"] + 1))
        elif rules["type"] == "integer":
            answer = await admin.get(f"{path}?{name}={10**16 - 1}", root=True)
            signed = name == "exp"  # of an address whose seal no longer fits
            assert answer.status in ((403, 404) if signed else (200, 404, 422)), (path, name)
    assert wrong == []


def cursor(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "after",
    [
        "x", "%3D%3D%3D%3D", "A" * 200, "A" * 201, "..%2F..", "%C3%A9", "%FF", "%20",
        cursor(f"2026-01-01T00:00:00.000000Z{new_id()}"),
        cursor(f"2026-01-01T00:00:00.000000Z{new_id().upper()}0"),
        cursor(f"9999-99-99T99:99:99.999999Z{new_id()}0"),
        cursor(f"0000-00-00T00:00:00.000000Z{new_id()}1"),
        cursor(f"2026-02-30T00:00:00.000000Z{new_id()}1"),
        cursor(f"2026-01-01T00:00:00.000000Z{new_id()}0\n"),
    ],
)  # fmt: skip
async def test_a_garbled_cursor_is_refused_by_every_list(
    alice: ApiClient, parameters: list[Parameter], after: str
) -> None:
    lists = [path for path, name, _ in parameters if name == "after"]
    assert len(lists) > 4
    for path in lists:
        answer = await alice.get(f"{path}?q=x&after={after}", root=True)
        assert answer.status == 422, path


@pytest.mark.parametrize(
    "number",
    ["-1", "0", "99999999999999999999", "1e3", "%D9%A3", "1.0", "+1", "%00", "x", "%2e%2e"],
)
async def test_no_such_revision_is_404(alice: ApiClient, number: str) -> None:
    entry = await write_entry(alice, await write_journal(alice))
    path = f"/entries/{entry['id']}/revisions/{number}"
    assert (await alice.get(path)).status == 404
    assert (await alice.post(f"{path}/restore")).status == 404
