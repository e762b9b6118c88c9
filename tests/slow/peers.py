"""Measure a project on PostgreSQL against FastAPI with SQLModel and asyncpg, and more processes."""

import argparse
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
from blueprints import TASK
from costs import Job, find_no_way_to_measure, measure
from ledger import Ledger
from served import Server, call_project, make_project
from server import ADDRESS, WHY_NOT, is_there, open_scratch
from tool import fresh_folder, run
from uv import find_uv_bin

MOST, MOST_WORKERS = 0.75, 1.1
PACKAGES = ("fastapi", "sqlmodel", "asyncpg", "greenlet", "uvicorn[standard]", "sqlalchemy>=2.1")
ROWS = 1000
BODY = json.dumps({"title": "bench"})
TABLE = """
CREATE TABLE peer_tasks (id bigserial PRIMARY KEY, title varchar NOT NULL, notes varchar,
    done boolean NOT NULL, created_at timestamptz NOT NULL)"""
FILL = """
INSERT INTO {table} (title, notes, done, created_at{names})
SELECT 'Task ' || n, repeat('note ', 10), false, now(){values} FROM generate_series(1, {rows}) n"""
JOBS = {"one": "/api/tasks/7", "list": "/api/tasks?limit=20", "create": "/api/tasks"}
SKIPPED = 77
"""The exit code where something is lacking here that it needs."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--workers", type=int, nargs="*", default=[2, 4], help="more (2 4)")
    parser.add_argument("--slack", type=float, default=1.0, help="limits are so many times as high")
    options = parser.parse_args()
    if why := find_no_way_to_measure() or (None if is_there() else WHY_NOT):
        print(why, file=sys.stderr)
        return SKIPPED
    ledger = Ledger("Peers, on PostgreSQL")
    with fresh_folder() as folder, open_scratch() as name:
        servers = _make_servers(folder, ADDRESS.rpartition("/")[0] + f"/{name}", options.workers)
        try:
            for server in servers.values():
                server.start()
            size = (options.rounds, options.seconds)
            one = {"ours": servers["ours"], "peer": servers["peer"]}
            costs = measure(_list_jobs(one), *size)
            several = {who: server for who, server in servers.items() if who != "peer"}
            many = measure(_list_jobs(several), *size, pinned=False)
        finally:
            for server in servers.values():
                server.kill()
        for what in JOBS:
            faults, detail = costs.judge(f"ours {what}", f"peer {what}", MOST * options.slack)
            ledger.add(what, faults, 0, detail)
            for number in options.workers:
                most = MOST_WORKERS * options.slack
                faults, detail = many.judge(f"{number} of ours {what}", f"ours {what}", most)
                ledger.add(f"{number} workers, {what}", faults, 0, detail)
        ledger.add("answers", costs.faults + many.faults, 0, "every answer was good")
    return ledger.close()


def _list_jobs(servers: Mapping[str, Server]) -> list[Job]:
    return [
        Job(f"{who} {what}", server, target, BODY if what == "create" else "")
        for who, server in servers.items()
        for what, target in JOBS.items()
    ]


def _make_servers(folder: Path, address: str, workers: Sequence[int]) -> dict[str, Server]:
    project = make_project(folder, TASK, words=("--with-db", "postgres"))
    settings = {"DATABASE_URL": address}
    first = Server(project, folder / "ours.db", settings)
    if call_project(first, "migrate").code != 0:
        raise SystemExit("The migration failed.")
    with psycopg.connect(address) as connection:
        connection.execute(TABLE.encode())
        for table, names, values in (
            ("tasks", ", updated_at, lock_version", ", now(), 1"),
            ("peer_tasks", "", ""),
        ):
            made = FILL.format(table=table, names=names, values=values, rows=ROWS)
            connection.execute(made.encode())
    peer = {"DATABASE_URL": address.replace("postgresql://", "postgresql+asyncpg://")}
    return {
        "ours": first,
        **{
            f"{number} of ours": Server(
                project, folder / f"{number}.db", settings, ("--workers", str(number))
            )
            for number in workers
        },
        "peer": Server(_make_peer(folder / "peer"), folder / "peer.db", peer),
    }


def _make_peer(folder: Path) -> Path:
    """Install the peer, with a command that understands ours."""
    shutil.copytree(Path(__file__).parent / "peer", folder)
    uv = find_uv_bin()
    made = run([uv, "venv", "--python", sys.executable, str(folder / ".venv")], folder)
    python = str(folder / ".venv/bin/python")
    installed = run([uv, "pip", "install", "--python", python, *PACKAGES], folder, limit=300)
    if made.code or installed.code:
        raise SystemExit(f"The peer cannot be installed: {installed.stderr[-500:]}")
    command = folder / ".venv/bin/peer"
    command.write_text(
        '#!/bin/sh\nexec .venv/bin/python -m uvicorn tasks:app --port "$3" --no-access-log '
        "--log-level error --loop uvloop --http httptools\n"
    )
    command.chmod(0o755)
    return folder


if __name__ == "__main__":
    sys.exit(main())
