"""Prove that many projects proven at once take half the time of one after the other.

Each project of smoke is also proven alone, by a run of its own, in an environment of its own; the
first run of all warms up the caches and does not count.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from clock import time_call
from ledger import Ledger
from tool import TOOL, clean_environment, fresh_folder

from starlette_new.cases import make_space
from starlette_new.combinations import cover_pairs, list_pairs, list_wanted

MOST = 0.5
"""Of the times of the projects alone, what all of them together may take on two processors."""
LARGEST = 1.15
"""Times as many projects, at most, with an answer more."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", action="append", default=[], help="as smoke takes it")
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for the limit")
    options = parser.parse_args()
    ledger = Ledger("Many projects at once")
    only = [word for text in options.only for word in ("--only", text)]
    with fresh_folder() as folder:
        names = _list(folder, only)
        _smoke(folder, "--only", names[0])
        alone = [time_call(partial(_smoke, folder, "--only", name)) for name in names]
        together = time_call(lambda: _smoke(folder, *only, "-j", str(options.jobs)))
    ratio, most = together / sum(alone), MOST * options.slack
    detail = f"{together:.1f} s : {sum(alone):.1f} s = {ratio:.2f} (at most {most})"
    faults = [] if ratio <= most else [detail]
    ledger.add(f"{len(names)} projects : each alone", faults, together, detail)
    _check_pairs(ledger)
    _check_growth(ledger)
    return ledger.close()


def _list(folder: Path, only: list[str]) -> list[str]:
    return _run(folder, "--list", *only).split()


def _smoke(folder: Path, *arguments: str) -> None:
    document = json.loads(_run(folder, *arguments, "--json"))
    assert document["ok"], document


def _run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [TOOL, "smoke", *arguments],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def _check_pairs(ledger: Ledger) -> None:
    space = make_space()
    rows = cover_pairs(space)
    there = {pair for row in rows for pair in list_pairs(row)}
    there |= {frozenset([answer]) for row in rows for answer in row.items()}
    missing = list_wanted(space) - there
    detail = f"{len(list_wanted(space))} pairs in {len(rows)} projects, {len(missing)} missing"
    ledger.add("every pair of answers", [detail] * bool(missing), 0.0, detail)


def _check_growth(ledger: Ledger) -> None:
    space = make_space()
    before = len(cover_pairs(space))
    for key, values in space.values.items():
        more = replace(space, values={**space.values, key: (*values, "another")})
        after = len(cover_pairs(more))
        detail = f"{before} projects to {after}"
        faults = [detail] if after >= LARGEST * before else []
        ledger.add(f"another answer to {key}", faults, 0.0, detail)


if __name__ == "__main__":
    sys.exit(main())
