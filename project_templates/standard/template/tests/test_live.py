"""Live updates: who hears of a change, and who is told to start over."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncGenerator

import pytest
import uvicorn
from httpx2 import AsyncClient
from sse_starlette.sse import AppStatus
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient
from starlette.types import Message

from app import live
from app.live import Change, Connection, Live
from tests import samples


async def hear(stream: AsyncGenerator[bytes]) -> list[int]:
    """Give the ids of the changes that are told next."""
    told = await asyncio.wait_for(anext(stream), 5)
    return [int(number) for number in re.findall(rb'"id": (\d+)', told)]


def change(number: int) -> Change:
    return Change("things", number)


async def test_a_page_hears_of_changes_together() -> None:
    updates = Live()
    stream = updates.follow(updates.last_id)
    assert await hear(stream) == []

    updates.publish([change(1)])
    updates.publish([change(2), change(3)])

    assert await hear(stream) == [1, 2, 3]
    await stream.aclose()


async def test_a_page_that_comes_back_hears_what_it_missed() -> None:
    updates = Live()
    updates.publish([change(1)])
    last_id = updates.last_id
    updates.publish([change(2), change(3)])

    stream = updates.follow(last_id)

    assert await hear(stream) == [2, 3]
    await stream.aclose()


@pytest.mark.parametrize(
    "last_id", ["", "x", "other-0", "{run}-9", "{run}-x", "{run}-0", "{run}-" + "9" * 5000]
)
async def test_a_page_that_missed_too_much_starts_over(
    last_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "KEPT", 1)
    updates = Live()
    run = updates.last_id.partition("-")[0]
    updates.publish([change(1), change(2)])

    told = await anext(updates.follow(last_id.format(run=run)))

    assert b"event: reset" in told
    assert f"id: {updates.last_id}".encode() in told


async def test_a_page_that_reads_too_slowly_must_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WAITING", 2)
    updates = Live()
    stream = updates.follow(updates.last_id)
    await hear(stream)

    updates.publish([change(number) for number in range(4)])

    assert await hear(stream) == [0, 1]
    assert [told async for told in stream] == []


async def test_more_pages_than_the_server_bears_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "MOST_PAGES", 0)

    with pytest.raises(HTTPException) as caught:
        Live().stream("")

    assert caught.value.status_code == 503


async def test_a_page_that_takes_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "SEND_SECONDS", 0.01)

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(60)

    await Live().stream("")({"type": "http", "method": "GET"}, receive, send)


async def test_a_stream_is_whole_when_the_server_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppStatus, "should_exit", True)
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    stream = Live().stream("")
    await asyncio.wait_for(stream({"type": "http", "method": "GET"}, receive, send), 5)

    assert (sent[0]["type"], sent[-1]["more_body"]) == ("http.response.start", False)


async def test_the_system_cuts_off_who_takes_nothing() -> None:
    config = uvicorn.Config(Starlette(), port=0, http=Connection, log_config=None)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await reader.readline()

    (connection,) = server.server_state.connections
    connected = connection.transport.get_extra_info("socket")
    waits = [connected.getsockopt(socket.IPPROTO_TCP, option) for option in live.CUT_OFF]
    writer.close()
    await server.shutdown()

    assert waits == [2000 * live.SEND_SECONDS] * len(live.CUT_OFF)


async def test_a_question_about_the_stream_has_an_end(client: AsyncClient) -> None:
    answer = await client.head("/live")

    assert (answer.status_code, answer.content) == (200, b"")


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
