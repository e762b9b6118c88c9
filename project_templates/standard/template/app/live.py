"""Live updates: every open page hears what was changed, and asks for it anew.

Changes are told within this process, once they are committed. A page that lost its connection
comes back with the id of the last change it heard of, and hears of those it missed.
"""

import asyncio
import json
import re
import socket
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import NamedTuple

from anyio import move_on_after
from sqlalchemy import Table
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KEPT = 1000
"""Changes that a page can miss; beyond them it is told to ask for everything."""
WAITING = 1000
"""Changes that wait for a page which reads slowly; beyond them it must come back."""
GATHERING = 0.05
"""Seconds in which changes are gathered, to be told together."""
MOST_PAGES = 2000
SEND_SECONDS = 10
CUT_OFF = [getattr(socket, name) for name in ("TCP_USER_TIMEOUT",) if hasattr(socket, name)]
"""The option of a socket that limits how long a client may take nothing, where there is one."""
RETRY = 1000
"""Milliseconds until a page that lost its connection comes back."""


class Change(NamedTuple):
    resource: str
    id: int


def note_change(session: Session, table: Table, row_id: int) -> None:
    """Note a change in the transaction that makes it; it is told when that is committed."""
    session.info.setdefault("changes", []).append(Change(table.name, row_id))


class Live:
    """Tells changes to those who follow. An id is of one run: the next knows nothing of it."""

    def __init__(self) -> None:
        self._run, self._count = token_hex(4), 0
        self._kept: deque[bytes] = deque(maxlen=KEPT)
        self._followers: set[asyncio.Queue[bytes]] = set()

    @property
    def last_id(self) -> str:
        return f"{self._run}-{self._count}"

    def publish(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._count += 1
            event = self._make_event("change", json.dumps(change._asdict()))
            self._kept.append(event)
            for queue in [*self._followers]:
                try:
                    queue.put_nowait(event)
                except asyncio.QueueFull:
                    self._followers.discard(queue)

    def stream(self, last_id: str) -> EventSourceResponse:
        """Answer with the changes after an id, those to come included; raise 503."""
        if len(self._followers) >= MOST_PAGES:
            raise HTTPException(503, "Too many pages are open.", {"Retry-After": "10"})
        return Stream(self.follow(last_id), send_timeout=SEND_SECONDS)

    async def follow(self, last_id: str) -> AsyncGenerator[bytes]:
        """Give the changes after an id, and those to come: as many at once as there are."""
        queue = asyncio.Queue[bytes](WAITING)
        missed = self._list_missed(last_id)
        self._followers.add(queue)
        try:
            yield b"".join(missed)
            while queue in self._followers or not queue.empty():
                events = [await queue.get()]
                await asyncio.sleep(GATHERING)
                while not queue.empty():
                    events.append(queue.get_nowait())
                yield b"".join(events)
        finally:
            self._followers.discard(queue)

    def _list_missed(self, last_id: str) -> list[bytes]:
        number = last_id.removeprefix(f"{self._run}-")
        missed = self._count - int(number) if re.fullmatch("[0-9]{1,18}", number) else -1
        if 0 <= missed <= len(self._kept):
            return list(self._kept)[len(self._kept) - missed :]
        return [self._make_event("reset", "")]

    def _make_event(self, kind: str, data: str) -> bytes:
        return ServerSentEvent(data, event=kind, id=self.last_id, retry=RETRY).encode()


class Stream(EventSourceResponse):
    """Ends without an error when the page does not read, and when the server stops."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(SendTimeoutError):
            await super().__call__(scope, receive, send)
            if self.active and scope["method"] != "HEAD":
                with move_on_after(1):
                    await send({"type": "http.response.body", "body": b"", "more_body": False})


class Connection(HttpToolsProtocol):
    """A connection to a client; the system cuts it off when the client takes nothing for long."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        connected = transport.get_extra_info("socket")
        for option in CUT_OFF:
            connected.setsockopt(socket.IPPROTO_TCP, option, 2000 * SEND_SECONDS)
