"""Prove that a list of a million rows is read as fast as a short one, and by indexes.

With WITH_DB=postgres in its environment, the project is made for PostgreSQL.
"""

import argparse
import json
import sqlite3
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import psycopg
from explaining import LABELS, PROJECTS, WORDS
from ledger import Ledger
from served import ON_POSTGRES, Server, call_project, make_example, serve
from tool import fresh_folder, run
from wire import exchange, make_request

MOST = 20.0
"""Milliseconds that a page may take, at the median."""
STAMPS = {"postgres": "now() - n * interval '1 second'", "sqlite": "datetime(n, 'unixepoch')"}
NUMBERS = {
    "postgres": "(SELECT n, random() AS a, random() AS b, random() AS c FROM "
    "generate_series(1, {}) n) series",
    "sqlite": "(WITH RECURSIVE series (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series "
    "WHERE n < {}) SELECT n, random() / 18446744073709551616.0 + 0.5 AS a, random() / "
    "18446744073709551616.0 + 0.5 AS b, random() / 18446744073709551616.0 + 0.5 AS c FROM series)",
}
"""Rows with a number, and three by chance between 0 and 1."""
DAYS = {
    "postgres": "date '2026-01-01' + n % 365",
    "sqlite": "date('2026-01-01', (n % 365) || ' days')",
}
NAMED = """
INSERT INTO {table} (name, color, {stamps})
SELECT 'Number ' || n, '#112233', {now} FROM {numbers}"""
TASKS = """
INSERT INTO tasks (title, description, status, priority, due_date, project_id, {stamps})
SELECT 'Task ' || n || ' ' || {word}, CASE n % 3 WHEN 0 THEN NULL ELSE 'About ' || {code} END,
    {status}, {priority}, CASE n % 4 WHEN 0 THEN NULL ELSE {day} END, 1 + n % {projects}, {now}
FROM {numbers}"""
LINKS = "INSERT INTO tasks_label_links SELECT n, 1 + n % {labels} FROM {numbers}"
NEEDS_NONE = ("by id", "by id, deep", "search: common", "search: filtered")
"""What the table itself has in its order, and what is soon met anywhere."""
CODE = {"postgres": "md5(n::text)", "sqlite": "lower(hex(randomblob(16)))"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for the limit of time")
    options = parser.parse_args()
    engine = "postgres" if ON_POSTGRES else "sqlite"
    ledger = Ledger(f"{options.rows:,} rows, {engine}")
    with fresh_folder() as folder:
        project = make_example(folder, "taskflow")
        with serve(project, "million.db") as server:
            started = time.monotonic()
            _fill(server, engine, options.rows)
            server.kill()
            call_project(server, "migrate")  # SQLite learns what there is
            server.start()
            print(f"filled in {time.monotonic() - started:.0f} s", flush=True)
            for name, query in _list_queries(server, options.rows).items():
                _try_query(ledger, name, server, query, options)
            if server.list_log_faults():
                ledger.add("log", server.list_log_faults(), 0.0)
    return ledger.close()


def _fill(server: Server, engine: str, rows: int) -> None:
    """Fill the tables with SQL: what is rare and what is common lies anywhere."""
    stamp, numbers = STAMPS[engine], NUMBERS[engine]
    word = _pick("a", WORDS)
    status = _pick("b", ("todo", "in_progress", "done"))
    priority = _pick("c", ("low", "medium", "high", "urgent"))
    stamps = {"stamps": "created_at, updated_at, lock_version", "now": f"{stamp}, {stamp}, 1"}
    for statement in (
        NAMED.format(table="projects", numbers=numbers.format(PROJECTS), **stamps),
        NAMED.format(table="labels", numbers=numbers.format(LABELS), **stamps),
        TASKS.format(
            numbers=numbers.format(rows),
            word=word,
            code=CODE[engine],
            status=status,
            priority=priority,
            day=DAYS[engine],
            projects=PROJECTS,
            **stamps,
        ),
        LINKS.format(labels=LABELS, numbers=numbers.format(rows)),
    ):
        _execute(server, statement)
    if ON_POSTGRES:
        _execute(server, "ANALYZE")


def _pick(chance: str, values: Sequence[str]) -> str:
    """Write SQL that gives one of these values by chance."""
    cases = " ".join(
        f"WHEN {chance} < {number / len(values)} THEN '{value}'"
        for number, value in enumerate(values, 1)
    )
    return f"CASE {cases} ELSE '{values[0]}' END"


def _execute(server: Server, statement: str) -> None:
    if ON_POSTGRES:
        with psycopg.connect(server.settings["DATABASE_URL"]) as connection:
            connection.execute(statement.encode())
    else:
        with closing(sqlite3.connect(server.database)) as connection:
            connection.execute(statement)
            connection.commit()


def _list_queries(server: Server, rows: int) -> dict[str, dict[str, str]]:
    """Give what is asked, by its name: "deep" begins in the middle of all rows."""
    middle = rows // 12 * 6 + 1  # it has a text and a date
    task = json.loads(exchange(server.port, make_request("GET", f"/api/tasks/{middle}")).body)
    code = task["description"][-12:]
    return {
        "first page": {},
        "deep page": {"cursor": _make_cursor("-priority", task)},
        "by id": {"sort": "id"},
        "by id, deep": {"sort": "-id", "cursor": _make_cursor("-id", task)},
        "by title": {"sort": "title"},
        "by title, deep": {"sort": "title", "cursor": _make_cursor("title", task)},
        "by date": {"sort": "due_date"},
        "by date, falling, deep": {"sort": "-due_date", "cursor": _make_cursor("-due_date", task)},
        "by last change": {"sort": "-updated_at"},
        "filtered by an enum": {"status": "done"},
        "filtered by a reference": {"project_id": "77"},
        "filtered by both": {"project_id": "77", "status": "todo"},
        "filtered by a label": {"label_ids": "7"},
        "filtered by a date": {"due_date_min": "2026-05-01", "due_date_max": "2026-05-03"},
        "filtered by a title": {"title": task["title"]},
        "search: common": {"q": WORDS[0]},
        "search: one row": {"q": code},
        "search: nothing": {"q": "zzzzqqqq"},
        "search: filtered": {"q": WORDS[1], "status": "done", "project_id": "77"},
    }


def _make_cursor(sort: str, row: dict[str, object]) -> str:
    """Make the cursor of the page that follows a row."""
    name = sort.removeprefix("-")
    text = json.dumps([sort, None if name == "id" else row[name], row["id"]])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _try_query(
    ledger: Ledger, name: str, server: Server, query: dict[str, str], options: argparse.Namespace
) -> None:
    started = time.monotonic()
    request = make_request("GET", f"/api/tasks?{urlencode(query)}")
    taken, faults = [], []
    for _ in range(options.rounds):
        before = time.perf_counter()
        answer = exchange(server.port, request)
        taken.append(1000 * (time.perf_counter() - before))
        faults += [] if answer.status == 200 else [f"answered {answer.status}"]
    plans = _explain(server, query)
    whole = [line for line in plans if "Seq Scan on tasks" in line or line == "SCAN tasks"]
    faults += [f"reads without an index: {whole}"] if whole and name not in NEEDS_NONE else []
    middle, most = median(taken), MOST * options.slack
    faults += [f"{middle:.1f} ms"] if middle > most else []
    detail = f"{middle:.1f} ms (at most {most:.0f}), worst {max(taken):.1f}"
    uses = [line for line in plans if "index" in line.lower()]
    print(f"{name}: {detail}\n    " + "\n    ".join(uses), flush=True)
    ledger.add(name, faults, time.monotonic() - started, detail)


def _explain(server: Server, query: dict[str, str]) -> list[str]:
    """Ask the database how it finds these rows: a line for each step of each statement."""
    script = Path(__file__).with_name("explaining.py")
    python = server.project / ".venv/bin/python"
    ended = run([python, script, json.dumps(query)], server.project, env=server.environment)
    if ended.code != 0:
        raise SystemExit(f"No plan: {ended.stderr[-2000:]}")
    lines: list[str] = json.loads(ended.stdout)
    return lines


if __name__ == "__main__":
    sys.exit(main())
