from __future__ import annotations

import aiohttp

from tests.api.client import ApiClient
from tests.api.conftest import StartServer


async def test_the_document_describes_every_operation_once(client: ApiClient) -> None:
    answer = await client.get("/openapi.json")
    assert answer.json["openapi"] == "3.1.0"
    operations = [
        operation for methods in answer.json["paths"].values() for operation in methods.values()
    ]
    ids = [operation["operationId"] for operation in operations]
    assert len(set(ids)) == len(ids)
    assert all(operation["summary"] and operation["responses"] for operation in operations)


async def test_every_reference_of_the_document_leads_somewhere(client: ApiClient) -> None:
    answer = await client.get("/openapi.json")
    known = {f"#/components/schemas/{name}" for name in answer.json["components"]["schemas"]}
    assert set(_references(answer.json)) <= known


async def test_production_does_not_serve_the_document(start_server: StartServer) -> None:
    address = f"{start_server(ENVIRONMENT='production').url}/api/v1/openapi.json"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        assert answer.status == 404


def _references(part: object) -> list[str]:
    if isinstance(part, list):
        return [found for one in part for found in _references(one)]
    if not isinstance(part, dict):
        return []
    own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
    return own + [found for one in part.values() for found in _references(one)]
