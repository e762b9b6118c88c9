"""Proving: what is green, what is red, and that each says why."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from starlette_new.environment import Environment
from starlette_new.processes import Processes
from starlette_new.prove import Check, Prover, Tools

SERVER = """
import http.server, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response({status})
        self.end_headers()
signal.signal(signal.SIGTERM, lambda *_: sys.exit({code}))
http.server.HTTPServer(("127.0.0.1", {port}), Handler).serve_forever()
"""
PORT = "int(sys.argv[-1])"
NOISE = """
import socket, sys
with socket.create_server(("127.0.0.1", int(sys.argv[-1]))) as server:
    for _ in range(2):
        connection, _ = server.accept()
        connection.recv(1000)
        connection.sendall(b"noise\\r\\n\\r\\n")
        connection.close()
"""


@pytest.fixture
def project(folder: Path) -> Iterator[Path]:
    """A tiny project that is green, and whose interpreter is the one that runs these tests."""
    made = folder / "demo"
    _write(made / ".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    (made / ".venv/bin/python").chmod(0o755)
    _write(made / "app/__main__.py", SERVER.format(status=200, code=0, port=PORT))
    _write(made / "main.py", "value: int = 1\n")
    _write(
        made / "pyproject.toml",
        '[tool.mypy]\nfiles = ["main.py"]\n[tool.ruff]\nextend-exclude = ["app", "alembic"]\n',
    )
    _write(made / "tests/test_it.py", "def test_it() -> None:\n    assert True\n")
    _write(made / "alembic/__init__.py", "")
    _write(made / "alembic/__main__.py", "")
    (folder / "scratch").mkdir()
    yield made


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _works(project: Path, layout: str = "standard", timeout: float = 30) -> dict[str, Check]:
    with Processes(timeout) as processes:
        announced: list[str | Check] = []
        prover = _prover(project, layout, processes, timeout, announced)
        checks = prover.prove_it_works()
    assert announced == checks
    return {check.name: check for check in checks}


def _is_clean(project: Path, *, has_migrations: bool) -> dict[str, Check]:
    with Processes(60) as processes:
        announced: list[str | Check] = []
        prover = _prover(project, "standard", processes, 60, announced)
        checks = prover.prove_it_is_clean(has_migrations=has_migrations)
    assert announced == checks
    return {check.name: check for check in checks}


def _prover(
    project: Path, layout: str, processes: Processes, timeout: float, announced: list[str | Check]
) -> Prover:
    scratch = project.parent / "scratch"
    environment = Environment(project, scratch, sys.executable, True, processes)
    return Prover(Tools(environment, processes, timeout, announced.append), layout, "sqlite")


@pytest.mark.parametrize(
    ("text", "ok", "detail"),
    [
        ("import os; print(os.environ['DATABASE_URL'])", True, "a copy of demo.db was migrated"),
        ("raise SystemExit('2 rows of tasks have no size')", False, "2 rows of tasks have no size"),
        ("raise SystemExit(1)", False, ""),
    ],
)
def test_a_copy_of_the_rows_is_migrated(project: Path, text: str, ok: bool, detail: str) -> None:
    _write(project / "alembic/__init__.py", "")
    _write(project / "alembic/__main__.py", f"{text}\n")
    with closing(sqlite3.connect(project / "demo.db")) as database:
        database.executescript("CREATE TABLE tasks (id INTEGER); INSERT INTO tasks VALUES (1);")
    announced: list[str | Check] = []

    with Processes(60) as processes:
        prover = _prover(project, "standard", processes, 60, announced)
        (check,) = prover.prove_it_migrates(project / "demo.db")

    assert announced == [check]
    assert (check.name, check.ok, check.detail) == ("rows", ok, detail)
    with closing(sqlite3.connect(project.parent / "scratch" / "rows.db")) as copy:
        assert copy.execute("SELECT count(*) FROM tasks").fetchone() == (1,)


def test_what_is_no_database_is_not_migrated(project: Path) -> None:
    (project / "demo.db").write_bytes(b"no database at all, but long enough to look like one" * 9)

    with Processes(60) as processes:
        prover = _prover(project, "standard", processes, 60, [])
        assert prover.prove_it_migrates(project / "demo.db") == []


def test_a_good_project_is_green(project: Path) -> None:
    checks = _works(project)

    assert [check.ok for check in checks.values()] == [True, True]
    assert checks["suite"].detail == "1 passed"
    assert checks["start"].detail == ("it answered /health/ready, and stopped when asked")


def test_a_project_of_one_file_is_started_by_uv(project: Path) -> None:
    head = '# /// script\n# requires-python = ">=3.11"\n# ///\nimport os\n'
    server = SERVER.format(status=200, code=0, port='int(os.environ["PORT"])')
    (project / "main.py").write_text(head + server)

    checks = _works(project, "single")

    assert checks["start"].ok


def test_what_a_test_prints_is_not_counted(project: Path) -> None:
    said = 'print("port 5499 failed")\n    assert False'
    (project / "tests/test_it.py").write_text(f"def test_it():\n    {said}\n")

    assert _works(project)["suite"].detail == "1 failed"


@pytest.mark.parametrize(
    ("test", "detail"),
    [
        ("def test_it():\n    assert False\n", "1 failed"),
        ("def test_it(nothing):\n    pass\n", "1 error"),
        ("", "pytest failed with exit code 5"),
        ("import time\ntime.sleep(60)\n", "pytest did not end within"),
    ],
)
def test_a_suite_that_is_not_green_is_red(project: Path, test: str, detail: str) -> None:
    (project / "tests/test_it.py").write_text(test)

    checks = _works(project, timeout=3)

    assert not checks["suite"].ok
    assert detail in checks["suite"].detail


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        (SERVER.format(status=503, code=0, port=PORT), "was not answered with 200"),
        ("raise SystemExit(1)", "was not answered with 200"),
        ("import time; time.sleep(60)", "was not answered with 200"),
        (NOISE, "was not answered with 200"),
        (SERVER.format(status=200, code=7, port=PORT), "failed with exit code 7"),
        (SERVER.format(status=200, code=0, port=PORT).replace("sys.exit(0)", "0"), "did not end"),
    ],
    ids=["503", "exit", "silence", "noise", "code", "deaf"],
)
def test_a_project_that_does_not_start_and_stop_is_red(
    project: Path, program: str, detail: str
) -> None:
    (project / "app/__main__.py").write_text(program)

    checks = _works(project, timeout=3)

    assert not checks["start"].ok
    assert detail in checks["start"].detail


def test_clean_code_is_green(project: Path) -> None:
    checks = _is_clean(project, has_migrations=True)

    assert {check.detail: check.ok for check in checks.values()} == {
        "ruff check succeeded": True,
        "ruff format succeeded": True,
        "mypy succeeded": True,
        "alembic check succeeded": True,
    }


def test_without_a_database_there_are_no_migrations_to_check(project: Path) -> None:
    assert "migrations" not in _is_clean(project, has_migrations=False)


@pytest.mark.parametrize(
    ("code", "red"),
    [
        ("import os\n", "lint"),
        ("value  = 1\n", "format"),
        ('value: int = "x"\n', "types"),
    ],
)
def test_code_that_is_not_clean_is_red(project: Path, code: str, red: str) -> None:
    (project / "main.py").write_text(code)

    checks = _is_clean(project, has_migrations=False)

    assert [name for name, check in checks.items() if not check.ok] == [red]


@pytest.mark.parametrize(
    ("program", "detail"),
    [
        ("raise SystemExit(1)", "alembic upgrade failed"),
        ("import sys; sys.exit('check' in sys.argv)", "alembic check failed with exit code 1"),
    ],
)
def test_migrations_that_do_not_fit_are_red(project: Path, program: str, detail: str) -> None:
    (project / "alembic/__main__.py").write_text(program)

    checks = _is_clean(project, has_migrations=True)

    assert not checks["migrations"].ok
    assert checks["migrations"].detail == detail


def test_the_project_keeps_no_trace_of_being_checked(project: Path) -> None:
    _is_clean(project, has_migrations=False)

    assert not list(project.glob(".*_cache"))
