"""How requests are read: what is refused, and what the answer says about it."""

from typing import Annotated

import pytest
from httpx2 import AsyncClient
from pydantic import BaseModel, Field
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.paging import PageQuery
from app.web import State, answer_json, read_body, read_query

JSON = {"Content-Type": "application/json"}


class Person(BaseModel):
    name: str
    age: Annotated[int, Field(ge=0)] = 0


async def echo(request: Request[State]) -> Response:
    return answer_json((await read_body(request, Person)).model_dump())


async def page(request: Request[State]) -> Response:
    return answer_json(read_query(request, PageQuery).model_dump())


@pytest.fixture
def app(app: Starlette) -> Starlette:
    app.router.routes += [Route("/echo", echo, methods=["POST"]), Route("/page", page)]
    return app


async def test_a_good_body_is_read(client: AsyncClient) -> None:
    answer = await client.post("/echo", content='{"name": "Zoë", "age": 7.0}', headers=JSON)

    assert (answer.status_code, answer.json()) == (200, {"name": "Zoë", "age": 7})


async def test_a_body_that_is_not_json_is_415(client: AsyncClient) -> None:
    answer = await client.post("/echo", content="{}", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "body", ["", "{", '{"name": "a", "name": "b"}', "NaN", "1e999", b"\xff", "[" * 100_000]
)
async def test_a_body_that_cannot_be_understood_is_400(
    client: AsyncClient, body: str | bytes
) -> None:
    answer = await client.post("/echo", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is not valid JSON.")


async def test_every_wrong_value_is_named(client: AsyncClient) -> None:
    answer = await client.post("/echo", json={"age": -1.5})

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["name", "age"]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "cursor=", "cursor=é", "color=red"],
)
async def test_a_wrong_parameter_is_named(client: AsyncClient, query: str) -> None:
    answer = await client.get(f"/page?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]
