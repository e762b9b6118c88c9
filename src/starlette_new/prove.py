"""Prove a project: run its suite, start it, check its code. The only stage that runs that code."""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from starlette_new.databases import VARIABLE, open_database
from starlette_new.environment import Environment
from starlette_new.processes import Finished, Processes

BROKEN = "E9,F63,F7,F82"
"""Rules of Ruff for code that cannot run, as nobody means it: syntax errors, undefined names."""
_NO_TESTS = 5
"""What pytest ends with where it finds no tests."""


@dataclass(frozen=True)
class Check:
    """One thing that was proven, or not. seconds: what it took; detail: what was seen."""

    name: str
    ok: bool
    seconds: float
    detail: str


@dataclass(frozen=True)
class Tools:
    """What checks are run with.

    timeout: seconds that each check may take.
    announce: called with a step that begins, and with each check as soon as it is done.
    """

    environment: Environment
    processes: Processes
    timeout: float
    announce: Callable[[str | Check], None]


class Prover:
    """Runs the checks of one project.

    layout, with_db: of its blueprint; they tell how the project starts, and what with.
    """

    def __init__(self, tools: Tools, layout: str, with_db: str) -> None:
        self._environment = tools.environment
        self._layout = layout
        self._processes = tools.processes
        self._timeout = tools.timeout
        self._announce = tools.announce
        self._with_db = with_db
        self._settings = {"ALLOWED_HOSTS": "127.0.0.1", "PRODUCTION": "false"}

    def prove_it_works(self) -> list[Check]:
        """Run the suite; beside it, start the project, ask whether it is ready, and stop it."""
        with self._database():
            return self._prove_it_works()

    @contextmanager
    def _database(self) -> Iterator[None]:
        """Have a database that nothing else uses."""
        with open_database(self._environment, self._processes, self._with_db) as variables:
            self._settings |= variables
            yield

    def _prove_it_works(self) -> list[Check]:
        started = time.monotonic()
        beside = {VARIABLE: self._settings["DATABASE_URL"]} if self._with_db == "postgres" else {}
        suite = self._processes.start(
            self._environment.python_command("-m", "pytest", "-q", "-p", "no:cacheprovider"),
            self._environment.project,
            self._environment.variables(**beside),
        )
        start = self._check_start()
        checks = [_describe_suite(self._processes.finish(suite, started)), start]
        for check in checks:
            self._announce(check)
        return checks

    def prove_it_is_clean(self, *, has_migrations: bool) -> list[Check]:
        """Run Ruff and mypy, and compare the models with the migrations on a new database."""
        mypy_cache = f"--cache-dir={self._environment.scratch / 'mypy'}"
        checks = [
            self._check_module("lint", "ruff", "check", "--no-cache"),
            self._check_module("format", "ruff", "format", "--check", "--no-cache"),
            self._check_module("types", "mypy", mypy_cache),
        ]
        if has_migrations:
            with self._database():
                checks.append(self._check_migrations())
        for check in checks:
            self._announce(check)
        return checks

    def _check_migrations(self) -> Check:
        upgrade = self._run_module("alembic", "upgrade", "head")
        if upgrade.ok:
            return self._check_module("migrations", "alembic", "check")
        return Check("migrations", False, upgrade.seconds, "alembic upgrade failed")

    def prove_it_migrates(self, database: Path) -> list[Check]:
        """Migrate a copy of the database on this machine; nothing if it cannot be copied."""
        copy = self._environment.scratch / "rows.db"
        try:
            with (
                closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as source,
                closing(sqlite3.connect(copy)) as target,
            ):
                source.backup(target)
        except sqlite3.Error:
            return []
        relative = os.path.relpath(copy, self._environment.project)
        done = self._run_module("alembic", "upgrade", "head", DATABASE_URL=f"sqlite:///{relative}")
        last = (done.output.strip().splitlines() or [""])[-1]
        detail = f"a copy of {database.name} was migrated" if done.ok else last
        check = Check("rows", done.ok, done.seconds, detail)
        self._announce(check)
        return [check]

    def _check_module(self, name: str, module: str, *arguments: str) -> Check:
        done = self._run_module(module, *arguments)
        command = " ".join([module, *(a for a in arguments if not a.startswith("--"))])
        return Check(name, done.ok, done.seconds, f"{command} {_describe_end(done)}")

    def _run_module(self, module: str, *arguments: str, **settings: str) -> Finished:
        return self._processes.run(
            self._environment.python_command("-m", module, *arguments),
            self._environment.project,
            self._environment.variables(**self._settings | settings),
        )

    def _check_start(self) -> Check:
        started = time.monotonic()
        port = _find_free_port()
        process = self._processes.start(*self._start_command(port))
        # A server that reloads waits for a change when it cannot start: it will not end by itself.
        ready = self._wait_until_ready(process, port, started + self._timeout / 4)
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        done = self._processes.finish(process, started)
        end = _describe_end(done)
        if not ready:
            detail = f"/health/ready was not answered with 200; the server {end}"
        elif not done.ok:
            detail = f"it answered /health/ready, but asked to stop, the server {end}"
        else:
            detail = "it answered /health/ready, and stopped when asked"
        return Check("start", ready and done.ok, done.seconds, detail)

    def _start_command(self, port: int) -> tuple[list[str], Path, dict[str, str]]:
        environment = self._environment
        if self._layout == "standard":
            command = environment.python_command("-m", "app", "serve", "--port", str(port))
            return command, environment.project, environment.variables(**self._settings)
        command = environment.uv_command("run", "--offline", "--active", "main.py")
        apart = str(environment.scratch / "start")
        variables = environment.variables(**self._settings, PORT=str(port), VIRTUAL_ENV=apart)
        return command, environment.project, environment.uv_variables() | variables

    def _wait_until_ready(
        self, process: subprocess.Popen[bytes], port: int, deadline: float
    ) -> bool:
        from http.client import HTTPConnection, HTTPException

        while process.poll() is None and time.monotonic() < deadline:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            try:
                connection.request("GET", "/health/ready")
                return connection.getresponse().status == 200
            except (OSError, HTTPException):
                time.sleep(0.02)
            finally:
                connection.close()
        return False


def prove_suite(tools: Tools) -> Check | None:
    """Run the suite of a project that need not be ours; None if it has no tests."""
    environment = tools.environment
    cache = f"cache_dir={environment.scratch / 'pytest'}"
    done = tools.processes.run(
        environment.python_command("-m", "pytest", "-q", "-o", cache),
        environment.project,
        environment.variables(),
    )
    return None if done.code == _NO_TESTS else _describe_suite(done)


def prove_lint(tools: Tools) -> Check:
    """Run Ruff on a project that need not be ours: by its own rules, or for what cannot run."""
    from ruff import find_ruff_bin

    environment, project = tools.environment, tools.environment.project
    rules = [] if _configures_ruff(project) else ["--isolated", "--select", BROKEN]
    command = [find_ruff_bin(), "check", "--no-cache", *rules, "."]
    done = tools.processes.run(command, project, environment.variables())
    return Check("lint", done.ok, done.seconds, f"ruff check {_describe_end(done)}")


def _configures_ruff(project: Path) -> bool:
    if any((project / name).is_file() for name in ("ruff.toml", ".ruff.toml")):
        return True
    settings = tomllib.loads((project / "pyproject.toml").read_text(encoding="utf-8"))
    return "ruff" in settings.get("tool", {})


def _find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


_COUNT = r"\d+ (?:passed|failed|errors?|skipped)"


def _describe_suite(done: Finished) -> Check:
    ends = re.findall(rf"^.*{_COUNT}.* in \d.*$", done.output, re.M)
    counts = re.findall(_COUNT, ends[-1] if ends else "")
    return Check(
        "suite", done.ok, done.seconds, ", ".join(counts) or f"pytest {_describe_end(done)}"
    )


def _describe_end(done: Finished) -> str:
    if done.code is None:
        return f"did not end within {done.seconds:.1f} s"
    return "succeeded" if done.ok else f"failed with exit code {done.code}"
