from __future__ import annotations

import pytest
from aiohttp import ClientSession

from journiv.contracts.routes import Access, Call, Param, RouteDef
from journiv.contracts.schema import Schema
from tests.unit.api.conftest import Serve

_THING = Schema("Thing", {"name": {"type": "text", "required": True}})


async def _who(call: Call) -> object:
    return {"caller": call.caller.email if call.caller else None}


def _route(access: Access) -> RouteDef:
    return RouteDef(
        method="POST",
        path=f"/{access.value}/{{thing_id}}",
        handler=_who,
        access=access,
        summary="",
        answers={200: {"type": "dict"}},
        query=(Param(name="limit", kind="int"),),
        body=_THING,
    )


ROUTES = [_route(access) for access in Access]
_ID = "0198c8a0-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("access", "token", "status", "detail"),
    [
        ("public", None, 200, None),
        ("public", "Bearer stale", 200, None),
        ("public", "Bearer ghost", 200, None),
        ("user", None, 401, "Not authenticated"),
        ("user", "Basic c2Ft", 401, "Not authenticated"),
        ("user", "Bearer", 401, "Not authenticated"),
        ("user", "Bearer stale", 401, "Could not validate credentials"),
        ("user", "Bearer ghost", 403, "User account is inactive"),
        ("user", "bearer sam", 200, None),
        ("user", "BEARER root", 200, None),
        ("admin", None, 401, "Not authenticated"),
        ("admin", "Bearer sam", 403, "Admin access required"),
        ("admin", "Bearer root", 200, None),
    ],
)
async def test_access_is_decided_by_the_bearer_token(
    serve: Serve, http: ClientSession, access: str, token: str | None, status: int, detail: str
) -> None:
    url = await serve(ROUTES)
    headers = {"Authorization": token} if token else {}
    async with http.post(
        f"{url}/api/v1/{access}/{_ID}", json={"name": "ink"}, headers=headers
    ) as answer:
        assert answer.status == status
        assert (await answer.json(content_type=None)).get("detail") == detail
        assert (answer.headers.get("WWW-Authenticate") == "Bearer") == (status == 401)


async def test_a_public_route_knows_a_caller_with_a_good_token(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(ROUTES)
    headers = {"Authorization": "Bearer sam"}
    async with http.post(
        f"{url}/api/v1/public/{_ID}", json={"name": "ink"}, headers=headers
    ) as answer:
        assert await answer.json() == {"caller": "sam@example.org"}


async def test_a_stranger_gets_401_before_anything_is_validated(
    serve: Serve, http: ClientSession
) -> None:
    url = await serve(ROUTES)
    async with http.post(
        f"{url}/api/v1/user/not-a-uuid?limit=many", data=b"{broken", headers={"Content-Type": "a/b"}
    ) as answer:
        assert answer.status == 401


async def test_a_route_without_access_does_not_register(serve: Serve) -> None:
    route = RouteDef(
        method="GET",
        path="/open",
        handler=_who,
        access=None,  # type: ignore[arg-type] # what a forgetful author would write
        summary="",
        answers={200: None},
    )
    with pytest.raises(TypeError, match="does not say who may call it"):
        await serve([route])
