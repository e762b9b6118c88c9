"""The queue: work that is deferred in the transaction of the row it belongs to."""

import json
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.database import Overloaded

P = ParamSpec("P")
Task = Callable[Concatenate[Session, P], None]

QUEUE = App(connector=PsycopgConnector())
MOST_ATTEMPTS = 4
RETRY = RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=4)
"""What fails is tried again after 4, 16, 64 and 256 seconds; then a person must look at it."""
UNHURRIED = text(
    "SELECT set_config('statement_timeout', '0', true), "
    "set_config('idle_in_transaction_session_timeout', '0', true)"
)
DEFER = text("""
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT 'default', :task, CAST(:arguments AS jsonb)
WHERE (SELECT last_value FROM procrastinate_jobs_id_seq) - :most + 1 < (
    SELECT id FROM procrastinate_jobs WHERE status = 'todo' AND priority = 0 ORDER BY id LIMIT 1
) OR NOT EXISTS (SELECT FROM procrastinate_jobs WHERE status = 'todo' OFFSET :most - 1 LIMIT 1)
RETURNING id""")
"""What waits is counted only where the first of it is so old that it may be too much."""


def task(work: Task[P]) -> Task[P]:
    """Make a task of a function. A worker runs it, as one transaction that may take its time.

    A worker that is killed leaves it to another, which begins anew: it may run twice. Its
    arguments are JSON, and given by their names.
    """

    call: Callable[..., None] = work

    @QUEUE.task(name=_name(work), pass_context=True, retry=RETRY)
    def run(context: JobContext, /, **arguments: Any) -> None:
        with Session(context.additional_context["engine"]) as session, session.begin():
            session.execute(UNHURRIED)
            call(session, **arguments)

    return work


def defer(
    session: Session, most_jobs: int, work: Task[P], *args: P.args, **kwargs: P.kwargs
) -> int:
    """Defer a task until this transaction is committed, and give the id of the job.

    Raises Overloaded where `most_jobs` wait already.
    """
    if args:
        raise TypeError("The arguments of a task are given by their names.")
    name, arguments = QUEUE.tasks[_name(work)].name, json.dumps(kwargs)
    values = {"task": name, "arguments": arguments, "most": most_jobs}
    job_id: int | None = session.scalar(DEFER, values)
    if job_id is None:
        raise Overloaded
    return job_id


def _name(work: Callable[..., None]) -> str:
    return f"{work.__module__}.{work.__name__}"
