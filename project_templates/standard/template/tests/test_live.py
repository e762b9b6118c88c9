"""Live updates: who hears of a change, and who is told to start over."""

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest
from sse_starlette import ServerSentEvent
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Message

from app import live
from app.live import Change, Live
from tests import samples


async def hear(stream: AsyncGenerator[ServerSentEvent], count: int) -> list[str]:
    return [str((await asyncio.wait_for(anext(stream), 5)).data) for _ in range(count)]


def change(number: int) -> Change:
    return Change("things", number)


async def test_a_page_hears_of_each_change() -> None:
    updates = Live()
    stream = updates.follow(updates.last_id)
    first = asyncio.create_task(hear(stream, 2))
    await asyncio.sleep(0.01)

    updates.publish([change(1), change(2)])

    assert [json.loads(data)["id"] for data in await first] == [1, 2]
    await stream.aclose()


async def test_a_page_that_comes_back_hears_what_it_missed() -> None:
    updates = Live()
    updates.publish([change(1)])
    last_id = updates.last_id
    updates.publish([change(2), change(3)])

    stream = updates.follow(last_id)

    assert [json.loads(data)["id"] for data in await hear(stream, 2)] == [2, 3]
    await stream.aclose()


@pytest.mark.parametrize("last_id", ["", "x", "other-0", "{run}-9", "{run}-x", "{run}-0"])
async def test_a_page_that_missed_too_much_starts_over(last_id: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEPT", 1)
    updates = Live()
    run = updates.last_id.partition("-")[0]
    updates.publish([change(1), change(2)])

    event = await anext(updates.follow(last_id.format(run=run)))

    assert (event.event, event.id) == ("reset", updates.last_id)


async def test_a_page_that_reads_too_slowly_must_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WAITING", 2)
    updates = Live()
    stream = updates.follow(updates.last_id)
    first = asyncio.create_task(hear(stream, 1))
    await asyncio.sleep(0.01)

    updates.publish([change(number) for number in range(4)])
    await first

    assert len([event async for event in stream]) == 1


async def test_more_pages_than_the_server_bears_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_PAGES", 0)

    with pytest.raises(HTTPException) as caught:
        Live().stream("")

    assert caught.value.status_code == 503


async def test_a_connection_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SEND_SECONDS", 0.01)

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    await Live().stream("")({"type": "http", "method": "GET"}, receive, send)


def test_a_change_is_told_once_it_is_committed(app: Starlette) -> None:
    plural, rows = next(iter(samples.RESOURCES.items()))
    with (
        TestClient(app, base_url="http://localhost") as client,
        client.stream("GET", "/live") as answer,
    ):
        lines = answer.iter_lines()
        assert next(line for line in lines if line.startswith("event:")) == "event: reset"
        client.post(f"/api/{plural}", json=rows[0])
        data = next(line for line in lines if line.startswith("data: {"))

    assert json.loads(data.removeprefix("data: ")) == {"resource": plural, "id": 1}
