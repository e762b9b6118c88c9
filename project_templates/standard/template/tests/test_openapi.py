"""The description of the API says what there is."""

import json

from httpx2 import AsyncClient
from starlette.applications import Starlette
from starlette.routing import Route


async def test_every_address_of_the_api_is_described(app: Starlette, client: AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["paths"]

    paths = [route.path for route in app.routes if isinstance(route, Route)]
    assert list(described) == [
        path.replace("{id:id}", "{id}") for path in paths if path.startswith("/api/")
    ]


async def test_every_method_is_described(client: AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["paths"]

    for path, operations in described.items():
        allowed = (await client.options(path.replace("{id}", "1"))).headers["allow"]
        verbs = {verb.upper() for verb in operations if verb != "parameters"}
        assert set(allowed.split(", ")) == verbs | {"HEAD"}


async def test_every_schema_is_there(client: AsyncClient) -> None:
    text = (await client.get("/openapi.json")).text

    for name in json.loads(text)["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text


async def test_the_page_lists_every_operation(client: AsyncClient) -> None:
    described = (await client.get("/openapi.json")).json()["paths"]

    page = (await client.get("/docs")).text

    for operations in described.values():
        for verb in operations.keys() - {"parameters"}:
            assert operations[verb]["summary"] in page
