"""Cerberus rules as JSON Schema 2020-12, for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from journiv.contracts.routes import Param
from journiv.contracts.schema import ListOf, Schema, Shape

JsonSchema = dict[str, Any]

_TYPES: Mapping[str, JsonSchema] = {
    "text": {"type": "string"},
    "secret": {"type": "string"},
    "string": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "instant": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "zone": {"type": "string"},
    "email": {"type": "string", "format": "email"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "float": {"type": "number"},
    "boolean": {"type": "boolean"},
    "dict": {"type": "object"},
    "list": {"type": "array"},
    "file": {"type": "string", "contentMediaType": "application/octet-stream"},
}
_PARAMS: Mapping[str, JsonSchema] = {
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "text": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "day": {"type": "string", "format": "date"},
    "instant": {"type": "string", "format": "date-time"},
    "choice": {"type": "string"},
}


def shape_schema(shape: Shape | Mapping[str, Any]) -> JsonSchema:
    """Return the schema of a body or an answer; named shapes become references."""
    if isinstance(shape, Schema):
        return {"$ref": f"#/components/schemas/{shape.name}"}
    if isinstance(shape, ListOf):
        return {"type": "array", "items": shape_schema(shape.item)}
    return rules_schema(shape)


def fields_schema(fields: Mapping[str, Any]) -> JsonSchema:
    """Return the schema of an object with these fields."""
    schema: JsonSchema = {
        "type": "object",
        "properties": {name: rules_schema(rules) for name, rules in fields.items()},
    }
    required = [name for name, rules in fields.items() if rules.get("required")]
    if required:
        schema["required"] = required
    return schema


def rules_schema(rules: Mapping[str, Any]) -> JsonSchema:
    """Return the schema of one value."""
    kind = rules.get("type")
    if kind is None:
        return {}
    kinds: Sequence[str] = (kind,) if isinstance(kind, str) else kind
    if len(kinds) > 1:
        options = [rules_schema({**rules, "type": one, "nullable": False}) for one in kinds]
        schema: JsonSchema = {"anyOf": options}
        if rules.get("nullable"):
            options.append({"type": "null"})
        return schema
    schema = {**_nested(kinds[0], rules), **_bounds(kinds[0], rules)}
    if rules.get("nullable"):
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    return schema


def param_schema(param: Param) -> JsonSchema:
    """Return the schema of a query parameter."""
    schema = dict(_PARAMS[param.kind])
    low, high = ("minLength", "maxLength") if param.kind == "text" else ("minimum", "maximum")
    if param.minimum is not None:
        schema[low] = param.minimum
    if param.maximum is not None:
        schema[high] = param.maximum
    if param.choices:
        schema["enum"] = list(param.choices)
    if param.default is not None:
        schema["default"] = param.default
    return schema


def _nested(kind: str, rules: Mapping[str, Any]) -> JsonSchema:
    if kind == "dict" and "schema" in rules:
        return fields_schema(rules["schema"])
    if kind == "dict" and "valuesrules" in rules:
        return {"type": "object", "additionalProperties": rules_schema(rules["valuesrules"])}
    if kind == "list" and "schema" in rules:
        return {"type": "array", "items": rules_schema(rules["schema"])}
    return dict(_TYPES[kind])


def _bounds(kind: str, rules: Mapping[str, Any]) -> JsonSchema:
    low, high = {"list": ("minItems", "maxItems"), "dict": ("minProperties", "maxProperties")}.get(
        kind, ("minLength", "maxLength")
    )
    names = {"minlength": low, "maxlength": high, "min": "minimum", "max": "maximum"}
    bounds: JsonSchema = {name: rules[rule] for rule, name in names.items() if rule in rules}
    if "allowed" in rules:
        bounds["enum"] = list(rules["allowed"])
    if "regex" in rules:
        bounds["pattern"] = rules["regex"]
    if rules.get("empty") is False:
        bounds.setdefault(low, 1)
    return bounds
