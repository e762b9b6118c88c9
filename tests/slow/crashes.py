"""Kills in the middle of writes: what was acknowledged is there afterwards, once."""

import random
import sqlite3
import time
from collections import Counter
from pathlib import Path

from resources import Resource
from served import Server, serve
from writers import Outcome, Writer, list_rows

LONGEST_RESTART = 5.0
WRITERS = 6


def kill_under_load(project: Path, resource: Resource, rounds: int) -> tuple[list[str], str]:
    """Kill the server `rounds` times while rows are written, and start it again on them."""
    chance = random.Random(0)  # noqa: S311
    faults: list[str] = []
    kept: dict[int, str] = {}
    restarts = []
    with serve(project, "crashes.db") as server:
        for number in range(rounds):
            kept |= write_until_killed(server, resource, number, chance.uniform(0.2, 1.5), faults)
            restarts.append(server.start())
            faults += compare(server, resource, kept)
        server.stop()
        with sqlite3.connect(server.database) as database:
            checked = database.execute("PRAGMA integrity_check").fetchone()[0]
        faults += [] if checked == "ok" else [f"the database is damaged: {checked}"]
        faults += server.list_log_faults()
    if max(restarts) > LONGEST_RESTART:
        faults.append(f"ready only {max(restarts):.1f} s after a start")
    detail = f"{rounds} kills, {len(kept)} rows acknowledged, ready in {max(restarts):.2f} s"
    return faults, detail


def write_until_killed(
    server: Server, resource: Resource, number: int, seconds: float, faults: list[str]
) -> dict[int, str]:
    """Return the titles of the rows that were acknowledged, by their ids."""
    writers = [Writer(server.port, resource, f"{number}-{mark}") for mark in range(WRITERS)]
    for writer in writers:
        writer.start()
    time.sleep(seconds)
    server.kill()
    for writer in writers:
        writer.join()
    outcomes: list[Outcome] = [outcome for writer in writers for outcome in writer.outcomes]
    others = Counter(outcome.status for outcome in outcomes if outcome.status != 201)
    faults += [f"round {number}: {count} times {status}" for status, count in others.items()]
    acknowledged = {outcome.row_id: outcome.title for outcome in outcomes if outcome.status == 201}
    if not acknowledged:
        faults.append(f"round {number}: nothing was acknowledged before the kill")
    return acknowledged


def compare(server: Server, resource: Resource, kept: dict[int, str]) -> list[str]:
    found = list(list_rows(server.port, resource))
    times = Counter(title for _, title in found)
    lost = kept.items() - set(found)
    faults = [f"lost: {row_id} {title}" for row_id, title in sorted(lost)[:5]]
    return faults + [f"{count} times: {title}" for title, count in times.items() if count > 1][:5]
