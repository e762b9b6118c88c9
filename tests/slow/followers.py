"""Pages that listen to live updates: hundreds in one cheap process, each checking what it hears."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from wire import make_request

LONGEST_WAIT = 60.0


class Follower(asyncio.Protocol):
    """One open stream. It keeps no events: only the last, and whether any was out of order.

    number: of the last event, counted by the server. after: the id that it resumes from.
    closed: by the server. ended: with the chunk that ends an answer.
    """

    def __init__(self, after: str = "") -> None:
        self.after, self.id, self.data = after, after, ""
        self.number = read_number(after)
        self.heard = 0.0
        self.changes = self.resets = self.disorders = 0
        self.status = 0
        self.closed = self.ended = False
        self.transport: asyncio.Transport | None = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        headers = [("Last-Event-ID", self.after)] if self.after else []
        transport.write(make_request("GET", "/live", headers=headers))

    def data_received(self, data: bytes) -> None:
        self.heard = time.monotonic()
        *blocks, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for block in blocks:
            if self.status:
                self._take(block)
            else:
                self.status = int(block.split(None, 2)[1])

    def connection_lost(self, error: Exception | None) -> None:
        self.closed = True

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()

    def _take(self, block: bytes) -> None:
        """Take an event; what has no id is a sign of life."""
        lines = block.decode().split("\r\n")
        fields = dict(line.split(": ", 1) for line in lines if ": " in line)
        self.ended = lines[-1] == "0"
        if "id" not in fields:
            return
        self.take(fields["event"], fields["id"], fields["data"])

    def take(self, kind: str, event_id: str, data: str) -> None:
        """Take an event of a server that counts them."""
        number = read_number(event_id)
        if kind == "reset":
            self.resets += 1
        else:
            self.changes += 1
            self.disorders += number != self.number + 1
        self.id, self.data, self.number = event_id, data, number


def read_number(event_id: str) -> int:
    """Return the number that an id ends with, or 0."""
    number = re.fullmatch(r".*-(\d{1,9})", event_id)
    return int(number[1]) if number else 0


async def wait_until(condition: Callable[[], bool], limit: float = LONGEST_WAIT) -> bool:
    """Wait until a condition is met; return whether it was in time."""
    ends = time.monotonic() + limit
    while not condition():
        if time.monotonic() > ends:
            return False
        await asyncio.sleep(0.002)
    return True


@dataclass
class Audience:
    """Many streams of one server."""

    port: int
    followers: list[Follower] = field(default_factory=list)

    async def open(self, count: int, after: str = "") -> None:
        """Open more streams, and wait until all of them have been answered."""
        loop = asyncio.get_running_loop()
        for _ in range(count):
            follower = Follower(after)
            await loop.create_connection(lambda: follower, "127.0.0.1", self.port)  # noqa: B023
            self.followers.append(follower)
        await wait_until(lambda: all(follower.status for follower in self.followers))

    async def hear(self, number: int) -> float | None:
        """Wait until all have heard of an event; return when the last did, or None."""
        heard = await wait_until(lambda: all(one.number >= number for one in self.followers))
        return max(follower.heard for follower in self.followers) if heard else None

    def list_faults(self) -> list[str]:
        """List what none of the streams should have met."""
        found = Counter[str]()
        for follower in self.followers:
            found[f"was answered {follower.status}"] += follower.status != 200
            found["was closed"] += follower.closed
            found["heard out of order, twice or not at all"] += bool(follower.disorders)
        return [f"{count} streams: {what}" for what, count in found.items() if count]

    def close(self) -> None:
        for follower in self.followers:
            follower.close()


async def find_last_id(port: int) -> str:
    """Return the id of the last change, as a page that starts over is told it."""
    audience = Audience(port)
    await audience.open(1)
    [follower] = audience.followers
    await wait_until(lambda: follower.resets > 0)
    audience.close()
    return follower.id
