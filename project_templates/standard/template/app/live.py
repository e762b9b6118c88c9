"""Live updates: every open page hears what was changed, and asks for it anew.

Changes are told within this process, once they are committed. A page that lost its connection
comes back with the id of the last change it heard of, and hears of those it missed.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from secrets import token_hex
from typing import NamedTuple

from sqlalchemy import Table
from sqlalchemy.orm import Session
from sse_starlette import EventSourceResponse, ServerSentEvent
from sse_starlette.sse import SendTimeoutError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

KEPT = 1000
"""Changes that a page can miss; beyond them it is told to ask for everything."""
WAITING = 100
"""Changes that wait for a page which reads slowly; beyond them it must come back."""
MOST_PAGES = 2000
SEND_SECONDS = 10
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
        self._kept: deque[ServerSentEvent] = deque(maxlen=KEPT)
        self._followers: set[asyncio.Queue[ServerSentEvent]] = set()

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

    async def follow(self, last_id: str) -> AsyncGenerator[ServerSentEvent]:
        """Give the changes after an id, those to come included; raise 503 if too many follow."""
        queue = asyncio.Queue[ServerSentEvent](WAITING)
        missed = self._list_missed(last_id)
        self._followers.add(queue)
        try:
            for event in missed:
                yield event
            while queue in self._followers or not queue.empty():
                yield await queue.get()
        finally:
            self._followers.discard(queue)

    def stream(self, last_id: str) -> EventSourceResponse:
        if len(self._followers) >= MOST_PAGES:
            raise HTTPException(503, "Too many pages are open.", {"Retry-After": "10"})
        return Stream(self.follow(last_id), send_timeout=SEND_SECONDS)

    def _list_missed(self, last_id: str) -> list[ServerSentEvent]:
        run, _, number = last_id.partition("-")
        missed = self._count - int(number) if run == self._run and number.isdecimal() else -1
        if 0 <= missed <= len(self._kept):
            return list(self._kept)[len(self._kept) - missed :]
        return [self._make_event("reset", "")]

    def _make_event(self, kind: str, data: str) -> ServerSentEvent:
        return ServerSentEvent(data, event=kind, id=self.last_id, retry=RETRY)


class Stream(EventSourceResponse):
    """Ends without a word when the page does not read."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(SendTimeoutError):
            await super().__call__(scope, receive, send)
