"""Checking bodies with Cerberus, its traps closed.

For JSON Cerberus lets `True` pass as an integer, lets `^a$` accept a line feed after `a`, and a
failed coercion tells the exception and reports twice. So values are read into wire form beforehand
(`api.readers`), patterns are closed when the schema is taken over, and Cerberus only checks.
A validator is not re-entrant; a check awaits nothing, so one for each route and process is enough.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from cerberus import TypeDefinition, Validator
from cerberus.errors import BaseErrorHandler, ValidationError

from journiv.api.readers import Unread, object_reader
from journiv.api.refusals import refused
from journiv.contracts.schema import ListOf, Schema, Shape
from journiv.domain.errors import Violation

_WHOLE = "body"
_STRINGS = ("text", "secret", "uuid", "instant", "day", "zone", "email")

_RULES: Mapping[str, tuple[str, str]] = {
    "required": ("missing", "Field required"),
    "nullable": ("none_not_allowed", "This must not be null."),
    "empty": ("too_short", "This must not be empty."),
    "minlength": ("too_short", "This needs a length of at least {constraint}."),
    "maxlength": ("too_long", "This may have a length of at most {constraint}."),
    "min": ("greater_than_equal", "This must be at least {constraint}."),
    "max": ("less_than_equal", "This must be at most {constraint}."),
    "regex": ("string_pattern_mismatch", "This does not have the expected form."),
    "allowed": ("enum", "This is none of the accepted values."),
}
_TYPES: Mapping[str, tuple[str, str]] = {
    "dict": ("dict_type", "This must be an object."),
    "list": ("list_type", "This must be a list."),
}
_REFUSED = ("value_error", "This value is not accepted.")


class BodyValidator(Validator):  # type: ignore[misc] # Cerberus ships no types
    """Cerberus' validator with the types of `contracts.schema`, for values that were read."""

    types_mapping: ClassVar[dict[str, TypeDefinition]] = {
        **Validator.types_mapping,
        **{name: TypeDefinition(name, (str,), ()) for name in _STRINGS},
        "integer": TypeDefinition("integer", (int,), (bool,)),
        "float": TypeDefinition("float", (int, float), (bool,)),
        "number": TypeDefinition("number", (int, float), (bool,)),
    }


class ViolationHandler(BaseErrorHandler):  # type: ignore[misc] # Cerberus ships no types
    """Turns Cerberus' errors into violations; the refused values stay behind."""

    def __call__(self, errors: Iterable[ValidationError]) -> list[Violation]:
        """Return one violation for each error, children instead of their parents."""
        return [found for error in errors for found in self._flat(error)]

    def _flat(self, error: ValidationError) -> list[Violation]:
        if error.is_group_error and not error.is_logic_error:
            return [found for child in error.child_errors for found in self._flat(child)]
        path = error.document_path
        return [Violation(path if path[:1] == (_WHOLE,) else (_WHOLE, *path), *_said(error))]


class BodyCheck:
    """Reads and checks the bodies of one shape."""

    def __init__(self, shape: Shape) -> None:
        self._bare = isinstance(shape, ListOf)
        fields = _fields(shape)
        self._read = object_reader(fields)
        self._validator = BodyValidator(
            closed(fields), allow_unknown=True, error_handler=ViolationHandler()
        )

    def check(self, document: Any) -> Any:
        """Return the declared fields in wire form. Raises `Invalid`, naming each refused one."""
        if self._bare:
            document = {_WHOLE: document}
        elif not isinstance(document, dict):
            raise refused([Violation((_WHOLE,), *_TYPES["dict"])])
        values = self._read(document)
        if not self._validator.validate(values, normalize=False):
            raise refused(self._validator.errors)
        return values[_WHOLE] if self._bare else values


def rules_of(item: Schema | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the Cerberus rules of a list's item."""
    if isinstance(item, Schema):
        return {"type": "dict", "schema": item.fields}
    return item


def closed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a schema with every pattern matching the whole text and nothing more."""
    return {name: _closed_rules(rules) for name, rules in fields.items()}


def _closed_rules(rules: Mapping[str, Any]) -> dict[str, Any]:
    copy = dict(rules)
    if "regex" in copy:
        # Cerberus appends `$` unless it is there, and `$` also matches before a last line feed.
        copy["regex"] = rf"(?:{copy['regex']})\Z"
    if copy.get("type") == "dict" and "schema" in copy:
        copy["schema"] = closed(copy["schema"])
        copy.setdefault("allow_unknown", True)
    elif copy.get("type") == "list" and "schema" in copy:
        copy["schema"] = _closed_rules(copy["schema"])
    if "valuesrules" in copy:
        copy["valuesrules"] = _closed_rules(copy["valuesrules"])
    return copy


def _fields(shape: Shape) -> Mapping[str, Any]:
    if isinstance(shape, Schema):
        return shape.fields
    return {_WHOLE: {"type": "list", "schema": rules_of(shape.item)}}


def _said(error: ValidationError) -> tuple[str, str]:
    if isinstance(error.value, Unread):
        return error.value.rule, error.value.msg
    if error.rule == "type":
        kinds = error.constraint if isinstance(error.constraint, str) else ""
        return _TYPES.get(kinds, _REFUSED)
    if error.rule == "allowed":
        return "enum", f"This must be one of: {', '.join(map(str, error.constraint))}."
    if error.rule in ("minlength", "maxlength") and isinstance(error.value, str):
        rule, msg = _RULES[error.rule]
        return f"string_{rule}", msg.format(constraint=f"{error.constraint} characters")
    rule, msg = _RULES.get(error.rule, _REFUSED)
    return rule, msg.format(constraint=error.constraint)
