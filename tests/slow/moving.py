"""Prove that a project comes from SQLite to PostgreSQL with every row, and is not left half-way.

Rows are written through the API and by chance; the same addresses are asked before and after. Then
the copying is killed at moments drawn by chance, and what it leaves is looked at.
"""

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
from chance_rows import add_rows
from ledger import Ledger
from served import Server, call_project, make_project
from server import ADDRESS, WHY_NOT, is_there, open_scratch
from tool import TOOL, fresh_folder, run
from uv import find_uv_bin

from starlette_new.language import Field, Resource, parse_resource

SKIPPED = 77
"""The exit code where something is lacking here that it needs."""
TYPES = (
    "str(40)", "text", "int", "float", "decimal(10,2)", "bool", "date", "datetime", "time", "uuid",
    "json", "email", "url", "color", "enum(new,paid)",
)  # fmt: skip
WORDS = dict(zip("abcdefghijklmno", TYPES, strict=True))
LINES = (
    "owner name:str(80):unique boss:ref(owner)? team:ref(team)?",
    "team name:str(40) lead:ref(owner)? members:many(owner) notes:text?:index",
    f"thing {' '.join(f'{w}:{t}' for w, t in WORDS.items())} p:ref(owner) q:many(thing)",
    f"maybe {' '.join(f'{w}:{t}?' for w, t in WORDS.items())} p:ref(thing)?",
)
TABLES = ("owners", "teams", "things", "maybes")
JSON = {"Content-Type": "application/json"}
ASKED = 300
"""Rows of those by chance that are asked for."""
Answers = dict[str, tuple[int, str | None, bytes]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000, help="by chance (100000)")
    parser.add_argument("--kills", type=int, default=20, help="of the copying (20)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not is_there():
        print(WHY_NOT, file=sys.stderr)
        return SKIPPED
    chance = random.Random(options.seed)  # noqa: S311
    ledger = Ledger(f"Moving to PostgreSQL, seed {options.seed}")
    with fresh_folder() as folder:
        server = _make_server(folder)
        before = _write_and_ask(server, chance, options.rows, ledger)
        _change(server, ledger)
        with open_scratch() as empty:
            server.settings["DATABASE_URL"] = _address(empty)
            _call(server, "migrate")
            seconds = _copy_and_ask(server, empty, before, ledger)
            for number in range(options.kills):
                _kill(server, empty, chance.uniform(0, seconds), number, ledger)
    return ledger.close()


def _address(name: str) -> str:
    return f"{ADDRESS.rpartition('/')[0]}/{name}"


def _call(server: Server, *words: str) -> None:
    ended = call_project(server, *words)
    if ended.code != 0:
        raise SystemExit(f"{words} ended with {ended.code}: {ended.stderr}")


def _make_server(folder: Path) -> Server:
    project = make_project(folder, LINES, words=("--with-db", "sqlite", "--ui", "none"))
    server = Server(project, folder / "rows.db")
    _call(server, "migrate")
    return server


def _write_and_ask(server: Server, chance: random.Random, rows: int, ledger: Ledger) -> Answers:
    """Write rows in both ways, and keep what is answered."""
    started = time.monotonic()
    add_rows(server.database, LINES, rows, chance)
    seconds = time.monotonic() - started
    server.start()
    faults = [*_post(server.port)]
    answers = _ask(server.port, [*_list_addresses(server.database, chance)])
    faults += [f"{path} is {status}" for path, (status, *_) in answers.items() if status != 200]
    server.stop()
    ledger.add(
        "rows are written", faults, seconds, f"{rows} by chance, {len(answers)} answers kept"
    )
    return answers


def _post(port: int) -> Iterator[str]:
    """Send every value that a type has, and null; change some rows, and delete some."""
    resources = {one.name: one for one in map(parse_resource, LINES)}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    for name in ("thing", "maybe"):
        resource = resources[name]
        for number in range(_count_values(resource)):
            body = {f.name: _choose(f, number) for f in resource.fields}
            yield from _send(connection, "POST", f"/api/{resource.plural}", body, 201)
    yield from _send(connection, "PATCH", "/api/maybes/2", {"b": 'é\t\\N "x"\r\n\\.'}, 200)
    yield from _send(connection, "PATCH", "/api/things/2", {"q_ids": [1, 3]}, 200)
    yield from _send(connection, "DELETE", "/api/maybes/3", None, 204)
    connection.close()


def _count_values(resource: Resource) -> int:
    return max(len(_list_values(field)) for field in resource.fields)


def _list_values(field: Field) -> list[Any]:
    """Give what may be sent, and null if that may be."""
    kind = field.kind
    sources = [*kind.samples, *kind.kept, *(given for given, _ in kind.rewritten)]
    values = [eval(source, {}) for source in sources]  # noqa: S307
    return [*values, *[None] * field.nullable]


def _choose(field: Field, number: int) -> object:
    values = _list_values(field)
    return values[number % len(values)]


def _send(
    connection: HTTPConnection, method: str, path: str, body: object, wanted: int
) -> Iterator[str]:
    connection.request(method, path, None if body is None else json.dumps(body), JSON)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != wanted:
        yield f"{method} {path} {body}: {answer.status} {said[:300]!r}"


def _list_addresses(file: Path, chance: random.Random) -> Iterator[str]:
    """List all that was written through the API, which has the last ids, and some of the rest."""
    with closing(sqlite3.connect(file)) as database:
        for table in TABLES:
            found = database.execute(f"SELECT id FROM {table} ORDER BY id DESC")  # noqa: S608
            ids = [row_id for (row_id,) in found]
            few = ids[:50] + chance.sample(ids, min(ASKED, len(ids)))
            yield from (f"/api/{table}/{row_id}" for row_id in sorted(set(few)))
            yield f"/api/{table}?limit=100&sort=-id"


def _ask(port: int, paths: Sequence[str]) -> Answers:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    found: Answers = {}
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        found[path] = answer.status, answer.getheader("ETag"), answer.read()
    connection.close()
    return found


def _change(server: Server, ledger: Ledger) -> None:
    started = time.monotonic()
    words = ["add", "--with-db", "postgres", "--no-verify", "--json"]
    ended = run([TOOL, *words], server.project, limit=300)
    faults = [ended.stdout[-500:]] * (ended.code != 0)
    synced = run([find_uv_bin(), "sync", "--offline", "--quiet"], server.project)
    faults += [synced.stderr[-500:]] * (synced.code != 0)
    ledger.add("the project is changed", faults, time.monotonic() - started)


def _command(server: Server, *more: str) -> list[str]:
    return [str(TOOL), "copy-rows", str(server.database), "--json", *more]


def _copy_and_ask(server: Server, empty: str, before: Answers, ledger: Ledger) -> float:
    """Copy into a database like the empty one, and compare what is answered; return seconds."""
    file = server.database.read_bytes() if server.database.stat().st_size < 10**8 else b""
    with open_scratch(empty) as name:
        server.settings["DATABASE_URL"] = _address(name)
        started, peak = time.monotonic(), [0]
        watch = threading.Thread(target=_watch, args=[peak], daemon=True)
        watch.start()
        ended = run(_command(server), server.project, env=server.environment, limit=3600)
        seconds = time.monotonic() - started
        peak.append(0)
        faults = [ended.stdout[-500:]] * (ended.code != 0)
        faults += ["the file was written to"] * (file not in (b"", server.database.read_bytes()))
        count = json.loads(ended.stdout).get("rows", 0)
        ledger.add("rows are copied", faults, seconds, f"{count} rows, {max(peak) / 1024:.0f} MiB")
        server.start()
        after = _ask(server.port, list(before))
        server.stop()
    wrong = [path for path in before if before[path] != after[path]]
    faults = [f"{path}: {before[path]} {after[path]}"[:600] for path in wrong[:3]]
    ledger.add("they are answered the same", faults, 0.0, f"{len(before)} answers, byte for byte")
    return seconds


def _watch(peak: list[int]) -> None:
    """Note the most memory that the copying held, in KiB, as long as the list has one entry."""
    while len(peak) == 1:
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if b"starlette_new.row_copy" in (entry / "cmdline").read_bytes():
                    lines = (entry / "status").read_text().splitlines()
                    held = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
                    peak[0] = max(peak[0], *held)
            except (OSError, TypeError):
                continue
        time.sleep(0.1)


def _kill(server: Server, empty: str, moment: float, number: int, ledger: Ledger) -> None:
    """Kill the copying, and see that all is there or nothing; then it must be possible again."""
    started = time.monotonic()
    with open_scratch(empty) as name, psycopg.connect(_address(name), autocommit=True) as there:
        before = _describe(there)
        process = subprocess.Popen(
            _command(server),
            cwd=server.project,
            env=server.environment | {"DATABASE_URL": _address(name)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        _wait_until_alone(there)
        after = _describe(there)
        moved = all(old != new for old, new in zip(before[1], after[1], strict=True))
        is_whole = after[0] == before[0] and moved and all(after[2])
        faults = [] if is_whole or after == before else [f"{before} became {after}"]
    detail = "all is there" if is_whole else "nothing is"
    ledger.add(f"killed after {moment:.2f} s", faults, time.monotonic() - started, detail)


def _wait_until_alone(there: "psycopg.Connection[Any]") -> None:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    while (row := there.execute(query).fetchone()) and row[0] > 1:
        time.sleep(0.05)


def _describe(there: "psycopg.Connection[Any]") -> tuple[object, list[object], list[bool]]:
    """Tell the constraints, the numbers of ids, and which tables have rows."""
    rules = there.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE connamespace = 'public'::regnamespace ORDER BY conname"
    ).fetchall()
    numbers = [
        there.execute(f"SELECT last_value, is_called FROM {one}_id_seq".encode()).fetchone()  # noqa: S608
        for one in TABLES
    ]
    filled = [
        bool(there.execute(f"SELECT FROM {one} LIMIT 1".encode()).fetchall())
        for one in (*TABLES, "teams_member_links", "things_q_links")
    ]
    return rules, [*numbers], filled


if __name__ == "__main__":
    sys.exit(main())
