"""Every text field of the whole API, with what no field may take (IN-1, 2, 3, 7, 9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.api.client import ApiClient
from tests.api.server import ServerProcess
from tests.security.fields import Field, fields_of, refused_at

# What each JSON type is not; numbers in text and 0 or 1 are read as what they mean.
STRANGE: dict[str, tuple[Any, ...]] = {
    "string": (5, 1.5, True, [], {}, ["a"], {"$ne": ""}),
    "integer": ("x", 1.5, True, [], {}, "1e3", "9" * 40, 2**63),
    "number": ("x", True, [], {}, "1", 2**63 + 1),
    "boolean": ("maybe", 2, 1.5, [], {}, -1),
    "array": ("x", 5, True, {}, [[]], [None], [{}]),
    "object": ("x", 5, True, []),
}


@pytest.fixture(scope="session")
def fields(server: ServerProcess) -> list[Field]:
    found = list(fields_of(server))
    assert len(found) > 90
    return found


async def refusals(
    admin: ApiClient, fields: Iterable[Field], value: Callable[[Field], Any]
) -> list[str]:
    """Send a value to each field; return the fields that are not named as refused."""
    wrong = []
    for field in fields:
        answer = await field.send(admin, value(field))
        if not refused_at(answer, field.name):
            wrong.append(f"{field}: {answer.status} {answer.body[:200]!r}")
    return wrong


async def test_IN_1_no_text_takes_a_NUL(admin: ApiClient, fields: list[Field]) -> None:
    texts = [field for field in fields if field.is_text]
    assert await refusals(admin, texts, lambda _: "a\x00b") == []


@pytest.mark.parametrize("sign", ["\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x1f"])
async def test_IN_2_only_passwords_take_control_characters(
    admin: ApiClient, fields: list[Field], sign: str
) -> None:
    texts = [field for field in fields if field.is_text and not field.is_password]
    assert await refusals(admin, texts, lambda _: f"a{sign}b") == []


async def test_IN_3_no_text_takes_a_lone_surrogate(admin: ApiClient, server: ServerProcess) -> None:
    wrong = []
    for field in fields_of(server):
        if not field.is_text or field.form:
            continue
        path = field.template.replace("{", "0").replace("}", "0")
        raw = b'{"%s": "a\\ud800"}' % field.name.encode()
        sent = {"Content-Type": "application/json"}
        answer = await admin.request(field.method, path, data=raw, headers=sent, root=True)
        if answer.status != 422:
            wrong.append(f"{field}: {answer.status}")
    assert wrong == []


async def test_IN_7_one_more_than_the_longest_is_refused(
    admin: ApiClient, fields: list[Field]
) -> None:
    bound = [field for field in fields if "maxLength" in field.rules]
    assert len(bound) > 30
    longer = await refusals(admin, bound, lambda field: "x" * (field.rules["maxLength"] + 1))
    assert longer == []


async def test_IN_9_null_is_refused_where_a_value_is_required(
    admin: ApiClient, fields: list[Field]
) -> None:
    never_null = [field for field in fields if not field.nullable and not field.form]
    assert any(field.required for field in never_null)
    assert await refusals(admin, never_null, lambda _: None) == []


async def test_no_field_takes_another_type(admin: ApiClient, fields: list[Field]) -> None:
    wrong = []
    for field in fields:
        if field.form:
            continue
        for value in STRANGE[field.kinds[0]]:
            if field.rules.get("format") == "date-time" and type(value) in (int, float):
                continue  # Unix seconds
            taken = await refusals(admin, [field], lambda _, value=value: value)
            wrong += [f"{one} for {value!r}" for one in taken]
    assert wrong == []
