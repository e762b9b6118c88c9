"""Workers of a project, which are killed and started again."""

import os
import random
import signal
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from served import LONGEST_STOP, Server, find_command, find_tracebacks


@dataclass
class Crew:
    """As many workers as wanted, beside a server; each has a log of its own."""

    server: Server
    size: int
    kills: int = 0
    workers: "list[subprocess.Popen[bytes]]" = field(default_factory=list)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self.workers:
            _kill(worker)

    def start(self) -> None:
        self.workers = [self._start(number) for number in range(self.size)]

    def kill(self, chance: random.Random) -> None:
        """Kill one, with all that it has started, and have another take its place."""
        number = chance.randrange(self.size)
        _kill(self.workers[number])
        self.kills += 1
        self.workers[number] = self._start(number)

    def stop(self) -> None:
        """Ask all to stop; each ends what it has begun."""
        for worker in self.workers:
            worker.terminate()
        codes = {worker.wait(LONGEST_STOP) for worker in self.workers}
        if codes - {0, -signal.SIGTERM}:
            raise SystemExit(f"A worker ended with {codes}.")

    def list_log_faults(self) -> list[str]:
        """List how tracebacks in the logs have ended."""
        logs = [self._locate_log(number).read_text("utf-8") for number in range(self.size)]
        ends = Counter(end for log in logs for end in find_tracebacks(log))
        return [f"{count} tracebacks of workers: {end[:300]}" for end, count in ends.items()]

    def _start(self, number: int) -> "subprocess.Popen[bytes]":
        with self._locate_log(number).open("ab") as log:
            return subprocess.Popen(
                [find_command(self.server.project), "work"],
                cwd=self.server.project,
                env=self.server.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _locate_log(self, number: int) -> Path:
        return self.server.log.with_name(f"worker-{number}.log")


def _kill(worker: "subprocess.Popen[bytes]") -> None:
    if worker.poll() is None:
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
