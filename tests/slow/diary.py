"""What became of each job: a trigger writes down when it was begun, and when it was given back."""

import json
import random
import time
from http.client import HTTPConnection
from types import TracebackType
from typing import Any, Self

import psycopg
from deferring import EXPORTS
from served import LONGEST_START

MINUTE = 60.0
LONGEST_RETURN = 100.0
"""Seconds: 30 until a worker is missed, 60 until somebody looks, and some to get through."""
ASKED = 200
"""Exports that are asked for through the API."""
SETUP = """
CREATE TABLE diary (
    job_id bigint, looks boolean, status text, at timestamptz DEFAULT clock_timestamp()
);
CREATE FUNCTION write_diary() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.diary
    VALUES (OLD.id, OLD.queueing_lock IS NOT NULL, CASE TG_OP WHEN 'UPDATE' THEN NEW.status END);
    RETURN NULL;
END $$;
CREATE TRIGGER diary AFTER UPDATE OF status OR DELETE ON procrastinate_jobs
FOR EACH ROW EXECUTE FUNCTION write_diary()
"""
DONE = """
SELECT id FROM exports WHERE finished_at IS NOT NULL AND rows = 0
AND EXISTS (SELECT FROM export_parts WHERE export_id = exports.id AND content <> '')
"""
COUNTS = """
SELECT count(*) FILTER (WHERE begun > 1), count(*) FILTER (WHERE after_it > 0), max(begun),
    sum(given_back) FROM (
    SELECT count(*) FILTER (WHERE status = 'doing') AS begun,
        count(*) FILTER (WHERE status = 'todo') AS given_back,
        count(*) FILTER (WHERE status = 'doing' AND at > finished_at) AS after_it
    FROM diary JOIN exports USING (job_id) GROUP BY job_id
) each
"""
LONGEST = """
WITH looks AS (
    SELECT min(at) AS begun, max(at) - min(at) AS took
    FROM diary WHERE looks AND (status = 'doing' OR status IS NULL) GROUP BY job_id
), begun AS (
    SELECT at, lead(at) OVER (PARTITION BY job_id ORDER BY at) AS again
    FROM diary WHERE status = 'doing' AND NOT looks
), returns AS (
    SELECT extract(epoch FROM again - at)::float8 AS seconds, (
        SELECT count(*) FROM looks WHERE looks.begun BETWEEN at AND again AND took > interval '20 s'
    ) AS killed
    FROM begun WHERE again IS NOT NULL
)
SELECT seconds, killed FROM returns ORDER BY seconds - 60 * killed DESC, seconds DESC LIMIT 1
"""
"""The longest return, and how many that looked for it were killed as well, a minute each."""
LEFT = """
SELECT status::text, count(*) FROM procrastinate_jobs
WHERE queueing_lock IS NULL OR status = 'failed' GROUP BY status
"""
MISS = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"
LOOK = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
VALUES ('default', 'app.worker.take_over', 'take over', '{"timestamp": 0}') ON CONFLICT DO NOTHING
"""


class Diary:
    """Reads the database that jobs are in; begin it before the first is deferred."""

    def __init__(self, address: str) -> None:
        options = "-c search_path=public,procrastinate"
        self._connection = psycopg.connect(address, autocommit=True, options=options)

    def __enter__(self) -> Self:
        self._connection.execute(SETUP)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many have begun to work."""
        end = time.monotonic() + LONGEST_START
        while self._read("SELECT count(*) FROM procrastinate_workers")[0][0] < count:
            if time.monotonic() > end:
                raise SystemExit("The workers do not begin to work.")
            time.sleep(0.05)

    def miss_workers(self) -> None:
        """Have all workers that were killed be missed at once, and somebody look for their jobs."""
        self._connection.execute(MISS)
        self._connection.execute(LOOK)

    def wait_until_done(self, limit: float) -> list[str]:
        """Wait until no job is left that may still be done; tell what is left then."""
        end = time.monotonic() + limit
        while (left := dict(self._read(LEFT))).keys() - {"failed"} and time.monotonic() < end:
            time.sleep(0.5)
        return [f"{count} jobs are {status}" for status, count in left.items()]

    def list_lost(self, accepted: set[int]) -> list[str]:
        """Tell of the exports that were accepted and are not done."""
        lost = sorted(accepted - {export_id for (export_id,) in self._read(DONE)})
        return [f"{len(lost)} are not done: {lost[:10]}"] * bool(lost)

    def describe(self, kills: int) -> str:
        ((interrupted, twice, most, given_back),) = self._read(COUNTS)
        return (
            f"{kills} kills; {given_back} given back, {interrupted} begun more than once (at most "
            f"{most} times), {twice} of these when they were done"
        )

    def check_returns(self, slack: float) -> tuple[list[str], str]:
        """Tell whether the last that came back did so in time, and after how long."""
        found = self._read(LONGEST)
        seconds, killed = found[0] if found else (0.0, 0)
        detail = f"at most {seconds:.0f} s after it was begun"
        detail += f", for {killed} that looked were killed, too" * bool(killed)
        return [detail] * (seconds > slack * (LONGEST_RETURN + MINUTE * killed)), detail

    def ask(self, port: int, seed: int) -> list[str]:
        """Ask the API for some exports, and for what failed."""
        ids = [export_id for (export_id,) in self._read(DONE)]
        chosen = random.Random(seed).sample(ids, min(ASKED, len(ids)))  # noqa: S311
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        faults = [f"export {one}" for one in chosen if not _is_done(connection, one)]
        backlog = json.loads(_get(connection, "/-/api/jobs")[1])
        faults += [f"{backlog['failures']} failed: {backlog['failed'][:3]}"] * bool(
            backlog["failures"]
        )
        connection.close()
        return faults

    def _read(self, query: str) -> list[Any]:
        return self._connection.execute(query.encode()).fetchall()


def _is_done(connection: HTTPConnection, export_id: int) -> bool:
    status, told = _get(connection, f"{EXPORTS}/{export_id}")
    content = _get(connection, f"{EXPORTS}/{export_id}/content")
    is_told = status == 200 and json.loads(told)["state"] == "done"
    return is_told and content[0] == 200 and content[1].startswith(b"id,")


def _get(connection: HTTPConnection, path: str) -> tuple[int, bytes]:
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read()
