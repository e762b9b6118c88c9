"""A generated project that runs: made by the tool, served on a free port, ended by its id."""

import itertools
import json
import os
import resource as limits
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from server import ADDRESS, open_scratch
from tool import TOOL, Ended, clean_environment, run

LONGEST_START = 60.0
LONGEST_STOP = 30.0
"""Seconds; a server that needs longer hangs."""
LEAST_FILES = 4096
ON_POSTGRES = os.environ.get("WITH_DB") == "postgres"
"""Whether the projects are made for PostgreSQL, and served on the server of tests."""


@dataclass
class Server:
    """One process of a project in production, with a database and a log of its own.

    settings: more of its environment. options: words after `serve`.
    """

    project: Path
    database: Path
    settings: dict[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    port: int = field(default_factory=lambda: find_free_port())
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def log(self) -> Path:
        return self.database.with_suffix(".log")

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in clean_environment().items() if k != "VIRTUAL_ENV"}
        url = f"sqlite:///{self.database}"
        return kept | {"PRODUCTION": "true", "DATABASE_URL": url} | self.settings

    def start(self) -> float:
        """Start it; return the seconds until it is ready."""
        started = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [find_command(self.project), "serve", "--port", str(self.port), *self.options],
                cwd=self.project,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        while not is_ready(self.port):
            seconds = time.monotonic() - started
            if seconds > LONGEST_START or self.process.poll() is not None:
                raise SystemExit(f"The server does not answer: {self.read_log()[-2000:]}")
            time.sleep(0.01)
        return time.monotonic() - started

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process is not None:
            for process in self.list_processes():
                os.kill(process, 9)
            self.process.wait()

    def stop(self) -> int | None:
        """Ask it to stop; return its exit code, or None if it did not end in time."""
        assert self.process is not None
        self.process.terminate()
        try:
            return self.process.wait(LONGEST_STOP)
        except subprocess.TimeoutExpired:
            return None

    def list_processes(self) -> list[int]:
        """Give the ids of the server and of the processes that it started, if it still runs."""
        if self.process is None or self.process.poll() is not None:
            return []
        found = [self.process.pid]
        for process in found:
            for children in Path(f"/proc/{process}/task").glob("*/children"):
                with suppress(OSError):  # it ended meanwhile
                    found += map(int, children.read_text().split())
        return found

    def read_peak(self) -> int:
        """Return the most memory that its processes have held, in KiB; 0 where none can tell."""
        status = [Path(f"/proc/{process}/status") for process in self.list_processes()]
        lines = [line for path in status if path.exists() for line in path.open()]
        return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

    def read_log(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def list_log_faults(self, since: int = 0) -> list[str]:
        """List how tracebacks in the log have ended, beginning with character `since`."""
        ends = Counter(find_tracebacks(self.read_log()[since:]))
        return [f"{count} tracebacks: {end[:300]}" for end, count in ends.items()]


def find_tracebacks(log: str) -> Iterator[str]:
    """Give the last line of each traceback in a log of plain lines, or of JSON objects."""
    inside = False
    for line in itertools.chain.from_iterable(map(_unpack, log.splitlines())):
        if line.startswith("Traceback (most recent"):
            inside = True
        elif inside and line.strip() and not line.startswith(" "):
            inside = False
            yield line


def _unpack(line: str) -> list[str]:
    """Give the lines of text in a line that is a JSON object; any other line is given back."""
    if not line.startswith("{"):
        return [line]
    texts = filter(lambda value: isinstance(value, str), json.loads(line).values())
    return [part for text in texts for part in text.splitlines()]


def make_project(
    folder: Path, lines: Sequence[str], name: str = "served", words: Sequence[str] = ()
) -> Path:
    """Make a project with these resources, unproven, and return its folder; words: more options."""
    return _make(folder, name, [*words, *(w for line in lines for w in ("--resource", line))])


def make_example(folder: Path, example: str) -> Path:
    """Make an example, unproven, and return its folder."""
    return _make(folder, example, ["--example", example])


def _make(folder: Path, name: str, words: Sequence[str]) -> Path:
    words = [*words, *["--with-db", "postgres"] * (ON_POSTGRES and "--with-db" not in words)]
    made = run([TOOL, name, "--no-verify", "--no-git", *words], folder, limit=300)
    if made.code != 0:
        raise SystemExit(f"The tool ended with {made.code}: {made.stderr[-500:]}")
    return folder / name


@contextmanager
def serve(project: Path, database: str, *options: str, **settings: str) -> Iterator[Server]:
    """Migrate a fresh database beside a project, and serve the project until the block ends."""
    with open_scratch() if ON_POSTGRES else nullcontext() as name:
        if name is not None:
            settings["DATABASE_URL"] = f"{ADDRESS.rpartition('/')[0]}/{name}"
        server = Server(project, project.with_name(database), settings, options)
        migrated = call_project(server, "migrate")
        if migrated.code != 0:
            raise SystemExit(f"migrate ended with {migrated.code}: {migrated.stderr}")
        try:
            server.start()
            yield server
        finally:
            server.kill()


def allow_many_files() -> None:
    """Let this program and the servers it starts have as many connections as they need."""
    least, most = limits.getrlimit(limits.RLIMIT_NOFILE)
    if least < LEAST_FILES:
        limits.setrlimit(limits.RLIMIT_NOFILE, (min(LEAST_FILES, most), most))


def call_project(server: Server, *words: str) -> Ended:
    return run([find_command(server.project), *words], server.project, env=server.environment)


def find_command(project: Path) -> Path:
    return project / ".venv/bin" / project.name


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
