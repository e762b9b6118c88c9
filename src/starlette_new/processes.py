"""Other programs: started without a terminal, limited in time, and never left behind."""

import math
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self, cast

from starlette_new.errors import Interrupted, UsageProblem
from starlette_new.interrupts import held

# Reads "+group" and "-group" lines. When they end, because their sender did, however it did, it
# kills the groups that are left.
_GUARD = """
import os, signal, sys
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
"""


LONGEST_TIMEOUT = 86_400.0
"""Seconds: a day. Whoever gives more means no limit, and there always is one."""


def check_timeout(seconds: float) -> None:
    """Raise UsageProblem unless a program can be given so much time."""
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise UsageProblem(
            f"--timeout cannot be {seconds} seconds.",
            f"Give more than 0 and at most {LONGEST_TIMEOUT:.0f} seconds.",
            field="timeout",
        )


@dataclass(frozen=True)
class Finished:
    """How a program ended. seconds: how long it ran; code: None if it was stopped for its time."""

    code: int | None
    output: str
    seconds: float

    @property
    def ok(self) -> bool:
        return self.code == 0


class Processes:
    """Starts programs, keeps their output for the log, and ends with all of them stopped.

    timeout: seconds that each may take. tell: called with the output of each when it has ended.
    together: the timeout is for all of them.
    """

    def __init__(
        self,
        timeout: float,
        tell: Callable[[str], None] = lambda text: None,
        *,
        together: bool = False,
    ) -> None:
        self._timeout = timeout
        self._tell = tell
        self._end = time.monotonic() + timeout if together else math.inf
        self._starting = threading.Lock()
        self._is_stopped = False
        self._running: dict[int, subprocess.Popen[bytes]] = {}
        self._log: list[tuple[bool, str]] = []
        self._guard: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with held():
            for process in list(self._running.values()):
                self._kill(process)
            if self._guard and self._guard.stdin:
                self._guard.stdin.close()
                self._guard.wait()

    @property
    def log(self) -> str:
        """The commands that have ended so far, each with its full output; the failed ones last."""
        return "\n".join(text for _, text in sorted(self._log, key=lambda entry: entry[0]))

    def run(
        self,
        command: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        timeout: float | None = None,
    ) -> Finished:
        """Run a program to its end, or to the end of its time, which `timeout` may shorten."""
        return self.finish(self.start(command, cwd, env), time.monotonic(), timeout)

    def stop(self) -> None:
        """Stop all that runs, from another thread; whoever waits for it is Interrupted."""
        with self._starting:
            self._is_stopped = True
            for group in list(self._running):
                _kill_group(group)

    def start(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str]
    ) -> subprocess.Popen[bytes]:
        """Start a program in a process group of its own, its output kept."""
        with held(), self._starting:
            if self._is_stopped:
                raise Interrupted(signal.SIGTERM)
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running[process.pid] = process
            self._tell_guard(f"+{process.pid}")
        return process

    def finish(
        self, process: subprocess.Popen[bytes], started: float, timeout: float | None = None
    ) -> Finished:
        """Wait for the end of a program, or for the end of its time; started: time.monotonic()."""
        limit = min(self._timeout, timeout or self._timeout)
        left = max(0.0, min(started + limit, self._end) - time.monotonic())
        code: int | None
        try:
            output, _ = process.communicate(timeout=left)
            code = process.returncode
        except subprocess.TimeoutExpired:
            self._kill(process)
            output, code = _read_rest(process), None
        _kill_group(process.pid)  # what it may have left behind
        self._forget(process)
        text = output.decode(errors="replace")
        seconds = time.monotonic() - started
        end = "stopped: its time was over" if code is None else f"exit {code}"
        command = shlex.join(map(str, process.args))  # type: ignore[arg-type]
        section = f"$ {command}\n{text}[{end}, {seconds:.2f} s]\n"
        self._log.append((code != 0, section))
        self._tell(section)
        if self._is_stopped:  # it did not fail: it was killed
            raise Interrupted(signal.SIGTERM)
        return Finished(code, text, seconds)

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        _kill_group(process.pid)
        process.wait()
        self._forget(process)

    def _forget(self, process: subprocess.Popen[bytes]) -> None:
        if self._running.pop(process.pid, None):
            self._tell_guard(f"-{process.pid}")

    def _tell_guard(self, line: str) -> None:
        if self._guard is None:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", "-c", _GUARD],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        with suppress(OSError):
            cast("IO[bytes]", self._guard.stdin).write(f"{line}\n".encode())


def _read_rest(process: subprocess.Popen[bytes]) -> bytes:
    """Read what is there; a program that has left its group may hold the other end for long."""
    try:
        return process.communicate(timeout=1)[0]
    except subprocess.TimeoutExpired as late:
        cast("IO[bytes]", process.stdout).close()
        return late.output or b""


def _kill_group(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
