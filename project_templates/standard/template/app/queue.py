"""The queue: work that is deferred in the transaction of the row it belongs to."""

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

import psycopg
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
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
BEYOND = text("SELECT 1 FROM procrastinate_jobs WHERE status = 'todo' OFFSET :most LIMIT 1")


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

    Raises Overloaded where more than `most_jobs` wait.
    """
    if session.scalar(BEYOND, {"most": most_jobs}):
        raise Overloaded
    connection = session.connection().connection.driver_connection
    given: dict[str, Any] = kwargs
    try:
        return QUEUE.tasks[_name(work)].configure(connection=connection).defer(**given)
    except ConnectorException as error:
        cause = error.__cause__ or error
        raise DBAPIError.instance("defer", None, cause, psycopg.Error) from error


def _name(work: Callable[..., None]) -> str:
    return f"{work.__module__}.{work.__name__}"
