"""Streams that lost their connection: they hear of what they missed, once, or start over."""

import asyncio
import re
from pathlib import Path

from audiences import Size
from changes import make_changes
from followers import Audience, find_last_id, read_number
from served import Server, serve

LEAVERS = 20
STEP = 15
"""Changes between one who leaves and the next."""


def come_back(project: Path, _: Size) -> tuple[list[str], str]:
    """Let streams leave one after the other, and come back while more changes are made."""
    with serve(project, "return.db") as server:
        faults, detail = asyncio.run(_come_back(server))
        return faults + server.list_log_faults(), detail


async def _come_back(server: Server) -> tuple[list[str], str]:
    left = []
    for _ in range(LEAVERS):
        left.append(await find_last_id(server.port))
        await make_changes(server, STEP)
    more = asyncio.create_task(make_changes(server, LEAVERS * STEP))
    audience = Audience(server.port)
    for last_id in left:
        await audience.open(1, last_id)
    await more
    end = read_number(left[0]) + 2 * LEAVERS * STEP
    heard = await audience.hear(end)
    faults = audience.list_faults() + ([] if heard else ["not all heard of what they missed"])
    for follower, last_id in zip(audience.followers, left, strict=True):
        missed = end - read_number(last_id)
        if (follower.changes, follower.resets) != (missed, 0):
            told = f"{follower.changes} changes and {follower.resets} resets"
            faults.append(f"one that missed {missed} was told {told}")
    audience.close()
    missed = sum(end - read_number(last_id) for last_id in left)
    return faults, f"{LEAVERS} came back to {missed} changes, and heard of each once, in order"


def start_over(project: Path, _: Size) -> tuple[list[str], str]:
    """Let streams miss as much as the server keeps, and one change more."""
    kept = _find_kept(project)
    with serve(project, "reset.db") as server:
        faults = asyncio.run(_start_over(server, kept))
        return faults + server.list_log_faults(), f"{kept} missed are told, {kept + 1} are a reset"


async def _start_over(server: Server, kept: int) -> list[str]:
    too_early = await find_last_id(server.port)
    await make_changes(server, 1)
    in_time = await find_last_id(server.port)
    await make_changes(server, kept)
    run = too_early.rpartition("-")[0]
    end = read_number(in_time) + kept
    faults = []
    for last_id, changes in (
        (in_time, kept),
        (f"{run}-{end}", 0),
        (too_early, None),
        (f"other-{end}", None),
        (f"{run}-{end + 1}", None),
        (f"{run}-{'9' * 5000}", None),
        (f"{run}-", None),
        ("no id", None),
    ):
        fault = await _tell(server, last_id, changes, end)
        faults += [f"{last_id[:20]}: {fault}"] if fault else []
    return faults


async def _tell(server: Server, last_id: str, changes: int | None, end: int) -> str:
    """Return what is wrong with what a stream is told. changes: None if it must start over."""
    audience = Audience(server.port)
    await audience.open(1, last_id)
    [follower] = audience.followers
    expected = (changes or 0, int(changes is None))
    await asyncio.sleep(0.3)
    audience.close()
    if follower.closed:
        return "the server closed the stream"
    if (follower.changes, follower.resets) != expected or follower.number != end:
        return f"{follower.changes} changes and {follower.resets} resets to {follower.id}"
    return ""


def _find_kept(project: Path) -> int:
    source = (project / "app/live.py").read_text(encoding="utf-8")
    found = re.search(r"^KEPT = (\d+)", source, re.MULTILINE)
    if found is None:
        raise SystemExit("This proof cannot find KEPT in app/live.py.")
    return int(found[1])
