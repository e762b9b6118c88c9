"""What deferring adds to a request: it is compared to one that only writes the same row."""

import time
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

import psycopg
from blueprints import TASK
from deferring import BODY, EXPORTS, JSON, WORDS
from ledger import Ledger
from served import Server, make_project, serve
from server import ADDRESS, open_scratch

MOST = 1.0
"""Milliseconds that deferring may add."""
REQUESTS = 100
"""Of each kind in a round, in turns."""
WARMING = 50
BACKLOG = 5000
"""Jobs that wait already, in the second comparison."""
DEFERRING = """\
    export_id = session.scalars(NEXT_ID).one()
    job_id = defer(session, most_jobs, write_export, export_id=export_id)
    values = {"id": export_id, "resource": data.resource, "created_at": now, "job_id": job_id}
    session.execute(sa.insert(TABLE), values)
"""
PLAIN = """\
    values = {"resource": data.resource, "created_at": now}
    export_id = session.scalars(sa.insert(TABLE).returning(TABLE.c.id), values).one()
"""
"""What makes the row, and what would do so if nothing were deferred."""
FILL = """
SET search_path = public, procrastinate;
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'default', 'app.exports.write_export', '{{"export_id": 0}}' FROM generate_series(1, {})
"""


def compare_requests(project: Path, rounds: int, slack: float, ledger: Ledger) -> None:
    """Compare both with an empty queue, and with one in which many jobs wait."""
    plain = make_project(project.parent, TASK, "plain", WORDS)
    source = plain / "app/exports.py"
    text = source.read_text("utf-8")
    assert DEFERRING in text
    source.write_text(text.replace(DEFERRING, PLAIN), "utf-8")
    with ExitStack() as stack:
        servers = [_serve(stack, one) for one in (project, plain)]
        _compare("cost, nothing waits", servers, rounds, slack, ledger)
        with psycopg.connect(servers[0].settings["DATABASE_URL"]) as connection:
            connection.execute(FILL.format(BACKLOG).encode())
        _compare(f"cost, {BACKLOG} wait", servers, rounds, slack, ledger)


def locate(name: str) -> str:
    return f"{ADDRESS.rpartition('/')[0]}/{name}"


def _serve(stack: ExitStack, project: Path) -> Server:
    name = stack.enter_context(open_scratch())
    return stack.enter_context(serve(project, "cost.db", DATABASE_URL=locate(name)))


def _compare(case: str, servers: list[Server], rounds: int, slack: float, ledger: Ledger) -> None:
    started = time.monotonic()
    found = _measure(servers, rounds)
    medians = [[median(times) for times in zip(*pairs, strict=True)] for pairs in found]
    added = [deferring - plain for deferring, plain in medians]
    quickest = [
        min(times) for times in zip(*(pair for pairs in found for pair in pairs), strict=True)
    ]
    detail = (
        f"{median(added):+.2f} ms (rounds {min(added):.2f} to {max(added):.2f}, at most {MOST}): "
        f"{median(one for one, _ in medians):.2f}, without {median(one for _, one in medians):.2f} "
        f"(the quickest {quickest[0]:.2f}, without {quickest[1]:.2f})"
    )
    faults = [] if median(added) <= MOST * slack else [detail]
    ledger.add(case, faults, time.monotonic() - started, detail)


def _measure(servers: list[Server], rounds: int) -> list[list[tuple[float, float]]]:
    """Return the milliseconds of both requests in turns, by rounds, on a connection each."""
    ours, theirs = (HTTPConnection("127.0.0.1", server.port, timeout=60) for server in servers)
    for _ in range(WARMING):
        _time(ours)
        _time(theirs)
    found = [[(_time(ours), _time(theirs)) for _ in range(REQUESTS)] for _ in range(rounds)]
    ours.close()
    theirs.close()
    return found


def _time(connection: HTTPConnection) -> float:
    """Return the milliseconds that one request takes."""
    started = time.perf_counter()
    connection.request("POST", EXPORTS, BODY, JSON)
    answer = connection.getresponse()
    answer.read()
    taken = 1000 * (time.perf_counter() - started)
    assert answer.status == 202, answer.status
    return taken
