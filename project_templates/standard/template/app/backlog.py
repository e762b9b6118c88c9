"""The page of what waits to be done, and of what failed and needs a person."""

from typing import get_args

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from app import exports, failures, pages
from app.forms import read_form
from app.reading import check
from app.web import State

PAGE = "/-/jobs"


async def show_backlog(request: Request[State]) -> Response:
    return pages.show(request, "jobs.html", await pages.read(request, _read))


async def start_export(request: Request[State]) -> Response:
    form = await read_form(request, exports.ExportWrite)
    data = check(exports.ExportWrite, form.values)
    most_jobs = request.state["settings"].most_jobs
    await request.state["database"].write(exports.create_export, data, most_jobs)
    return pages.go(PAGE, "deferred")


async def retry_job(request: Request[State]) -> Response:
    await failures.decide(request, failures.retry)
    return pages.go(PAGE, "deferred")


async def remove_job(request: Request[State]) -> Response:
    await failures.decide(request, failures.remove)
    return pages.go(PAGE, "deleted")


def _read(session: Session) -> pages.Context:
    return {
        "backlog": failures.read_backlog(session),
        "exports": exports.list_exports(session),
        "resources": get_args(exports.Exportable),
    }
