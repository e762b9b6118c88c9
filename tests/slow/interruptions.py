"""Prove that a run stopped at any moment leaves nothing behind, or a whole project."""

import argparse
import os
import pty
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ledger import Ledger
from tool import (
    TOOL,
    clean_environment,
    find_gaps,
    find_processes,
    fresh_folder,
    run,
    run_suite,
    take_snapshot,
)

NAME = "taskflow"
STOPS = {
    "INT": signal.SIGINT,
    "TERM": signal.SIGTERM,
    "HUP": signal.SIGHUP,
    "KILL": signal.SIGKILL,
    "closed terminal": signal.SIGHUP,
}
LONGEST = 3.0
"""Seconds from the signal to the end."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latest", type=float, help="seconds until the last signal [a whole run]")
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    ledger = Ledger(f"Interruptions, seed {options.seed}")
    with fresh_folder() as folder:
        made = run([TOOL, NAME], folder)
        expected = take_snapshot(folder / NAME)
    if made.code != 0:
        ledger.add("undisturbed", [f"exit {made.code}: {made.stderr}"], made.seconds)
        return ledger.close()
    latest = options.latest or made.seconds * 1.1
    left: Counter[str] = Counter()
    for number in range(options.rounds):
        stop = list(STOPS)[number % len(STOPS)]
        moment = chance.uniform(0, latest)
        whole_group = chance.random() < 0.5
        with fresh_folder() as folder:
            started = time.monotonic()
            faults, kept = _try(folder, stop, moment, whole_group, expected)
        left[kept] += 1
        case = f"{number:>3} {stop} at {moment:.2f} s"
        ledger.add(case, faults, time.monotonic() - started, kept)
    code = ledger.close()
    print(", ".join(f"{count} times {kept}" for kept, count in left.items()))
    return code


def _try(
    folder: Path, stop: str, moment: float, whole_group: bool, expected: dict[str, str]
) -> tuple[list[str], str]:
    with tempfile.TemporaryFile() as errors:
        if stop == "closed terminal":
            code, seconds = _close_terminal(folder, moment)
        else:
            code, seconds = _send(folder, STOPS[stop], moment, whole_group, errors.fileno())
        errors.seek(0)
        text = errors.read().decode(errors="replace")
    faults = []
    number = int(STOPS[stop])
    if code not in (0, -number, 128 + number):
        faults.append(f"exit {code}")
    if seconds > LONGEST:
        faults.append(f"it ended after {seconds:.1f} s")
    if "Traceback" in text:
        faults.append(f"a traceback: {text}")
    faults += _check_processes(folder)
    found, kept = _check_folder(folder, stop, expected)
    return faults + found, f"{kept} (exit {code})"


def _send(
    folder: Path, number: int, moment: float, whole_group: bool, errors: int
) -> tuple[int, float]:
    process = subprocess.Popen(
        [TOOL, NAME],
        cwd=folder,
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
    )
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        (os.killpg if whole_group else os.kill)(process.pid, number)
    sent = time.monotonic()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait(), time.monotonic() - sent


def _close_terminal(folder: Path, moment: float) -> tuple[int, float]:
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(TOOL, [str(TOOL), NAME], clean_environment())  # noqa: S606
    os.set_blocking(terminal, False)
    until = time.monotonic() + moment
    while time.monotonic() < until:
        try:
            os.read(terminal, 4096)
        except BlockingIOError:
            time.sleep(0.01)
        except OSError:  # it has ended already
            break
    os.close(terminal)
    sent = time.monotonic()
    while time.monotonic() < sent + 30:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status), time.monotonic() - sent
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return 999, time.monotonic() - sent


def _check_processes(folder: Path) -> list[str]:
    until = time.monotonic() + LONGEST
    while (running := find_processes(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    return [f"still running: {process}" for process in running]


def _check_folder(folder: Path, stop: str, expected: dict[str, str]) -> tuple[list[str], str]:
    faults: list[str] = []
    kept = "nothing"
    project = folder / NAME
    if project.exists():
        kept = "the project"
        faults += find_gaps(project, expected)
    others = [path for path in folder.iterdir() if path != project]
    if stop != "KILL":
        for path in others:
            some = sorted(inner.relative_to(path).as_posix() for inner in path.rglob("*"))[:4]
            faults.append(f"left behind: {path.name} with {some}")
        return faults, kept
    if project.exists():
        faults += _check_suite(project)
        return faults, kept
    again = run([TOOL, NAME], folder)
    if again.code != 0:
        faults.append(f"the next run: exit {again.code}: {again.stderr}")
    left = sorted(path.name for path in folder.iterdir())
    if left != [NAME]:
        faults.append(f"after the next run there is {left}")
    return faults, "leftovers, then cleared" if others else kept


def _check_suite(project: Path) -> list[str]:
    suite = run_suite(project)
    return [] if suite.code == 0 else [f"the suite: {suite.stdout[-300:]}"]


if __name__ == "__main__":
    sys.exit(main())
