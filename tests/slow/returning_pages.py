"""Pages of a server with many processes: they come back when they are cut off, and miss nothing."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from followers import Follower


@dataclass(eq=False)
class Page:
    """One open page. It asks for everything when it is told to, as a browser would.

    read: gives the ids of all rows. known: the ids of the rows that it has heard of, or has read.
    returns: how often it was cut off and came back. resets: how often it had to ask for everything.
    twice: how many changes were told again though it needed none of them.
    """

    port: int
    read: Callable[[], set[int]]
    known: set[int] = field(default_factory=set)
    returns: int = 0
    resets: int = 0
    twice: int = 0
    last_id: str = ""
    stream: "Stream | None" = None
    _told: set[int] = field(default_factory=set)

    async def follow(self) -> None:
        """Follow the changes until this is cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self.stream = stream = Stream(self)
            with suppress(OSError):
                await loop.create_connection(lambda: stream, "127.0.0.1", self.port)  # noqa: B023
                await stream.lost.wait()
            self.returns += 1

    def take(self, kind: str, event_id: str, data: str) -> None:
        self.last_id = event_id
        if kind == "reset":
            self.resets += 1
            self._told = set()
            self.known |= self.read()
        else:
            row = json.loads(data)["id"]
            self.twice += row in self._told
            self._told.add(row)
            self.known.add(row)

    def cut_off(self) -> None:
        if self.stream is not None and self.stream.transport is not None:
            self.stream.transport.abort()


class Stream(Follower):
    """One connection of a page; what comes after it was cut off is lost."""

    def __init__(self, page: Page) -> None:
        super().__init__(page.last_id)
        self.page, self.lost = page, asyncio.Event()

    def take(self, kind: str, event_id: str, data: str) -> None:
        if not self.lost.is_set():
            self.page.take(kind, event_id, data)

    def connection_lost(self, error: Exception | None) -> None:
        self.lost.set()
