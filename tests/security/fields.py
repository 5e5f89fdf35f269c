"""Every field of every request body, as the served document declares it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from journiv.domain.ids import new_id
from tests.api.client import Answer, ApiClient
from tests.api.server import ServerProcess

Json = Mapping[str, Any]

READ_HERE = ("application/json", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Field:
    """A field with the operation that takes it. `kinds` are its JSON types, `null` left out."""

    method: str
    template: str
    name: str
    rules: Json
    kinds: tuple[str, ...]
    nullable: bool
    required: bool
    form: bool

    @property
    def is_text(self) -> bool:
        """Say whether anything may be written there: no e-mail address, id, day or choice."""
        return self.kinds == ("string",) and not {"enum", "format"} & self.rules.keys()

    @property
    def is_password(self) -> bool:
        return "password" in self.name or self.name == "client_secret"

    def __str__(self) -> str:
        return f"{self.method} {self.template} {self.name}"

    async def send(self, person: ApiClient, value: Any) -> Answer:
        """Send a body with this field alone, to something that does not exist."""
        path = re.sub(r"{\w+}", lambda _: new_id(), self.template)
        body = {self.name: value}
        if not self.form:
            return await person.request(self.method, path, json=body, root=True)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        data = urlencode(body, errors="surrogatepass")
        return await person.request(self.method, path, data=data, headers=kind, root=True)


def fields_of(server: ServerProcess) -> Iterator[Field]:
    """Yield every field of every body."""
    document = server.get("/api/v1/openapi.json")
    schemas = document["components"]["schemas"]
    for template, methods in document["paths"].items():
        for method, operation in methods.items():
            for kind, content in operation.get("requestBody", {}).get("content", {}).items():
                if kind not in READ_HERE:
                    continue  # the handler reads it as a stream, and its own tests check that
                schema = _resolved(content["schema"], schemas)
                for name, rules in schema.get("properties", {}).items():
                    yield _field(method.upper(), template, name, rules, schema, "form" in kind)


def _field(method: str, template: str, name: str, rules: Json, schema: Json, form: bool) -> Field:
    declared = rules.get("type", ())
    kinds = (declared,) if isinstance(declared, str) else tuple(declared)
    return Field(
        method=method,
        template=template,
        name=name,
        rules=rules,
        kinds=tuple(kind for kind in kinds if kind != "null"),
        nullable="null" in kinds,
        required=name in schema.get("required", ()),
        form=form,
    )


def _resolved(schema: Json, schemas: Json) -> Json:
    reference = schema.get("$ref")
    found: Json = schemas[reference.rpartition("/")[2]] if reference else schema
    return found


def refused_at(answer: Answer, name: str) -> list[str]:
    """Return the rules that the answer says a field broke."""
    if answer.status != 422:
        return []
    return [one["type"] for one in answer.json["errors"] if one["loc"][:2] == ["body", name]]
