"""Prove that a generated project keeps its word under load, and is none the worse for it."""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from blueprints import TASK
from bodies import send_large_bodies, send_slow_bodies
from crashes import kill_under_load
from crowds import Crowd, serve_a_crowd, stop_in_flight
from ledger import Ledger
from locks import lock_long, lock_shortly
from resources import Resource, read_line
from served import allow_many_files, make_project
from tool import fresh_folder

Part = Callable[[Path, Resource], tuple[list[str], str]]
"""Tries a project; returns its faults, and what was measured."""


def main() -> int:
    options = _read_options()
    crowd = Crowd(options.clients, options.requests, options.pause)
    parts: dict[str, Part] = {
        "kills": partial(kill_under_load, rounds=options.rounds),
        "short-lock": lock_shortly,
        "long-lock": lock_long,
        "large-bodies": send_large_bodies,
        "slow-bodies": send_slow_bodies,
        "stop": stop_in_flight,
        "crowd": partial(serve_a_crowd, crowd=crowd),
    }
    chosen = options.only or list(parts)
    if unknown := set(chosen) - set(parts):
        raise SystemExit(f"No such part: {', '.join(unknown)}. The parts are {', '.join(parts)}.")
    allow_many_files()
    ledger = Ledger("Load")
    with fresh_folder() as folder:
        project = make_project(folder, options.resource)
        for name in chosen:
            started = time.monotonic()
            faults, detail = parts[name](project, read_line(options.resource[0]))
            seconds = time.monotonic() - started
            ledger.add(name, [*faults, detail] if faults else [], seconds, detail)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", metavar="PART", help="kills, stop, crowd, ...")
    parser.add_argument(
        "--resource",
        action="append",
        metavar="SPEC",
        help="the first is written to; it has a str, and needs no row of another",
    )
    parser.add_argument("--rounds", type=int, default=10, help="kills (10)")
    parser.add_argument("--clients", type=int, default=1000, help="in the crowd (1000)")
    parser.add_argument("--requests", type=int, default=5, help="of each client (5)")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds between them, at most")
    options = parser.parse_args()
    options.resource = options.resource or list(TASK)
    return options


if __name__ == "__main__":
    sys.exit(main())
