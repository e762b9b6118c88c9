"""Prove that a project loses no job while its workers are killed, and defers at little cost.

Requests defer exports of an empty table, one after the other; workers are killed at moments drawn
by chance, and started again. The cost of deferring is that of a request which defers, compared to
one which only writes its row.
"""

import argparse
import random
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path

from blueprints import TASK
from crew import Crew
from deferring import WORDS, Client, defer_all
from diary import Diary
from ledger import Ledger
from served import Server, make_project, serve
from server import WHY_NOT, is_there, open_scratch
from surcharge import compare_requests, locate
from tool import fresh_folder

SKIPPED = 77
"""The exit code where something is lacking here that it needs."""


def main() -> int:
    options = _read_options()
    if not is_there():
        print(WHY_NOT, file=sys.stderr)
        return SKIPPED
    ledger = Ledger(f"Working, seed {options.seed}")
    with fresh_folder() as folder:
        project = make_project(folder, TASK, words=WORDS)
        if options.only != "cost":
            _try_kills(project, options, ledger)
        if options.only != "kills":
            compare_requests(project, options.rounds, options.slack, ledger)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=100_000, help="that are deferred (100000)")
    parser.add_argument("--workers", type=int, default=3, help="that are killed (3)")
    parser.add_argument("--clients", type=int, default=8, help="that defer at the same time (8)")
    parser.add_argument("--every", type=float, default=3, help="seconds between kills (3)")
    parser.add_argument("--after", type=float, default=20, help="seconds of kills at the end (20)")
    parser.add_argument("--rounds", type=int, default=9, help="in which costs are compared (9)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for limits of time")
    parser.add_argument(
        "--hurry", action="store_true", help="do not wait until a worker is missed: say that it is"
    )
    parser.add_argument("--only", choices=["kills", "cost"], help="this part alone")
    return parser.parse_args()


def _try_kills(project: Path, options: argparse.Namespace, ledger: Ledger) -> None:
    """Defer all jobs while workers are killed; then look where each has ended."""
    with (
        open_scratch() as name,
        _serve(project, name, options.jobs) as server,
        Diary(server.settings["DATABASE_URL"]) as diary,
        Crew(server, options.workers) as crew,
    ):
        diary.wait_for_workers(options.workers)
        clients = _defer_and_kill(server, crew, options, ledger)
        started = time.monotonic()
        if options.hurry:
            crew.stop()
            diary.miss_workers()
            crew.start()
        left = diary.wait_until_done(60 + options.jobs / 10)
        ledger.add("what waits is done", left, time.monotonic() - started, "nothing is left")
        faults = diary.list_lost({one for client in clients for one in client.accepted})
        ledger.add("none is lost", faults, 0.0, diary.describe(crew.kills))
        faults, detail = diary.check_returns(options.slack)
        ledger.add("what was begun comes back", faults, 0.0, detail)
        ledger.add("the API tells the same", diary.ask(server.port, options.seed), 0.0)
        crew.stop()
        faults = [*server.list_log_faults(), *crew.list_log_faults()]
        ledger.add("logs", faults, 0.0, "no tracebacks")


def _serve(project: Path, database: str, jobs: int) -> AbstractContextManager[Server]:
    """Serve a project that lets all jobs wait at the same time."""
    settings = {"DATABASE_URL": locate(database), "MOST_JOBS": str(jobs)}
    return serve(project, "kills.db", "--workers", "2", **settings)


def _defer_and_kill(
    server: Server, crew: Crew, options: argparse.Namespace, ledger: Ledger
) -> list[Client]:
    chance = random.Random(options.seed)  # noqa: S311
    started = time.monotonic()
    clients = defer_all(server.port, options.jobs, options.clients)
    end = None
    while end is None or time.monotonic() < end:
        time.sleep(chance.uniform(0.2, 1.8) * options.every)
        crew.kill(chance)
        if end is None and not any(client.is_alive() for client in clients):
            seconds = time.monotonic() - started
            end = time.monotonic() + options.after
    accepted = sum(len(client.accepted) for client in clients)
    refused = sum(client.refused for client in clients)
    detail = f"{accepted} in {seconds:.0f} s, {refused} refused for now, {crew.kills} kills"
    print(detail, flush=True)
    faults = [fault for client in clients for fault in client.faults]
    faults += [f"only {accepted} were accepted"] * (accepted != options.jobs)
    ledger.add("jobs are deferred", faults, seconds, detail)
    return clients


if __name__ == "__main__":
    sys.exit(main())
