"""Every answer a test gets is checked against the served OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from journiv.domain.clock import parse_day
from journiv.domain.ids import parse_id

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("uuid")
def _uuid(value: object) -> bool:
    return not isinstance(value, str) or parse_id(value) == value


@_FORMATS.checks("date")
def _date(value: object) -> bool:
    return not isinstance(value, str) or parse_day(value) is not None


@_FORMATS.checks("date-time")
def _date_time(value: object) -> bool:
    return not isinstance(value, str) or _INSTANT.fullmatch(value) is not None


class Contract:
    """Knows which answers each operation declares. Undeclared answers and fields fail the test."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self._components = {
            name: schema if name == "Problem" else _strict(schema)
            for name, schema in document["components"]["schemas"].items()
        }
        self._paths = [
            (re.compile(_pattern(template)), template.count("{"), operations)
            for template, operations in document["paths"].items()
        ]
        self._paths.sort(key=lambda known: known[1])

    def check(
        self, method: str, path: str, status: int, headers: Mapping[str, str], body: Any
    ) -> None:
        """Raise AssertionError when an answer is not what the document promises."""
        where = f"{method} {path} answered {status}"
        assert status != 500, f"{where}: {body}"
        responses = self._responses(method, path)
        declared = responses.get(str(status))
        if method.upper() == "HEAD":
            assert declared is not None or status >= 400, f"{where}, which it does not declare"
            assert not body, f"{where} with a body"
            return
        if declared is None:
            assert status >= 400, f"{where}, which it does not declare"
            assert headers["Content-Type"] == "application/problem+json", where
            self._validate({"$ref": "#/components/schemas/Problem"}, body, where)
            assert body["status"] == status, where
            return
        content = declared.get("content", {})
        if not content:
            assert not body, f"{where} with a body"
            return
        kind = headers["Content-Type"].partition(";")[0]
        assert kind in content, f"{where} with the undeclared media type {kind}"
        if "schema" in content[kind]:
            self._validate(_strict(content[kind]["schema"]), body, where)

    def _responses(self, method: str, path: str) -> Mapping[str, Any]:
        for pattern, _, operations in self._paths:
            if pattern.fullmatch(path) and method.lower() in operations:
                responses: Mapping[str, Any] = operations[method.lower()]["responses"]
                return responses
        return {}

    def _validate(self, schema: Mapping[str, Any], body: Any, where: str) -> None:
        whole = {**schema, "components": {"schemas": self._components}}
        errors = list(Draft202012Validator(whole, format_checker=_FORMATS).iter_errors(body))
        found = "; ".join(f"{list(error.absolute_path)}: {error.message}" for error in errors[:5])
        assert not errors, f"{where} against its schema: {found}"


def _pattern(template: str) -> str:
    parts = re.split(r"{\w+}", template)
    slash = "?" if template.endswith("/") and template != "/" else ""
    return "[^/]+".join(map(re.escape, parts)) + slash


def _strict(schema: Any) -> Any:
    """Forbid undeclared fields: an answer must not tell more than it promises."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    strict = {name: _strict(one) for name, one in schema.items()}
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        strict["additionalProperties"] = False
    return strict
