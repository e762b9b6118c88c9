"""What failed for good: the jobs that a person must look at."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects.postgresql import insert
from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app import database
from app.values import Moment
from app.web import State, answer_json

LONGEST_ERROR = 2000
SHOWN = 100


class JobError(database.Model):
    """What went wrong when a job was tried last."""

    __tablename__ = "job_errors"

    job_id: orm.Mapped[int] = orm.mapped_column(
        sa.BigInteger(), primary_key=True, autoincrement=False
    )
    error: orm.Mapped[str] = orm.mapped_column(sa.Text())
    failed_at: orm.Mapped[dt.datetime] = orm.mapped_column(sa.DateTime(timezone=True))


TABLE = JobError.__table__
FAILED = sa.text("""
SELECT id, task_name, args, attempts, error, failed_at
FROM procrastinate_jobs LEFT JOIN job_errors ON job_id = id
WHERE status = 'failed' ORDER BY id DESC LIMIT :shown""")
COUNT = sa.text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
RETRY = sa.text("""
UPDATE procrastinate_jobs SET status = 'todo', attempts = 0, scheduled_at = NULL
WHERE id = :job_id AND status = 'failed' RETURNING id""")
REMOVE = sa.text(
    "DELETE FROM procrastinate_jobs WHERE id = :job_id AND status = 'failed' RETURNING id"
)
GONE = sa.text("DELETE FROM job_errors WHERE job_id NOT IN (SELECT id FROM procrastinate_jobs)")


class ShowBacklog(HTTPEndpoint):
    async def get(self, request: Request[State]) -> Response:
        return answer_json(await request.state["database"].read(read_backlog))


class RemoveJob(HTTPEndpoint):
    async def delete(self, request: Request[State]) -> Response:
        await decide(request, remove)
        return Response(status_code=204)


class RetryJob(HTTPEndpoint):
    async def post(self, request: Request[State]) -> Response:
        await decide(request, retry)
        return Response(status_code=202)


async def decide(request: Request[State], change: Callable[[orm.Session, int], bool]) -> None:
    """Change a job that failed; raise 404."""
    if not await request.state["database"].write(change, request.path_params["id"]):
        raise HTTPException(404, "No job that failed has this id.")


class FailedJob(msgspec.Struct, frozen=True):
    id: int
    task: str
    arguments: dict[str, Any]
    attempts: int
    error: str | None
    failed_at: Moment | None


class Backlog(msgspec.Struct, frozen=True):
    """waiting: what is tried again later, too. failed: the newest, of as many as `failures`."""

    waiting: int
    running: int
    failures: int
    failed: Sequence[FailedJob]


def read_backlog(session: orm.Session) -> Backlog:
    counts: dict[str, int] = {status: count for status, count in session.execute(COUNT)}
    failed = [FailedJob(*row) for row in session.execute(FAILED, {"shown": SHOWN})]
    return Backlog(counts.get("todo", 0), counts.get("doing", 0), counts.get("failed", 0), failed)


def retry(session: orm.Session, job_id: int) -> bool:
    """Have a job that failed done again; tell whether there is one."""
    return session.scalar(RETRY, {"job_id": job_id}) is not None


def remove(session: orm.Session, job_id: int) -> bool:
    """Forget a job that failed; tell whether there was one."""
    return session.scalar(REMOVE, {"job_id": job_id}) is not None


def remove_old(session: orm.Session) -> None:
    """Remove what went wrong with jobs that are done since."""
    session.execute(GONE)


def note_error(session: orm.Session, job_id: int, error: Exception) -> None:
    """Note what went wrong; a text of PostgreSQL holds no NUL, and no half of a character."""
    text = f"{type(error).__name__}: {error}".replace("\0", "")[:LONGEST_ERROR]
    text = text.encode(errors="replace").decode()
    note = {"error": text, "failed_at": dt.datetime.now(dt.UTC)}
    statement = insert(TABLE).values(job_id=job_id, **note)
    session.execute(statement.on_conflict_do_update(index_elements=["job_id"], set_=note))
