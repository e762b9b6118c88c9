"""Prove that changes through any of several processes reach the pages of all, and none is lost."""

import argparse
import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psycopg
from blueprints import TASK
from changes import RESOURCE, make_changes
from crowds import Client
from followers import wait_until
from ledger import Ledger
from processes import count_sockets_by_process
from returning_pages import Page
from served import Server, allow_many_files, call_project, make_project
from server import ADDRESS, WHY_NOT, is_there, open_scratch
from tool import fresh_folder
from wire import NoAnswer

LONGEST_REACH = 1.0
"""Seconds until all pages must have heard of a change."""
SKIPPED = 77
"""The exit code where something is lacking here that it needs."""
WRITERS = 8


@dataclass
class Trial:
    """A server of several processes, and the pages that follow it.

    read: gives the ids of all rows. spread: how many pages each process tells, about.
    """

    server: Server
    options: argparse.Namespace
    read: Callable[[], set[int]]
    chance: random.Random
    pages: list[Page] = field(default_factory=list)
    spread: list[int] = field(default_factory=list)


Part = Callable[[Trial], Awaitable[tuple[list[str], str]]]
_COUNTED = ("twice", "resets")


def main() -> int:
    options = _read_options()
    if not is_there():
        print(WHY_NOT, file=sys.stderr)
        return SKIPPED
    allow_many_files()
    ledger = Ledger("Fan-out")
    with fresh_folder() as folder:
        project = make_project(folder, TASK, words=("--with-db", "postgres"))
        for name, part in (("reach", _reach), ("return", _return), ("restart", _restart)):
            started = time.monotonic()
            with _serve(project, options) as trial:
                faults, detail = asyncio.run(_try(trial, part))
                faults += trial.server.list_log_faults()
            ledger.add(
                name, [*faults, detail] if faults else [], time.monotonic() - started, detail
            )
            print(f"{name}: {detail}", flush=True)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=4, help="processes that serve (4)")
    parser.add_argument("--streams", type=int, default=200, help="pages that follow (200)")
    parser.add_argument("--reaches", type=int, default=40, help="changes one by one (40)")
    parser.add_argument("--changes", type=int, default=10_000, help="while pages return (10000)")
    parser.add_argument("--kills", type=int, default=5, help="of a process at random (5)")
    parser.add_argument("--seed", type=int, default=1, help="of what happens at random (1)")
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for limits of time (1)")
    return parser.parse_args()


@contextmanager
def _serve(project: Path, options: argparse.Namespace) -> Iterator[Trial]:
    with open_scratch() as name:
        address = f"{ADDRESS.rpartition('/')[0]}/{name}"
        words = ("--workers", str(options.workers))
        server = Server(project, project.with_name("served.db"), {"DATABASE_URL": address}, words)
        migrated = call_project(server, "migrate")
        if migrated.code != 0:
            raise SystemExit(f"migrate ended with {migrated.code}: {migrated.stderr}")
        server.start()
        while server.read_log().count("startup complete") < options.workers:
            time.sleep(0.1)
        with psycopg.connect(address, autocommit=True) as connection:

            def read() -> set[int]:
                return {row_id for (row_id,) in connection.execute("SELECT id FROM tasks")}

            try:
                yield Trial(server, options, read, random.Random(options.seed))  # noqa: S311
            finally:
                server.kill()


async def _try(trial: Trial, part: Part) -> tuple[list[str], str]:
    """Open all pages, try a part, and see that no page lacks a row in the end."""
    before = count_sockets_by_process(trial.server)
    trial.pages += [Page(trial.server.port, trial.read) for _ in range(trial.options.streams)]
    following = [asyncio.create_task(page.follow()) for page in trial.pages]
    await wait_until(lambda: all(page.resets for page in trial.pages))
    while len(trial.spread) < trial.options.workers:  # until each process has a page
        trial.chance.choice(trial.pages).cut_off()
        await asyncio.sleep(0.1)
        opened = count_sockets_by_process(trial.server)
        trial.spread = sorted(filter(None, (opened[one] - before[one] for one in before)))
    faults, detail = await part(trial)
    faults += await _hear_all(trial)
    for task in following:
        task.cancel()
    await asyncio.wait(following)
    twice, resets = (sum(getattr(page, name) for page in trial.pages) for name in _COUNTED)
    faults += [f"{twice} changes told twice"] * bool(twice)
    again = resets - len(trial.pages)
    return faults, f"{detail}, pages by process {trial.spread}, {again} times all was asked for"


async def _hear_all(trial: Trial) -> list[str]:
    """Wait until every page knows every row; tell of those that do not."""
    rows = trial.read()
    await wait_until(lambda: all(rows <= page.known for page in trial.pages))
    lost = [len(rows - page.known) for page in trial.pages]
    return [f"{sum(lost)} changes lost to {sum(map(bool, lost))} pages"] * any(lost)


async def _reach(trial: Trial) -> tuple[list[str], str]:
    """Make changes one after the other, each on a connection of its own."""
    taken = []
    for _ in range(trial.options.reaches):
        started = time.monotonic()
        [row] = await make_changes(trial.server, 1)
        await wait_until(lambda: all(row in page.known for page in trial.pages))  # noqa: B023
        taken.append(time.monotonic() - started)
    longest = max(taken)
    faults = [f"a change took {longest:.2f} s"] * (longest > LONGEST_REACH * trial.options.slack)
    detail = f"{len(taken)} changes reached all in {longest:.2f} s, mostly {median(taken):.2f}"
    return faults, detail


async def _return(trial: Trial) -> tuple[list[str], str]:
    """Cut off one page after the other while changes are made: each comes back, and goes on."""
    await make_changes(trial.server, 1)  # its id is known to all processes, however late they began
    await _hear_all(trial)
    before = sum(page.resets for page in trial.pages)
    cutting = asyncio.create_task(_cut_off(trial))
    started = time.monotonic()
    made = await make_changes(trial.server, trial.options.changes)
    seconds = time.monotonic() - started
    cutting.cancel()
    faults = await _hear_all(trial)
    returns = sum(page.returns for page in trial.pages)
    again = sum(page.resets for page in trial.pages) - before
    faults += [f"{again} times a page that came back had to ask for everything"] * bool(again)
    return faults, f"{len(made)} changes in {seconds:.0f} s, {returns} returns"


async def _cut_off(trial: Trial) -> None:
    while True:
        trial.chance.choice(trial.pages).cut_off()
        await asyncio.sleep(0.01)


async def _restart(trial: Trial) -> tuple[list[str], str]:
    """Kill processes, and exchange all of them, while changes are made."""
    ended = asyncio.Event()
    writing = asyncio.gather(*(_write(trial, number, ended) for number in range(WRITERS)))
    for _ in range(trial.options.kills):
        await asyncio.sleep(trial.chance.uniform(1, 2))
        os.kill(trial.chance.choice(_list_workers(trial.server)), signal.SIGKILL)
    await asyncio.sleep(2)
    old = set(_list_workers(trial.server))
    assert trial.server.process is not None
    trial.server.process.send_signal(signal.SIGHUP)
    exchanged = await wait_until(lambda: not old & set(_list_workers(trial.server)), 180)
    await asyncio.sleep(2)
    ended.set()
    made = sum(await writing)
    faults = ["not all processes were exchanged"] * (not exchanged)
    returns = sum(page.returns for page in trial.pages)
    kills = f"{trial.options.kills} kills and one exchange of all"
    return faults, f"{kills}, {made} changes, {returns} returns"


async def _write(trial: Trial, number: int, ended: asyncio.Event) -> int:
    """Write rows until it is ended, and begin anew where a process was killed; count them."""
    client, made = Client(trial.server, RESOURCE, f"w{number}"), 0
    while not ended.is_set():
        try:
            answer = await client.exchange(client.make_write(made))
        except NoAnswer:
            client.close()
            continue
        made += answer.status == 201
    client.close()
    return made


def _list_workers(server: Server) -> list[int]:
    """Give the processes that serve: not the first, nor one that only counts resources."""
    found = []
    for process in server.list_processes()[1:]:
        with suppress(OSError):  # it ended meanwhile
            if b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes():
                found.append(process)
    return found


if __name__ == "__main__":
    sys.exit(main())
