from __future__ import annotations

from typing import Any

import pytest

from journiv.api.openapi import document
from journiv.api.routing import Mount
from journiv.api.schemas import rules_schema
from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import ListOf, Schema

_THING = Schema(
    "Thing",
    {
        "id": {"type": "uuid", "required": True},
        "note": {"type": "text", "nullable": True, "maxlength": 5},
        "tags": {"type": "list", "schema": {"type": "text"}},
        "size": {"type": ["integer", "text"]},
        "counts": {"type": "dict", "valuesrules": {"type": "integer"}},
    },
)


async def _nothing(call: Call) -> None:
    return None


def _route(**options: Any) -> RouteDef:
    given: dict[str, Any] = {
        "method": "GET",
        "path": "/things/{thing_id}",
        "handler": _nothing,
        "access": Access.USER,
        "summary": "Read a thing",
        "answers": {200: ListOf(_THING)},
        **options,
    }
    return RouteDef(**given)


def _document(*routes: RouteDef) -> dict[str, Any]:
    return document([Mount("/api/v1", routes)], title="Journiv", version="1")


def test_an_operation_names_its_parameters_answers_and_access() -> None:
    query = (Param(name="limit", kind="int", default=50, minimum=1, maximum=100),)
    described = _document(_route(query=query))["paths"]["/api/v1/things/{thing_id}"]["get"]
    assert described["operationId"] == "get_things_thing_id"
    assert described["security"] == [{"bearer": []}]
    assert described["parameters"] == [
        {
            "name": "thing_id",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
        {
            "name": "limit",
            "in": "query",
            "required": False,
            "schema": {"type": "integer", "minimum": 1, "maximum": 100, "default": 50},
        },
    ]
    assert described["responses"]["200"]["content"]["application/json"]["schema"] == {
        "type": "array",
        "items": {"$ref": "#/components/schemas/Thing"},
    }
    assert "application/problem+json" in described["responses"]["default"]["content"]


def test_shapes_become_components() -> None:
    found = _document(_route())["components"]["schemas"]["Thing"]
    assert found["required"] == ["id"]
    assert found["properties"] == {
        "id": {"type": "string", "format": "uuid"},
        "note": {"type": ["string", "null"], "maxLength": 5},
        "tags": {"type": "array", "items": {"type": "string"}},
        "size": {"anyOf": [{"type": "integer"}, {"type": "string"}]},
        "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    }


def test_two_shapes_of_one_name_are_refused() -> None:
    other = Schema("Thing", {"id": {"type": "integer"}})
    with pytest.raises(ValueError, match="Thing"):
        _document(_route(), _route(path="/others", answers={200: other}))


def test_a_public_form_says_so() -> None:
    route = _route(method="POST", path="/token", access=Access.PUBLIC, body=_THING,
                   body_kind="form", answers={204: None})  # fmt: skip
    described = _document(route)["paths"]["/api/v1/token"]["post"]
    assert "security" not in described
    assert list(described["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]
    assert described["responses"]["204"] == {"description": "No Content"}


@pytest.mark.parametrize(
    ("rules", "schema"),
    [
        ({"type": "text", "empty": False}, {"type": "string", "minLength": 1}),
        ({"type": "integer", "min": 1, "max": 5}, {"type": "integer", "minimum": 1, "maximum": 5}),
        (
            {"type": "text", "allowed": ["a"], "nullable": True},
            {"type": ["string", "null"], "enum": ["a", None]},
        ),
        (
            {"type": "list", "schema": {"type": "day"}, "maxlength": 2},
            {"type": "array", "items": {"type": "string", "format": "date"}, "maxItems": 2},
        ),
        ({}, {}),
    ],
)
def test_rules_become_json_schema(rules: dict[str, Any], schema: dict[str, Any]) -> None:
    assert rules_schema(rules) == schema
