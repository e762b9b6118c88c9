"""What a request costs a server: its own CPU time, while wrk asks for the same again and again.

A server of one process has one CPU and wrk another, so that neither computes at the expense of the
other. Where servers of several processes are compared, all go where the system wants them.
"""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from processes import pin, read_cpu_time
from served import Server
from tool import run

CONNECTIONS = 16
WARMING = 1


@dataclass(frozen=True)
class Job:
    """A request to make again and again. body: of a POST; without one it is a GET."""

    name: str
    server: Server
    target: str
    body: str = ""
    accept: str = "*/*"


@dataclass
class Costs:
    """Microseconds of CPU time that a request took, by job and round."""

    found: dict[str, list[float]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def __getitem__(self, name: str) -> float:
        return median(self.found[name])

    def judge(self, ours: str, theirs: str, most: float) -> tuple[list[str], str]:
        """Compare two jobs by the median of the ratios in each round."""
        pairs = zip(self.found[ours], self.found[theirs], strict=True)
        ratios = [ours / theirs for ours, theirs in pairs]
        ratio = median(ratios)
        detail = (
            f"{ours} {self[ours]:.0f} us : {theirs} {self[theirs]:.0f} us = {ratio:.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}, at most {most:.2f})"
        )
        return [] if ratio <= most else [detail], detail


def find_no_way_to_measure() -> str | None:
    """Tell why no costs can be measured here, if so."""
    if missing := [name for name in ("wrk", "taskset") if shutil.which(name) is None]:
        return f"{' and '.join(missing)} must be installed"
    if not Path("/proc/self/stat").exists() or len(os.sched_getaffinity(0)) < 2:
        return "it needs Linux, and two CPUs"
    return None


def measure(jobs: Sequence[Job], rounds: int, seconds: int, *, pinned: bool = True) -> Costs:
    """Do one job to warm up each server, then all jobs in turns."""
    cpus = sorted(os.sched_getaffinity(0))
    theirs = {cpus[1]} if pinned else set(cpus)
    for job in {job.server.port: job for job in jobs}.values():
        pin(job.server, {cpus[0]} if pinned else set(cpus))
        _ask(job, theirs, WARMING)
    costs = Costs({job.name: [] for job in jobs})
    for number in range(rounds):
        for job in jobs if number % 2 else reversed(jobs):
            before = read_cpu_time(job.server)
            answered, faults = _ask(job, theirs, seconds)
            cost = (read_cpu_time(job.server) - before) / max(answered, 1)
            costs.found[job.name].append(cost * 1e6)
            costs.faults += faults
    return costs


def _ask(job: Job, cpus: set[int], seconds: int) -> tuple[int, list[str]]:
    """Ask for some seconds; return how often it was answered, and what went wrong."""
    script = job.server.database.with_suffix(".lua")
    script.write_text(_make_script(job), encoding="utf-8")
    address = f"http://127.0.0.1:{job.server.port}{job.target}"
    wrk = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(script), address]
    ended = run(["taskset", "-c", ",".join(map(str, cpus)), *wrk], script.parent)
    answered = re.search(r"(\d+) requests in", ended.stdout)
    if ended.code != 0 or answered is None:
        raise SystemExit(f"wrk ended with {ended.code}: {ended.stdout}{ended.stderr}")
    bad = re.findall(r"(?:Non-2xx|Socket errors).*", ended.stdout)
    return int(answered[1]), [f"{job.name}: {fault}" for fault in bad]


def _make_script(job: Job) -> str:
    lines = [f'wrk.headers["Accept"] = "{job.accept}"']
    if job.body:
        lines += ['wrk.method = "POST"', f"wrk.body = '{job.body}'"]
        lines += ['wrk.headers["Content-Type"] = "application/json"']
    return "\n".join(lines)
