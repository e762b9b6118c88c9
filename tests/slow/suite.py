"""Prove that a generated test is cheap, however many resources its project has."""

import argparse
import re
import sys
import time
from pathlib import Path
from statistics import median

from ledger import Ledger
from tool import TOOL, clean_environment, fresh_folder, run

MOST = 0.015
"""Seconds a test may take beyond the collection of all of them."""
FLAT = 1.25
"""How much more a test may cost among many than in a project with one resource."""
FIELDS = "title:str notes:text? amount:int=0 done:bool=false label:str?"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--resources", type=int, nargs="+", default=[1, 5, 20])
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for each limit")
    options = parser.parse_args()
    ledger = Ledger("The generated suite")
    with fresh_folder() as folder:
        projects = {count: _make_project(folder, count) for count in options.resources}
        costs: dict[int, list[float]] = {count: [] for count in projects}
        numbers: dict[int, int] = {}
        for number in range(options.rounds + 1):
            for count, project in projects.items():
                cost, numbers[count] = _measure(project)
                if number:  # the first one warms up
                    costs[count].append(cost)
    least = median(costs[min(costs)])
    for count, found in costs.items():
        cost = median(found)
        detail = f"{cost * 1000:.1f} ms a test ({numbers[count]} tests), {cost / least:.2f} times"
        faults = []
        if cost > MOST * options.slack:
            faults.append(f"{detail}: more than {MOST * 1000:.0f} ms")
        if cost > least * FLAT * options.slack:
            faults.append(f"{detail}: more than {FLAT} times")
        ledger.add(f"{count} resources", faults, cost * numbers[count], detail)
    return ledger.close()


def _make_project(folder: Path, count: int) -> Path:
    options = [
        word
        for letter in "abcdefghijklmnopqrst"[:count]
        for word in ("--resource", f"thing_{letter} {FIELDS}")
    ]
    name = f"taskflow{count}"
    made = run([TOOL, name, "--no-verify", "--no-git", *options], folder, limit=300)
    if made.code != 0:
        raise SystemExit(f"exit {made.code}: {made.stderr}")
    return folder / name


def _measure(project: Path) -> tuple[float, int]:
    """Return the seconds of a test without the share of collection, and the number of tests."""
    base = [str(project / ".venv/bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    env = clean_environment()
    started = time.monotonic()
    run([*base, "--collect-only"], project, env=env)
    collected = time.monotonic()
    ended = run(base, project, env=env, limit=600)
    seconds = (time.monotonic() - collected) - (collected - started)
    passed = re.search(r"(\d+) passed", ended.stdout)
    if ended.code != 0 or not passed:
        raise SystemExit(f"exit {ended.code}: {ended.stdout[-500:]}")
    return seconds / int(passed[1]), int(passed[1])


if __name__ == "__main__":
    sys.exit(main())
