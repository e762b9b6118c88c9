"""Many clients at once: while the server is asked to stop, and while others dawdle."""

import asyncio
import random
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from resources import Resource
from served import Server, serve
from wire import Answer, NoAnswer, make_json_request, make_request, receive_answer
from writers import find_title, make_titled_row

IN_FLIGHT = 160
LONGEST_STOP = 10.0
GOOD_SHARE, LONGEST_ANSWER = 0.99, 2.0
DAWDLERS = 200
SETTLE = 0.1
"""Seconds for requests that were sent to reach the application."""


@dataclass(frozen=True)
class Crowd:
    """How many clients there are, how often each asks, and how long it pauses, at most.

    Pauses are shorter than a server keeps a silent connection, which is five seconds.
    """

    clients: int
    requests: int
    pause: float


@dataclass
class Client:
    """One connection that is kept, and the requests that a client sends on it."""

    server: Server
    resource: Resource
    mark: str
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self.streams is None or self.streams[0].at_eof():
            self.close()
            self.streams = await asyncio.open_connection("127.0.0.1", self.server.port)
        return self.streams

    async def exchange(self, request: bytes, *pieces: bytes, pause: float = 0.0) -> Answer:
        """Send a request, more pieces of it after a pause each, and read the answer."""
        try:
            reader, writer = await self.connect()
            writer.write(request)
            for piece in pieces:
                await asyncio.sleep(pause)
                writer.write(piece)
            return await asyncio.wait_for(receive_answer(reader), 60)
        except (OSError, TimeoutError) as error:
            self.close()
            raise NoAnswer(str(error) or type(error).__name__) from error

    def make_request(self, number: int) -> bytes:
        """Make a request: one of four writes a row, the others read."""
        targets = ["", f"{self.resource.path}/1", self.resource.path, self.resource.path]
        target = targets[number % 4]
        return make_request("GET", target) if target else self.make_write(number)

    def make_write(self, number: int) -> bytes:
        row = make_titled_row(self.resource, f"{self.mark}-{number}")
        return make_json_request("POST", self.resource.path, row)

    def close(self) -> None:
        if self.streams is not None:
            self.streams[1].close()
            self.streams = None


def stop_in_flight(project: Path, resource: Resource) -> tuple[list[str], str]:
    """Ask the server to stop while 160 requests are being made: each is answered in full."""
    with serve(project, "stop.db") as server:
        answers, code, seconds = asyncio.run(_stop_in_flight(server, resource))
        faults = server.list_log_faults()
    good = [answer for answer in answers if isinstance(answer, Answer) and _is_whole(answer)]
    others = Counter(
        str(answer.status if isinstance(answer, Answer) else answer)
        for answer in answers
        if answer not in good
    )
    faults += [f"{count} times: {other}" for other, count in others.items()]
    faults += [] if code == 0 else [f"exit code {code}"]
    faults += [] if seconds <= LONGEST_STOP else [f"it ended only after {seconds:.1f} s"]
    faults += _find_unkept(server, resource, good)
    return faults, f"{len(good)} of {len(answers)} answered, exit {code} after {seconds:.1f} s"


async def _stop_in_flight(
    server: Server, resource: Resource
) -> tuple[list[Answer | BaseException], int | None, float]:
    clients = [Client(server, resource, str(number)) for number in range(IN_FLIGHT)]
    for client in clients:  # whoever is not yet accepted is not in flight
        await client.exchange(make_request("GET", "/health/live"))
    await clients[0].exchange(clients[0].make_write(IN_FLIGHT))  # the row that others read
    slow, quick = clients[::2], clients[1::2]
    tasks = [asyncio.create_task(_send_slowly(client)) for client in slow]
    await asyncio.sleep(0.5)
    tasks += [
        asyncio.create_task(client.exchange(client.make_request(number)))
        for number, client in enumerate(quick)
    ]
    await asyncio.sleep(SETTLE)
    started = time.monotonic()
    stopping = asyncio.create_task(asyncio.to_thread(server.stop))
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    code = await stopping
    seconds = time.monotonic() - started
    for client in clients:
        client.close()
    return answers, code, seconds


async def _send_slowly(client: Client) -> Answer:
    """Send a row whose body arrives in five pieces, within two to three seconds."""
    request = client.make_write(0)
    start = request.index(b"\r\n\r\n") + 6
    size = (len(request) - start) // 4
    ends = [start, start + size, start + 2 * size, start + 3 * size, len(request)]
    pieces = [request[a:b] for a, b in pairwise(ends)]
    return await client.exchange(request[:start], *pieces, pause=random.uniform(0.6, 0.7))  # noqa: S311


def _is_whole(answer: Answer) -> bool:
    with suppress(ValueError):
        return answer.status in (200, 201) and isinstance(answer.read_json(), dict)
    return False


def _find_unkept(server: Server, resource: Resource, answers: list[Answer]) -> list[str]:
    """List what was acknowledged and is not in the database."""
    table = resource.path.rpartition("/")[2]
    rows = [answer.read_json() for answer in answers if answer.status == 201]
    titles = {row[find_title(resource)] for row in rows if isinstance(row, dict)}
    with closing(sqlite3.connect(server.database)) as database:
        query = f'SELECT "{find_title(resource)}" FROM "{table}"'  # noqa: S608
        kept = {title for (title,) in database.execute(query)}
    return [f"acknowledged and lost: {title}" for title in sorted(titles - kept)[:5]]


@dataclass
class _Tally:
    """What became of the requests of a crowd, and how long each took, in seconds."""

    times: list[float] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)

    @property
    def good_share(self) -> float:
        return len(self.times) / max(len(self.times) + self.others.total(), 1)

    def find_percentile(self, share: float) -> float:
        times = sorted(self.times)
        return times[min(int(len(times) * share), len(times) - 1)] if times else 0.0


def serve_a_crowd(project: Path, resource: Resource, crowd: Crowd) -> tuple[list[str], str]:
    """Serve many clients while 200 more send their bodies a byte at a time."""
    tally = _Tally()
    with serve(project, "crowd.db") as server:
        asyncio.run(_run_crowd(server, resource, crowd, tally))
        faults = server.list_log_faults()
    slowest = tally.find_percentile(0.99)
    if tally.good_share < GOOD_SHARE:
        faults.append(f"too few are good: {dict(tally.others.most_common(5))}")
    if slowest > LONGEST_ANSWER:
        faults.append(f"the 99th percentile is {slowest:.2f} s")
    return faults, (
        f"{tally.good_share:.2%} of {len(tally.times) + tally.others.total()} good, "
        f"p50 {tally.find_percentile(0.5) * 1000:.0f} ms, p99 {slowest * 1000:.0f} ms"
    )


async def _run_crowd(server: Server, resource: Resource, crowd: Crowd, tally: _Tally) -> None:
    first = Client(server, resource, "first")
    await first.exchange(first.make_write(0))
    dawdlers = [asyncio.create_task(_dawdle(server, resource)) for _ in range(DAWDLERS)]
    await asyncio.sleep(1)
    await asyncio.gather(
        *(
            _ask(Client(server, resource, str(number)), crowd, tally)
            for number in range(crowd.clients)
        )
    )
    for dawdler in dawdlers:
        dawdler.cancel()
    await asyncio.gather(*dawdlers, return_exceptions=True)
    first.close()


async def _ask(client: Client, crowd: Crowd, tally: _Tally) -> None:
    for number in range(crowd.requests):
        await asyncio.sleep(random.uniform(0, crowd.pause))  # noqa: S311
        started = time.monotonic()
        try:
            answer = await client.exchange(client.make_request(number))
        except NoAnswer as error:
            tally.others[str(error)] += 1
            continue
        if answer.status in (200, 201):
            tally.times.append(time.monotonic() - started)
        else:
            tally.others[str(answer.status)] += 1
    client.close()


async def _dawdle(server: Server, resource: Resource) -> None:
    """Send a body a byte a second, again and again, whatever the server answers."""
    head = make_request("POST", resource.path, b"", [("Content-Length", "1000")])
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(head)
            with closing(writer):
                while not writer.is_closing():
                    await asyncio.sleep(1)
                    writer.write(b" ")
        await asyncio.sleep(0.1)
