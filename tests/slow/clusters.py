"""A PostgreSQL server of a program's own, which it may kill."""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from served import find_free_port

BINARIES = "/usr/lib/postgresql/*/bin"
"""Where Debian has the programs of the server, unless they are on the path."""
SETTINGS = "-c unix_socket_directories='' -c listen_addresses=127.0.0.1"


def find_no_server() -> str | None:
    """Tell why no server can be started here, if so."""
    return None if _find("initdb") else "PostgreSQL's server must be installed"


def _find(program: str) -> str | None:
    return shutil.which(program) or max(glob.glob(f"{BINARIES}/{program}"), default=None)


@dataclass
class Cluster:
    """A server in a folder; it runs as another user where this program runs as root."""

    folder: Path
    port: int = field(default_factory=find_free_port)

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def name(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self) -> None:
        self.folder.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._call("initdb", "--username=postgres", "--auth=trust")

    def start(self) -> None:
        """Start it, and wait until it answers: after a crash, until it has recovered."""
        options = f"{SETTINGS} -p {self.port}"
        log = str(self.folder / "log")
        self._call("pg_ctl", "start", "--wait", "--timeout=60", "-o", options, "-l", log)

    def stop(self) -> None:
        self._call("pg_ctl", "stop", "--mode=immediate")

    def kill(self) -> None:
        """End its first process at once; the others see that it is gone, and end, too."""
        number = int((self.folder / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGKILL)
        while Path(f"/proc/{number}").exists():
            time.sleep(0.01)

    def freeze(self, how: signal.Signals) -> None:
        """Stop all of its processes, or let them go on."""
        number = int((self.folder / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for process in (number, *map(int, children)):
            os.kill(process, how)

    def count(self, database: str, query: str) -> int:
        with psycopg.connect(self.name(database)) as connection:
            found = connection.execute(query.encode()).fetchone()
        return int(found[0]) if found else 0

    def _call(self, program: str, *words: str) -> None:
        path = _find(program) or program
        user = pwd.getpwnam("postgres").pw_uid if os.getuid() == 0 else None
        done = subprocess.run(
            [path, "-D", str(self.folder), *words],
            user=user,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode != 0:
            raise SystemExit(f"{program} ended with {done.returncode}: {done.stderr[-500:]}")
