"""Prove that a project on PostgreSQL keeps its word when it, or its server, is killed."""

import argparse
import json
import os
import random
import signal
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from blueprints import TASK
from clusters import Cluster, find_no_server
from crashes import compare, write_until_killed
from ledger import Ledger
from resources import Resource, read_line
from served import Server, call_project, is_ready, make_project
from tool import fresh_folder
from writers import Writer

LONGEST_REFUSAL = 6.0
"""Seconds after which the answer must be 503 while the server is away."""
LONGEST_RETURN = 5.0
"""Seconds after which requests must succeed again when the server is back."""
WRITERS = 6
SKIPPED = 77
"""The exit code where something is lacking here that it needs."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10, help="of the application (10)")
    parser.add_argument("--outages", type=int, default=5, help="of the server (5)")
    parser.add_argument("--freezes", type=int, default=1, help="of the server (1)")
    parser.add_argument("--workers", type=int, default=2, help="processes that serve (2)")
    options = parser.parse_args()
    if why := find_no_server():
        print(why, file=sys.stderr)
        return SKIPPED
    ledger = Ledger("Outages")
    with fresh_folder() as folder:
        folder.chmod(0o755)
        cluster = Cluster(folder / "server")
        cluster.create()
        cluster.start()
        try:
            server = _make_server(folder, cluster, options.workers)
            resource = read_line(TASK[0])
            kept: dict[int, str] = {}
            for name, rounds, part in (
                ("kills", options.kills, _kill_application),
                ("outages", options.outages, _kill_server),
                ("freezes", options.freezes, _freeze_server),
            ):
                started = time.monotonic()
                faults, detail = part(server, cluster, resource, kept, rounds)
                seconds = time.monotonic() - started
                ledger.add(name, [*faults, detail] if faults else [], seconds, detail)
            server.kill()
        finally:
            cluster.stop()
    return ledger.close()


def _make_server(folder: Path, cluster: Cluster, workers: int) -> Server:
    os.environ["TEST_DATABASE_URL"] = cluster.address
    project = make_project(folder, TASK, words=("--with-db", "postgres"))
    settings = {"DATABASE_URL": cluster.name("postgres")}
    server = Server(project, folder / "served.db", settings, ("--workers", str(workers)))
    migrated = call_project(server, "migrate")
    if migrated.code != 0:
        raise SystemExit(f"migrate ended with {migrated.code}: {migrated.stderr}")
    server.start()
    return server


def _kill_application(
    server: Server, cluster: Cluster, resource: Resource, kept: dict[int, str], rounds: int
) -> tuple[list[str], str]:
    """Kill all processes of the application while rows are written, and start them again."""
    chance, restarts = random.Random(0), []  # noqa: S311
    faults: list[str] = []
    for number in range(rounds):
        kept |= write_until_killed(server, resource, number, chance.uniform(0.2, 1.5), faults)
        restarts.append(server.start())
        faults += compare(server, resource, kept)
    detail = f"{rounds} kills, {len(kept)} rows acknowledged, ready in {max(restarts):.2f} s"
    return faults + server.list_log_faults(), detail


def _kill_server(
    server: Server, cluster: Cluster, resource: Resource, kept: dict[int, str], rounds: int
) -> tuple[list[str], str]:
    """Kill the server while rows are written; ask what is answered then, and start it again."""
    faults: list[str] = []
    refusals, returns = [0.0], [0.0]
    for number in range(rounds):
        writers = [Writer(server.port, resource, f"o{number}-{mark}") for mark in range(WRITERS)]
        for writer in writers:
            writer.start()
        time.sleep(0.5)
        cluster.kill()
        time.sleep(0.5)
        refusals.append(_check_away(server, faults))
        cluster.start()
        returns.append(_wait_until_ready(server))
        for writer in writers:
            writer.stopped.set()
            writer.join()
            kept |= {one.row_id: one.title for one in writer.outcomes if one.status == 201}
            odd = {one.status for one in writer.outcomes} - {201, 503}
            faults += [f"a write was answered with {odd}"] * bool(odd)
            slow = max((one.seconds for one in writer.outcomes), default=0.0)
            faults += [f"a write took {slow:.1f} s"] * (slow > LONGEST_REFUSAL)
            faults += [f"a connection was cut: {writer.cut_off}"] * bool(writer.cut_off)
        faults += compare(server, resource, kept)
    detail = (
        f"{rounds} outages, {len(kept)} rows acknowledged, 503 in {max(refusals):.2f} s, "
        f"back {max(returns):.2f} s after the server"
    )
    faults += [f"back only after {max(returns):.1f} s"] * (max(returns) > LONGEST_RETURN)
    return faults + server.list_log_faults(), detail


def _freeze_server(
    server: Server, cluster: Cluster, resource: Resource, kept: dict[int, str], rounds: int
) -> tuple[list[str], str]:
    """Let the server take connections and answer nothing: nobody may wait for it for long."""
    faults: list[str] = []
    refusals, returns = [0.0], [0.0]
    for _ in range(rounds):
        cluster.freeze(signal.SIGSTOP)
        try:
            refusals += [_check_away(server, faults) for _ in range(3)]
        finally:
            cluster.freeze(signal.SIGCONT)
        returns.append(_wait_until_ready(server))
        faults += compare(server, resource, kept)
    faults += [f"back only after {max(returns):.1f} s"] * (max(returns) > LONGEST_RETURN)
    detail = f"{rounds} freezes, 503 in {max(refusals):.2f} s, back after {max(returns):.2f} s"
    return faults, detail


def _check_away(server: Server, faults: list[str]) -> float:
    """Ask while the server is away; return the longest time that an answer took, in seconds."""
    longest = 0.0
    for path, wanted in (("/health/live", 200), ("/health/ready", 503), ("/api/tasks", 503)):
        started = time.monotonic()
        connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        longest = max(longest, time.monotonic() - started)
        if answer.status != wanted:
            faults.append(f"{path} is {answer.status} while the server is away")
        elif wanted == 503 and not (answer.getheader("Retry-After") and json.loads(body)):
            faults.append(f"{path} does not say when to come back")
        connection.close()
    if longest > LONGEST_REFUSAL:
        faults.append(f"an answer took {longest:.1f} s while the server was away")
    return longest


def _wait_until_ready(server: Server) -> float:
    started = time.monotonic()
    while not is_ready(server.port) and time.monotonic() - started < 30:
        time.sleep(0.02)
    return time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
