"""Hundreds of open streams at once: what they cost, and how soon they hear of a change."""

import asyncio
import json
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from changes import RESOURCE, make_changes
from costs import Job, measure
from followers import Audience, find_last_id, read_number
from processes import count_sockets, read_memory
from served import Server, serve

LONGEST_REACH = 1.0
MOST_MEMORY = 60 * 1024
"""KiB by which the server may grow."""
MOST_COST = 1.1
"""How much more a request may cost while nothing is told."""
LONGEST_STOP = 10.0
SETTLE = 1.0
"""Seconds for a server to come to rest."""


@dataclass(frozen=True)
class Size:
    """How much a part tries.

    seconds: of each round in which costs are measured. slack: a factor for limits of time and cost.
    """

    streams: int
    changes: int
    rounds: int
    seconds: int
    slack: float = 1.0


def reach_all(project: Path, size: Size) -> tuple[list[str], str]:
    """Open all streams, and make one change after the other."""
    with serve(project, "reach.db") as server:
        faults, detail = asyncio.run(_reach_all(server, size))
        return faults + server.list_log_faults(), detail


async def _reach_all(server: Server, size: Size) -> tuple[list[str], str]:
    await make_changes(server, 100)  # memory is compared from a server that has worked
    last_id = await find_last_id(server.port)
    await asyncio.sleep(SETTLE)
    before, sockets = read_memory(server), count_sockets(server)
    audience = Audience(server.port)
    await audience.open(size.streams, last_id)
    await asyncio.sleep(SETTLE)
    opened = read_memory(server)
    times, faults = await _time_changes(server, audience, last_id, size.changes)
    grown = max(opened, read_memory(server)) - before
    faults += audience.list_faults()
    audience.close()
    await asyncio.sleep(SETTLE)
    if max(times) > LONGEST_REACH * size.slack:
        faults.append(f"a change reached all only after {max(times):.2f} s")
    if grown > MOST_MEMORY:
        faults.append(f"the server grew by {grown / 1024:.1f} MB")
    if (left := count_sockets(server) - sockets) > 0:
        faults.append(f"{left} connections are held that were closed")
    return faults, (
        f"{size.streams} streams, {len(times)} changes: the last heard of it after "
        f"{median(times) * 1000:.0f} ms, at most {max(times) * 1000:.0f} ms; from "
        f"{before / 1024:.1f} MB to {opened / 1024:.1f} MB, at most {grown / 1024:.1f} MB grown"
    )


async def _time_changes(
    server: Server, audience: Audience, last_id: str, count: int
) -> tuple[list[float], list[str]]:
    """Return the seconds from the request for a change until the last stream has it."""
    times, faults = [], Counter[str]()
    first = read_number(last_id) + 1
    for number in range(first, first + count):
        started = time.monotonic()
        made = await make_changes(server, 1)
        heard = await audience.hear(number)
        if heard is None:
            return [float("inf")], ["a change did not reach all"]
        times.append(heard - started)
        told = [json.loads(follower.data) for follower in audience.followers]
        expected = {"resource": RESOURCE.path.rpartition("/")[2], "id": made[0]}
        faults["a stream was told of something else"] += any(data != expected for data in told)
    return times, [f"{count} times: {fault}" for fault, count in faults.items() if count]


def answer_beside(project: Path, size: Size) -> tuple[list[str], str]:
    """Compare what JSON costs a server with all streams open to what it costs one without."""
    with serve(project, "alone.db") as alone, serve(project, "beside.db") as beside:
        faults, detail = asyncio.run(_answer_beside(alone, beside, size))
        return faults + alone.list_log_faults() + beside.list_log_faults(), detail


async def _answer_beside(alone: Server, beside: Server, size: Size) -> tuple[list[str], str]:
    for server in (alone, beside):
        await make_changes(server, 100)
    audience = Audience(beside.port)
    await audience.open(size.streams, await find_last_id(beside.port))
    jobs = [
        Job(f"{what}{name}", server, RESOURCE.path + target, body)
        for what, target, body in (
            ("one", "/7", ""),
            ("list", "?limit=20", ""),
            ("create", "", '{"title": "told"}'),
        )
        for name, server in ((" alone", alone), ("", beside))
    ]
    costs = await asyncio.to_thread(measure, jobs, size.rounds, size.seconds)
    faults = costs.faults + audience.list_faults()
    details: list[str] = []
    for name in ("one", "list"):
        found, detail = costs.judge(name, f"{name} alone", MOST_COST * size.slack)
        faults, details = faults + found, [*details, detail]
    audience.close()
    told = (costs["create"] - costs["create alone"]) / size.streams
    created = f"create {costs['create']:.0f} us : create alone {costs['create alone']:.0f} us"
    return faults, "; ".join([*details, f"{created}, {told:.0f} us for each stream it is told"])


def stop_with_all(project: Path, size: Size) -> tuple[list[str], str]:
    """Ask the server to stop while all streams are open."""
    with serve(project, "open.db") as server:
        faults, detail = asyncio.run(_stop_with_all(server, size))
        return faults + server.list_log_faults(), detail


async def _stop_with_all(server: Server, size: Size) -> tuple[list[str], str]:
    audience = Audience(server.port)
    await audience.open(size.streams, await find_last_id(server.port))
    await make_changes(server, 10)
    started = time.monotonic()
    code = await asyncio.to_thread(server.stop)
    seconds = time.monotonic() - started
    await asyncio.sleep(0.1)
    faults = [] if code == 0 else [f"exit code {code}"]
    faults += [] if seconds <= LONGEST_STOP else [f"it ended only after {seconds:.1f} s"]
    left = sum(not follower.closed for follower in audience.followers)
    faults += [f"{left} streams are still open"] if left else []
    broken = sum(not follower.ended for follower in audience.followers)
    faults += [f"{broken} streams broke off: their last chunk is missing"] if broken else []
    faults += _list_log_errors(server)
    return faults, f"{size.streams} streams open, exit {code} after {seconds:.1f} s"


def _list_log_errors(server: Server) -> list[str]:
    lines = map(json.loads, server.read_log().splitlines())
    errors = Counter(line["message"] for line in lines if line["level"] == "error")
    return [f"{count} errors in the log: {message}" for message, count in errors.items()]
