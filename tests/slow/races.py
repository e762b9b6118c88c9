"""Prove that many runs at once do not disturb each other, and that one target has one winner."""

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ledger import Ledger
from tool import TOOL, Ended, find_gaps, fresh_folder, run, run_suite, take_snapshot


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=8, help="how many at once")
    parser.add_argument("--no-install", action="store_true", help="render only: shorter, closer")
    options = parser.parse_args()
    ledger = Ledger(f"Races of {options.runs}")
    more = ["--no-install"] if options.no_install else []
    for number in range(options.rounds):
        started = time.monotonic()
        with fresh_folder() as folder:
            ends = _start_all(folder, ["taskflow"] * options.runs, more)
            faults = _find_one_winner(ends) + _check_project(folder / "taskflow", more)
            faults += [f"left: {p.name}" for p in folder.iterdir() if p.name != "taskflow"]
        codes = Counter(str(end.code) for end in ends)
        seconds = time.monotonic() - started
        ledger.add(f"{number} one target", faults, seconds, f"exit codes {dict(codes)}")
    for number in range(options.rounds):
        started = time.monotonic()
        names = [f"taskflow{letter}" for letter in "abcdefghijklmnop"[: options.runs]]
        with fresh_folder() as folder:
            ends = _start_all(folder, names, more)
            faults = [f"exit {end.code}: {end.stderr[-300:]}" for end in ends if end.code != 0]
            for name in names:
                faults += _check_project(folder / name, more)
            faults += [f"left: {p.name}" for p in folder.iterdir() if p.name not in names]
        seconds = time.monotonic() - started
        ledger.add(f"{number} a target each", faults, seconds, "all green")
    return ledger.close()


def _start_all(folder: Path, names: list[str], more: list[str]) -> list[Ended]:
    with ThreadPoolExecutor(len(names)) as pool:
        return list(pool.map(lambda name: run([TOOL, name, *more], folder), names))


def _find_one_winner(ends: list[Ended]) -> list[str]:
    winners = [end for end in ends if end.code == 0]
    faults = [] if len(winners) == 1 else [f"{len(winners)} winners"]
    for end in ends:
        if end.code != 0 and (end.code != 3 or len(end.stderr.splitlines()) != 1):
            faults.append(f"exit {end.code}: {end.stderr[-300:]}")
    return faults


def _check_project(project: Path, more: list[str]) -> list[str]:
    with fresh_folder() as other:
        run([TOOL, project.name, *more, "--no-verify"], other)
        gaps = find_gaps(project, take_snapshot(other / project.name), locked=not more)
    if more or gaps:
        return gaps
    suite = run_suite(project)
    return [] if suite.code == 0 else [f"the suite: {suite.stdout[-300:]}"]


if __name__ == "__main__":
    sys.exit(main())
