from __future__ import annotations

import io
import json
from typing import Any

import orjson
import pytest
from aiohttp import ClientSession

from journiv.contracts.routes import Access, Call, RouteDef
from journiv.contracts.schema import ListOf, Schema
from tests.unit.api.conftest import Serve

THING = Schema(
    "Thing",
    {
        "title": {"type": "text", "required": True, "minlength": 1, "maxlength": 10},
        "count": {"type": "integer", "min": 0, "max": 2**60},
        "share": {"type": "number"},
        "kept": {"type": "boolean"},
        "at": {"type": "instant"},
        "day": {"type": "day"},
        "zone": {"type": "zone"},
        "owner": {"type": "uuid", "nullable": True},
        "mail": {"type": "email"},
        "code": {"type": "text", "regex": "^[a-z]+$"},
        "colour": {"type": "text", "allowed": ["red", "blue"]},
        "tags": {"type": "list", "schema": {"type": "text", "maxlength": 5}, "maxlength": 2},
        "place": {"type": "dict", "schema": {"lat": {"type": "number", "required": True}}},
    },
)
NAMES = ListOf({"type": "text", "minlength": 1})


async def _echo(call: Call) -> object:
    return {"body": call.body}


def _post(path: str, **options: Any) -> RouteDef:
    return RouteDef(
        method="POST",
        path=path,
        handler=_echo,
        access=Access.PUBLIC,
        summary="",
        answers={200: {"type": "dict"}},
        **options,
    )


ROUTES = [
    _post("/things", body=THING),
    _post("/maybe", body=THING, body_required=False),
    _post("/names", body=NAMES),
    _post("/form", body=THING, body_kind="form"),
]


class Poster:
    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def raw(
        self, path: str, data: bytes, content_type: str | None = "application/json"
    ) -> tuple[int, Any]:
        headers = {"Content-Type": content_type} if content_type else {}
        async with self._http.post(
            f"{self._url}/api/v1{path}",
            data=io.BytesIO(data) if len(data) > 1 << 20 else data,
            headers=headers,
            skip_auto_headers=("Content-Type",),
        ) as answer:
            assert answer.status < 500
            return answer.status, orjson.loads(await answer.read())

    async def send(self, body: Any, path: str = "/things") -> tuple[int, Any]:
        return await self.raw(path, json.dumps(body).encode())

    async def kept(self, **fields: Any) -> Any:
        status, body = await self.send({"title": "t", **fields})
        assert status == 200, body
        return body["body"]

    async def refused(self, body: Any, path: str = "/things") -> list[tuple[str, list[Any]]]:
        status, answer = await self.send(body, path)
        assert status == 422
        assert answer["error"] == "validation_error"
        assert answer["message"] == answer["errors"]
        assert all(set(one) == {"type", "loc", "msg"} for one in answer["errors"])
        return [(one["type"], one["loc"]) for one in answer["errors"]]


def _field(answer: Any) -> str:
    return ".".join(map(str, answer["errors"][0]["loc"][1:]))


@pytest.fixture
async def poster(serve: Serve, http: ClientSession) -> Poster:
    return Poster(http, await serve(ROUTES))


async def test_declared_fields_arrive_and_others_are_dropped(poster: Poster) -> None:
    assert await poster.kept(count=3, role="admin") == {"title": "t", "count": 3}


async def test_every_wrong_field_is_named_at_once_and_no_value_is_echoed(poster: Poster) -> None:
    body = {"title": "", "count": "secret-7", "place": {"lat": "secret-8"}, "tags": ["toolong"]}
    assert sorted(await poster.refused(body)) == [
        ("float_type", ["body", "place", "lat"]),
        ("int_type", ["body", "count"]),
        ("string_too_long", ["body", "tags", 0]),
        ("string_too_short", ["body", "title"]),
    ]
    _, answer = await poster.send(body)
    assert "secret" not in json.dumps(answer)
    assert answer["detail"] == f"{_field(answer)}: {answer['errors'][0]['msg']}"


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        ("at", "2026-03-01T10:15:30+02:00", "2026-03-01T08:15:30.000000Z"),
        ("at", "2026-03-01T10:15:30", "2026-03-01T10:15:30.000000Z"),
        ("at", 0, "1970-01-01T00:00:00.000000Z"),
        ("at", 1.5, "1970-01-01T00:00:01.500000Z"),
        ("kept", "yes", True),
        ("kept", 1, True),
        ("kept", "False", False),
        ("count", "12", 12),
        ("count", 12.0, 12),
        ("owner", "0198C8A0000070008000000000000000", "0198c8a0-0000-7000-8000-000000000000"),
        ("owner", None, None),
        ("share", 2, 2),
        ("mail", " Sam@Example.org ", "Sam@Example.org"),
    ],
)
async def test_values_are_read_generously_into_wire_form(
    poster: Poster, field: str, sent: Any, kept: Any
) -> None:
    found = (await poster.kept(**{field: sent}))[field]
    assert found == kept
    assert type(found) is type(kept)


@pytest.mark.parametrize(
    ("field", "sent", "rule"),
    [
        ("title", 5, "string_type"),
        ("title", None, "none_not_allowed"),
        ("title", "a\x00b", "string_unicode"),
        ("title", "x" * 11, "string_too_long"),
        ("count", True, "int_type"),
        ("count", 1.5, "int_type"),
        ("count", -1, "greater_than_equal"),
        ("count", 2**53 + 1, "int_parsing_size"),
        ("share", True, "float_type"),
        ("share", "1", "float_type"),
        ("kept", 2, "bool_type"),
        ("kept", "maybe", "bool_parsing"),
        ("at", "10000-01-01T00:00:00Z", "datetime_parsing"),
        ("at", True, "datetime_parsing"),
        ("at", 10**18, "datetime_parsing"),
        ("day", "2026-02-30", "date_parsing"),
        ("day", "2026-03-01\n", "date_parsing"),
        ("zone", "Mars/Olympus", "time_zone"),
        ("owner", "nobody", "uuid_parsing"),
        ("mail", "nobody", "value_error"),
        ("mail", "sam@exam\u200bple.org", "value_error"),
        ("mail", "sa\u202em@example.org", "value_error"),
        ("mail", "\uff53am@example.org", "value_error"),
        ("mail", "sam@example.org\x07", "value_error"),
        ("code", "a\n", "string_pattern_mismatch"),
        ("colour", "green", "enum"),
        ("tags", "one", "list_type"),
        ("tags", ["a", "b", "c"], "too_long"),
        ("place", [], "dict_type"),
    ],
)
async def test_a_wrong_value_is_refused_by_its_rule(
    poster: Poster, field: str, sent: Any, rule: str
) -> None:
    assert await poster.refused({"title": "t", field: sent}) == [(rule, ["body", field])]


async def test_a_missing_field_is_named(poster: Poster) -> None:
    assert await poster.refused({}) == [("missing", ["body", "title"])]
    assert await poster.refused({"title": "t", "place": {}}) == [
        ("missing", ["body", "place", "lat"])
    ]


async def test_lone_surrogates_are_refused_where_they_stand(poster: Poster) -> None:
    status, answer = await poster.raw("/things", b'{"title": "a\\ud800"}')
    assert (status, answer["errors"][0]["type"]) == (422, "string_unicode")
    assert await poster.kept(count=1) == {"title": "t", "count": 1}


@pytest.mark.parametrize("sent", [[], "text", 5, None])
async def test_a_body_that_is_no_object_is_refused(poster: Poster, sent: Any) -> None:
    assert await poster.refused(sent) == [("dict_type", ["body"])]


async def test_a_list_without_a_bound_of_its_own_takes_two_hundred_items(poster: Poster) -> None:
    assert (await poster.send(["a"] * 200, "/names"))[0] == 200
    for item in ("a", "", 1, None):  # 10,000 wrong items took a minute to refuse
        assert await poster.refused([item] * 90_000, "/names") == [("too_long", ["body"])]


async def test_a_bare_list_is_checked_item_by_item(poster: Poster) -> None:
    assert (await poster.send(["a", "b"], "/names"))[1] == {"body": ["a", "b"]}
    assert await poster.refused(["a", ""], "/names") == [("string_too_short", ["body", 1])]
    assert await poster.refused({"a": 1}, "/names") == [("list_type", ["body"])]


@pytest.mark.parametrize(
    "data",
    [
        b"{broken",
        b'{"title": NaN}',
        b'{"title": "t", "count": Infinity}',
        b'{"title": "\\u0041", "x": NaN}',
        b'{"title": "\xff"}',
        b'{"title": "t", "count": ' + b"9" * 5000 + b"}",
        b'{"title": "t", "x": "\\u0041", "count": ' + b"9" * 5000 + b"}",
        b"[" * 10_000 + b"]" * 10_000,
        b'{"title": "\\u0041", "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
        b'{"title": "t", "x": ' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"title": "t", "x": [' + b"{}," * 10_000 + b"{}]}",
        b'{"title": "t", "x": [' + b"1," * 100_000 + b"1]}",
        b'{"title": "t", "count": 1e999}',
        b'{"title": "\\ud800", "count": 1e999}',
        b"[" * 65 + b'"' + b'\\"' * 1_000_000,  # once took hours
        b'{"title": "\\ud800' + b'\\"' * 1_000_000,
        b'{"title": "t", "title": "t"}',
        b'{"title": "t", "titl\\u0065": "u"}',
        b'{"title": "a:b", "x": [{"y": {"z": 1, "z": 2}}]}',
        b'{"title": "\\ud800", "title": "u"}',
    ],
)
async def test_broken_or_too_deep_json_is_400(poster: Poster, data: bytes) -> None:
    status, answer = await poster.raw("/things", data)
    assert (status, answer["detail"]) == (400, "Invalid JSON")


async def test_depth_is_counted_in_levels_and_not_in_brackets(poster: Poster) -> None:
    deep = b'{"title": "t", "x": ' + b"[" * 63 + b"]" * 63 + b"}"
    wide = b'{"title": "t", "x": [' + b",".join([b"[]"] * 500) + b"]}"
    text = json.dumps({"title": "t", "x": '[{"\\' * 500}).encode()
    for data in (deep, wide, text):
        assert (await poster.raw("/things", data))[0] == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "image/png", None]
)
async def test_another_content_type_is_415(poster: Poster, content_type: str | None) -> None:
    status, _ = await poster.raw("/things", b'{"title": "t"}', content_type)
    assert status == 415


async def test_a_charset_beside_the_type_is_fine(poster: Poster) -> None:
    sent = "application/json; charset=utf-8"
    assert (await poster.raw("/things", b'{"title": "t"}', sent))[0] == 200


async def test_a_body_of_three_mebibytes_is_413(poster: Poster) -> None:
    status, answer = await poster.raw("/things", b'{"title": "' + b"x" * (3 << 20) + b'"}')
    assert (status, answer["status"]) == (413, 413)


async def test_a_missing_body_is_named_unless_it_may_be_missing(poster: Poster) -> None:
    status, answer = await poster.raw("/things", b"")
    assert (status, answer["errors"][0]["loc"]) == (422, ["body"])
    assert await poster.raw("/maybe", b"", None) == (200, {"body": None})


async def test_a_form_is_read_like_a_body(poster: Poster) -> None:
    form = "application/x-www-form-urlencoded"
    assert await poster.raw("/form", b"title=a+b&count=3&other=1", form) == (
        200,
        {"body": {"title": "a b", "count": 3}},
    )
    assert (await poster.raw("/form", b'{"title": "t"}'))[0] == 415
    assert (await poster.raw("/form", b"title=%ff%00", form))[0] == 422
    assert (await poster.raw("/form", b"\xff", form))[0] == 400
