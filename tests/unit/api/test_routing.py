from __future__ import annotations

import pytest
from aiohttp import ClientSession

from journiv.contracts.routes import Access, Call, RouteDef
from tests.unit.api.conftest import Serve


async def _echo(call: Call) -> object:
    return {"path": dict(call.path)}


def _get(path: str, method: str = "GET") -> RouteDef:
    return RouteDef(
        method=method,
        path=path,
        handler=_echo,
        access=Access.PUBLIC,
        summary="",
        answers={200: {"type": "dict"}},
    )


ROUTES = [
    _get("/things/"),
    _get("/things/{thing_id}"),
    _get("/things/search"),
    _get("/things/{thing_id}", "PUT"),
    _get("/words/{word}"),
]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/things", 200),
        ("/api/v1/things/", 200),
        ("/api/v1/things/search", 200),
        ("/api/v1/things/search/", 404),
        ("/api/v1/nothing", 404),
        ("/media/images/a.png", 404),
        ("/api/v1/words/a%2Fb", 200),
        ("/", 200),
    ],
)
async def test_list_roots_take_both_slashes_and_nothing_else_does(
    serve: Serve, http: ClientSession, path: str, status: int
) -> None:
    url = await serve(ROUTES)
    async with http.get(url + path, allow_redirects=False) as answer:
        assert answer.status == status
        if status == 404:
            assert answer.content_type == "application/problem+json"
            assert (await answer.json(content_type=None))["detail"] == "Not Found"


@pytest.mark.parametrize("method", ["HEAD", "POST", "OPTIONS", "DELETE"])
async def test_another_method_gets_405_and_the_allowed_ones(
    serve: Serve, http: ClientSession, method: str
) -> None:
    url = await serve(ROUTES)
    async with http.request(method, f"{url}/api/v1/things/search") as answer:
        assert answer.status == 405
        assert "GET" in answer.headers["Allow"]
        if method != "HEAD":
            assert (await answer.json(content_type=None))["detail"] == "Method Not Allowed"


@pytest.mark.parametrize(
    "sent",
    [
        "0198c8a0-0000-7000-8000-00000000abcd",
        "0198C8A0-0000-7000-8000-00000000ABCD",
        "0198c8a00000700080000000" + "0000abcd",
    ],
)
async def test_ids_arrive_in_one_spelling(serve: Serve, http: ClientSession, sent: str) -> None:
    url = await serve(ROUTES)
    async with http.get(f"{url}/api/v1/things/{sent}") as answer:
        body = await answer.json()
    assert body == {"path": {"thing_id": "0198c8a0-0000-7000-8000-00000000abcd"}}


async def test_a_malformed_id_is_refused_in_the_validation_shape(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(ROUTES)
    async with http.get(f"{url}/api/v1/things/not-a-secret") as answer:
        body = await answer.json(content_type=None)
        assert answer.status == 422
    assert body["error"] == "validation_error"
    assert body["message"] == body["errors"]
    assert [(one["type"], one["loc"]) for one in body["errors"]] == [
        ("uuid_parsing", ["path", "thing_id"])
    ]
    assert isinstance(body["detail"], str)
    assert "not-a-secret" not in str(body)


async def test_one_operation_twice_does_not_register(serve: Serve) -> None:
    with pytest.raises(ValueError, match="defined twice"):
        await serve([_get("/things/{thing_id}"), _get("/things/{other_id}")])
