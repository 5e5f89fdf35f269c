"""The OpenAPI 3.1 document, made from the routes' own declarations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from journiv.api.bodies import BODY_KINDS
from journiv.api.dispatch import part_names
from journiv.api.problems import CONTENT_TYPE
from journiv.api.routing import Mount
from journiv.api.schemas import fields_schema, param_schema, shape_schema
from journiv.contracts.routes import Access, RouteDef
from journiv.contracts.schema import ListOf, Schema, Shape

_PART_PATTERN = re.compile(r"{(\w+):[^{}]*}")
_TEXT = {"type": "string"}
_VIOLATIONS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {
            "type": _TEXT,
            "loc": {"type": "array", "items": {"type": ["string", "integer"]}},
            "msg": _TEXT,
        },
        "required": ["type", "loc", "msg"],
    },
}
PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "RFC 9457. Refused input adds `error`, `message` and `errors`.",
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "request_id": _TEXT,
        "error": _TEXT,
        "message": {"anyOf": [_TEXT, _VIOLATIONS]},
        "errors": _VIOLATIONS,
        "retry_after": {"type": "integer", "minimum": 1},
        "current": {"type": "object"},
    },
    "required": ["type", "title", "status", "detail", "request_id"],
}


def document(mounts: Iterable[Mount], *, title: str, version: str) -> dict[str, Any]:
    """Describe every operation. Raises `ValueError` for two shapes of one name."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {"Problem": PROBLEM}
    for mount in mounts:
        for route, template in mount.templates():
            path = _PART_PATTERN.sub(r"{\1}", template)
            paths.setdefault(path, {})[route.method.lower()] = _operation(route, path)
            for shape in (route.body, *route.answers.values()):
                _collect(shape, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(route: RouteDef, path: str) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(route.method, path),
        "summary": route.summary,
        "tags": [route.tag or "other"],
        "parameters": _parameters(route),
        "responses": {
            **{str(status): _answer(status, shape) for status, shape in route.answers.items()},
            "default": {
                "description": "A problem",
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        },
    }
    if route.body is not None or route.body_kind == "bytes":
        described = {} if route.body is None else {"schema": shape_schema(route.body)}
        operation["requestBody"] = {
            "required": route.body_required,
            "content": {BODY_KINDS[route.body_kind]: described},
        }
    if route.access is not Access.PUBLIC:
        operation["security"] = [{"bearer": []}]
    return operation


def _parameters(route: RouteDef) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", **({"format": "uuid"} if name.endswith("_id") else {})},
        }
        for name in part_names(route.path)
    ]
    for param in route.query:
        described = {"description": param.help} if param.help else {}
        found.append(
            {
                "name": param.name,
                "in": "query",
                "required": param.required,
                "schema": param_schema(param),
                **described,
            }
        )
    return found


def _answer(status: int, shape: Shape | Mapping[str, Any] | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": HTTPStatus(status).phrase}
    if isinstance(shape, Mapping) and "content" in shape:
        answer["content"] = {kind: {} for kind in shape["content"].split()}
    elif shape is not None:
        answer["content"] = {"application/json": {"schema": shape_schema(shape)}}
    return answer


def _collect(shape: Shape | Mapping[str, Any] | None, schemas: dict[str, Any]) -> None:
    if isinstance(shape, ListOf):
        _collect(shape.item, schemas)
    elif isinstance(shape, Schema):
        found = fields_schema(shape.fields)
        if schemas.setdefault(shape.name, found) != found:
            raise ValueError(f"two different shapes are called {shape.name}")


def _operation_id(method: str, path: str) -> str:
    named = f"outside{path}" if path.startswith("/media/") else path.removeprefix("/api/v1")
    words = re.sub(r"[^A-Za-z0-9]+", "_", named).strip("_")
    return f"{method.lower()}_{words or 'root'}"
