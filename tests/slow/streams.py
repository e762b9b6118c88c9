"""Prove that hundreds of pages can follow the changes of one server, and do not weigh on it."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from audiences import Size, answer_beside, reach_all, stop_with_all
from blueprints import TASK
from costs import find_no_way_to_measure
from deaf import drop_the_deaf
from ledger import Ledger
from returning import come_back, start_over
from served import allow_many_files, make_project
from tool import fresh_folder

Part = Callable[[Path, Size], tuple[list[str], str]]
"""Tries a project; returns its faults, and what was measured."""
PARTS: dict[str, Part] = {
    "reach": reach_all,
    "json": answer_beside,
    "return": come_back,
    "reset": start_over,
    "stop": stop_with_all,
    "deaf": drop_the_deaf,
}
WHOLE = Size(streams=500, changes=30, rounds=7, seconds=2)
QUICK = Size(streams=100, changes=5, rounds=1, seconds=1, slack=4)
SLOWEST = "deaf"
"""It waits until the buffers of the kernel are full: a sample goes without it."""


def main() -> int:
    options = _read_options()
    size = QUICK if options.quick else WHOLE
    names = options.only or [name for name in PARTS if name != SLOWEST or not options.quick]
    allow_many_files()
    ledger = Ledger("Streams")
    with fresh_folder() as folder:
        project = make_project(folder, TASK)
        for name in names:
            if name == "json" and (why := find_no_way_to_measure()):
                ledger.skip(name, why)
                continue
            started = time.monotonic()
            faults, detail = PARTS[name](project, size)
            seconds = time.monotonic() - started
            ledger.add(name, [*faults, detail] if faults else [], seconds, detail)
            print(f"{name}: {detail}", flush=True)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=PARTS, help="a part of the proof")
    parser.add_argument("--quick", action="store_true", help="a sample, with wide limits")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
