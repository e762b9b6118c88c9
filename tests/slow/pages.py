"""Prove that the page of a list is light, and costs a server little more than the same in JSON."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from blueprints import TASK
from costs import Job, find_no_way_to_measure, measure
from ledger import Ledger
from resources import read_line
from served import Server, call_project, make_example, make_project, serve
from tool import fresh_folder
from weights import weigh
from wire import exchange, make_json_request, make_request

TASKS = read_line(TASK[0])
ROWS = 20
FIRST, AGAIN = 90_000, 15_000
"""Bytes of a page and what it refers to, on the first visit and afterwards."""
MOST_COST = 2.5
"""How much more CPU time than the JSON of the same rows a page may take."""
GIVEN_BY_SERVER = {"id", "created_at", "updated_at", "lock_version"}


@dataclass(frozen=True)
class Size:
    """How much is asked. seconds: of each round. slack: a factor for the limit of cost."""

    rounds: int
    seconds: int
    slack: float = 1.0


WHOLE, QUICK = Size(rounds=9, seconds=2), Size(rounds=1, seconds=1, slack=4)
PROJECTS: dict[str, Callable[[Path], Path]] = {
    "starter": lambda folder: make_project(folder, TASK, "starter"),
    "taskflow": lambda folder: make_example(folder, "taskflow"),
}


def main() -> int:
    options = _read_options()
    size = QUICK if options.quick else WHOLE
    ledger = Ledger("Pages")
    with fresh_folder() as folder:
        for name in options.only or PROJECTS:
            with serve(PROJECTS[name](folder), f"{name}.db") as server:
                _fill(server)
                _try_weight(ledger, f"{name}: weight", server)
                _try_cost(ledger, f"{name}: cost", server, size)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=PROJECTS, help="a project to try")
    parser.add_argument("--quick", action="store_true", help="a sample, with wide limits")
    return parser.parse_args()


def _fill(server: Server) -> None:
    """Add the project's own rows, if it has any, and copies of them until a list is full."""
    call_project(server, "seed")
    found = _list_rows(server)
    rows = found or [TASKS.make_row(1, {})]
    for number in range(len(found), ROWS):
        row = rows[number % len(rows)]
        given = {name: row[name] for name in row.keys() - GIVEN_BY_SERVER}
        answer = exchange(server.port, make_json_request("POST", TASKS.path, given), "POST")
        if answer.status != 201:
            raise SystemExit(f"A row was answered {answer.status}: {answer.body!r}")


def _list_rows(server: Server) -> list[dict[str, object]]:
    answer = exchange(server.port, make_request("GET", f"{TASKS.path}?limit={ROWS}"))
    rows: list[dict[str, object]] = json.loads(answer.body)["items"]
    return rows


def _try_weight(ledger: Ledger, case: str, server: Server) -> None:
    started = time.monotonic()
    parts, faults, page = weigh(server.port, TASKS.page)
    shown = page.count(b"<tr>") - 1  # one is the head
    faults += [] if shown == ROWS else [f"the page shows {shown} rows"]
    first, again = sum(part.first for part in parts), sum(part.again for part in parts)
    faults += [] if first <= FIRST else [f"{first} bytes on the first visit"]
    faults += [] if again <= AGAIN else [f"{again} bytes afterwards"]
    sizes = ", ".join(f"{part.target} {part.first} then {part.again}" for part in parts)
    detail = f"{first} bytes (at most {FIRST}), then {again} (at most {AGAIN})"
    print(f"{case}: {detail}: {sizes}", flush=True)
    ledger.add(case, faults, time.monotonic() - started, detail)


def _try_cost(ledger: Ledger, case: str, server: Server, size: Size) -> None:
    if why := find_no_way_to_measure():
        ledger.skip(case, why)
        return
    started = time.monotonic()
    page = Job("page", server, TASKS.page, accept="text/html")
    rows = Job("JSON", server, f"{TASKS.path}?limit={ROWS}")
    costs = measure([page, rows], size.rounds, size.seconds)
    found, detail = costs.judge("page", "JSON", MOST_COST * size.slack)
    print(f"{case}: {detail}", flush=True)
    ledger.add(case, costs.faults + found, time.monotonic() - started, detail)
    if server.list_log_faults():
        ledger.add(f"{case}, log", server.list_log_faults(), 0.0)


if __name__ == "__main__":
    sys.exit(main())
