"""How requests are read: what is refused, and what the answer says about it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

import anyio
import pytest
from httpx2 import AsyncClient
from pydantic import BaseModel, Field
from sqlalchemy.exc import IntegrityError
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.main import build
from app.paging import PageQuery
from app.reading import read_body, read_query
from app.settings import Settings
from app.web import State, answer_json

JSON = {"Content-Type": "application/json"}


class Person(BaseModel):
    name: str
    age: Annotated[int, Field(ge=0)] = 0


async def echo(request: Request[State]) -> Response:
    return answer_json((await read_body(request, Person)).model_dump())


async def page(request: Request[State]) -> Response:
    return answer_json(read_query(request, PageQuery))


async def leave(request: Request[State]) -> Response:
    raise ClientDisconnect


async def collide(request: Request[State]) -> Response:
    raise IntegrityError("INSERT", {}, Exception(request.query_params["reason"]))


ROUTES = [Route(f"/{f.__name__}", f, methods=["POST", "PATCH"]) for f in (echo, leave, collide)]


@pytest.fixture
def app(settings: Settings) -> Starlette:
    app = build(replace(settings, body_seconds=1))
    app.router.routes += [*ROUTES, Route("/page", page)]
    return app


@pytest.mark.parametrize("media_type", ["application/json", "Application/JSON ; charset=utf-8"])
async def test_a_good_body_is_read(client: AsyncClient, media_type: str) -> None:
    body = '{"name": "Zo\\u00eb \\ud83d\\ude00", "age": 7.0}'
    answer = await client.post("/echo", content=body, headers={"Content-Type": media_type})

    assert (answer.status_code, answer.json()) == (200, {"name": "Zoë 😀", "age": 7})


@pytest.mark.parametrize(
    ("verb", "media_type", "status"),
    [
        ("POST", "text/plain", 415),
        ("POST", "application/merge-patch+json", 415),
        ("PATCH", "application/merge-patch+json", 200),
    ],
)
async def test_a_body_says_that_it_is_json(
    client: AsyncClient, verb: str, media_type: str, status: int
) -> None:
    body, headers = '{"name": "Zoë"}', {"Content-Type": media_type}
    answer = await client.request(verb, "/echo", content=body, headers=headers)

    assert answer.status_code == status


@pytest.mark.parametrize(
    "body",
    [
        *["", "{", '{"name": "a", "name": "b"}', "NaN", "-Infinity", "1e999", "9" * 400],
        *['"\\ud800"', b"\xff", "[" * 100_000, "9" * 5000],
    ],
)
async def test_a_body_that_cannot_be_understood_is_400(
    client: AsyncClient, body: str | bytes
) -> None:
    answer = await client.post("/echo", content=body, headers=JSON)

    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is not valid JSON.")


async def test_every_wrong_value_is_named(client: AsyncClient) -> None:
    answer = await client.post("/echo", json={"age": -1.5})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"field": "name", "detail": "Must be given"},
        {"field": "age", "detail": "Input should be a valid integer"},
    ]


async def test_a_body_is_an_object(client: AsyncClient) -> None:
    answer = await client.post("/echo", json=[])

    assert answer.json()["errors"] == [{"field": "", "detail": "Should be an object"}]


async def test_a_body_that_takes_too_long_is_408(client: AsyncClient) -> None:
    async def drip() -> AsyncIterator[bytes]:
        yield b"{"
        await anyio.sleep_forever()

    answer = await client.post("/echo", content=drip(), headers=JSON)

    assert (answer.status_code, answer.headers["connection"]) == (408, "close")


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=101", "limit=x", "limit=1&limit=2", "cursor=", "cursor=é", "color=red"],
)
async def test_a_wrong_parameter_is_named(client: AsyncClient, query: str) -> None:
    answer = await client.get(f"/page?{query}")

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


async def test_a_tiny_number_is_no_failure(client: AsyncClient) -> None:
    answer = await client.post("/echo", content='{"x": 1e-99999999999999999999}', headers=JSON)

    assert answer.status_code == 422


async def test_a_whole_number_may_have_a_point(client: AsyncClient) -> None:
    assert (await client.get("/page?limit=7.0")).json() == {"limit": 7}


async def test_a_client_that_left_is_no_failure_of_the_server(client: AsyncClient) -> None:
    assert (await client.post("/leave")).status_code == 400


@pytest.mark.parametrize(
    ("reason", "status", "fields"),
    [
        ("UNIQUE constraint failed: people.name, people.age", 409, ["name", "age"]),
        ("FOREIGN KEY constraint failed", 409, []),
        ("CHECK constraint failed: ck_people_name", 500, None),
    ],
)
async def test_only_other_rows_make_a_conflict(
    client: AsyncClient, reason: str, status: int, fields: list[str] | None
) -> None:
    answer = await client.post("/collide", params={"reason": reason})

    assert answer.status_code == status
    errors = answer.json().get("errors")
    assert (errors if errors is None else [error["field"] for error in errors]) == fields
