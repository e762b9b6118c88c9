"""Prove that a proven project costs hardly more than the same steps taken by hand."""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path

from clock import describe_ratio, judge_ratio, time_in_turns
from ledger import Ledger
from rendering import NAME, run_copier, write_data
from tool import TOOL, clean_environment, fresh_folder, run
from uv import find_uv_bin


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for the limit")
    options = parser.parse_args()
    ledger = Ledger("The whole pipeline")
    with fresh_folder() as folder:
        data = write_data(folder)
        steps: dict[str, list[float]] = {}
        times = time_in_turns(
            {
                "the tool": lambda: _run_tool(folder / "tool"),
                "by hand": lambda: _work_by_hand(data, folder / "hand", steps),
            },
            options.rounds,
        )
    most = 1.15
    faults = judge_ratio(times, "the tool", "by hand", most * options.slack)
    detail = describe_ratio(times, "the tool", "by hand", most)
    faults = [f"{detail} {fault}" for fault in faults]
    ledger.add("the tool : by hand", faults, times["the tool"], detail)
    for step, found in steps.items():
        ledger.add(f"by hand: {step}", [], sorted(found)[len(found) // 2], "median")
    return ledger.close()


def _run_tool(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    _call([TOOL, NAME], folder)


def _work_by_hand(data: Path, folder: Path, steps: dict[str, list[float]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    project = folder / NAME
    uv = find_uv_bin()
    python = project / ".venv/bin/python"
    last = time.monotonic()

    def note(step: str) -> None:
        nonlocal last
        now = time.monotonic()
        steps.setdefault(step, []).append(now - last)
        last = now

    run_copier(data, project)
    note("copier copy")
    _call([uv, "lock", "--offline", "--python", sys.executable], project)
    note("uv lock")
    _call([uv, "sync", "--offline", "--python", sys.executable], project)
    note("uv sync")
    _call([python, "-m", "pytest", "-q"], project)
    note("pytest")
    _start_and_stop(python, project)
    note("start and stop")


def _start_and_stop(python: Path, project: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [python, "-m", "app", "serve", "--port", str(port)],
        cwd=project,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while not _is_ready(port):
        if time.monotonic() > until or server.poll() is not None:
            server.kill()
            raise SystemExit("the server does not answer")
        time.sleep(0.02)
    server.send_signal(signal.SIGTERM)
    server.wait(30)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _call(command: list[str | Path], folder: Path) -> None:
    kept = {k: v for k, v in clean_environment().items() if k != "VIRTUAL_ENV"}
    ended = run(command, folder, env=kept)
    if ended.code != 0:
        program = os.path.basename(command[0])
        raise SystemExit(f"{program}: exit {ended.code}: {ended.stdout}{ended.stderr}")


if __name__ == "__main__":
    sys.exit(main())
