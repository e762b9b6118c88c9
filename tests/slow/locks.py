"""A database that another program has locked: short locks are waited for, long ones told of."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from resources import Resource
from served import Server, serve
from wire import LIMIT, NoAnswer, exchange, make_request
from writers import Outcome, Writer

SHORT, LONG = 2.0, 30.0
LONGEST_WRITE = 20.0
LONGEST_READ = 1.0
WRITERS = 16


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Hold the one right to write to an SQLite database."""
    with closing(sqlite3.connect(database, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.execute("ROLLBACK")


def lock_shortly(project: Path, resource: Resource) -> tuple[list[str], str]:
    """Lock for two seconds: every write that began meanwhile succeeds."""
    with serve(project, "short.db") as server:
        writers = [Writer(server.port, resource, str(mark), most=1) for mark in range(WRITERS)]
        with locked(server.database):
            for writer in writers:
                writer.start()
            time.sleep(SHORT)
        outcomes, faults = _gather(writers)
        faults += [f"a write was answered {one.status}" for one in outcomes if one.status != 201]
        faults += server.list_log_faults()
    slowest = max((one.seconds for one in outcomes), default=0.0)
    return faults, f"{len(outcomes)} writes in a lock of {SHORT:.0f} s, the last in {slowest:.1f} s"


def lock_long(project: Path, resource: Resource) -> tuple[list[str], str]:
    """Lock for half a minute: writes are refused in time, reads go on, and all is well after."""
    with serve(project, "long.db") as server:
        reader = _Reader(server, resource)
        writers = [Writer(server.port, resource, str(mark)) for mark in range(WRITERS)]
        with locked(server.database):
            reader.thread.start()
            for writer in writers:
                writer.start()
            time.sleep(LONG)
            opened = time.monotonic()
        for writer in writers:
            writer.stopped.set()
        outcomes, faults = _gather(writers)
        reader.stopped.set()
        reader.thread.join()
        faults += _judge_writes(outcomes, opened) + reader.list_faults()
        after = Writer(server.port, resource, "after", most=1)
        after.start()
        faults += [
            f"after the lock: {one.status}" for one in _gather([after])[0] if one.status != 201
        ]
        faults += server.list_log_faults()
    refused = sum(one.status == 503 for one in outcomes)
    slowest = max((one.seconds for one in outcomes), default=0.0)
    return faults, (
        f"{refused} writes refused within {slowest:.1f} s, {len(reader.times)} reads "
        f"within {max(reader.times, default=0.0):.2f} s"
    )


def _gather(writers: list[Writer]) -> tuple[list[Outcome], list[str]]:
    for writer in writers:
        writer.join()
    cut_off = Counter(writer.cut_off for writer in writers if writer.cut_off)
    faults = [f"{count} writers were cut off: {why}" for why, count in cut_off.items()]
    return [outcome for writer in writers for outcome in writer.outcomes], faults


def _judge_writes(outcomes: list[Outcome], opened: float) -> list[str]:
    faults = []
    for one in outcomes:
        if one.seconds > LONGEST_WRITE:
            faults.append(f"a write was answered only after {one.seconds:.1f} s")
        if one.status == 503 and not one.retry_after:
            faults.append("a 503 without Retry-After")
        if one.status != (503 if one.ended < opened else 201) and one.status != 503:
            faults.append(f"a write was answered {one.status}")
    if not any(one.status == 503 for one in outcomes):
        faults.append("no write was refused")
    return [f"{count} times: {fault}" for fault, count in Counter(faults).items()]


@dataclass
class _Reader:
    """Reads a list, and the health of the server, again and again, and notes how long it took."""

    server: Server
    resource: Resource
    times: list[float] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    stopped: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        targets = (self.resource.path, "/health/live", "/health/ready")
        while not self.stopped.wait(0.05):
            target = targets[len(self.times) % 3]
            started = time.monotonic()
            try:
                answer = exchange(self.server.port, make_request("GET", target), limit=LIMIT)
            except (NoAnswer, OSError) as error:
                self.faults[f"GET {target}: {error}"] += 1
            else:
                if answer.status != 200:
                    self.faults[f"GET {target} was answered {answer.status}"] += 1
            self.times.append(time.monotonic() - started)

    def list_faults(self) -> list[str]:
        faults = [f"{count} times: {fault}" for fault, count in self.faults.items()]
        slowest = max(self.times, default=0.0)
        if slowest > LONGEST_READ:
            faults.append(f"a read took {slowest:.1f} s")
        return faults
