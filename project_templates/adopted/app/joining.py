"""Joins what stands in `app/` to an application that was there before."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.types import Receive, Scope, Send

from app.main import build
from app.middleware import AnswerHeaders
from app.routes import routes
from app.settings import read_settings


def join(app: Starlette) -> Starlette:
    """Give an application our addresses and our lifespan, and return it; its own stay.

    Ours keep their middleware, their way to answer errors, and their state.
    """
    added = Added(build(read_settings()))
    own = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncGenerator[Any]:
        async with own(app) as state, added.app.router.lifespan_context(added.app) as added.state:
            yield state

    app.router.lifespan_context = lifespan
    # In front: a Mount of the owner may answer whatever comes after it.
    app.router.routes[:0] = [
        Route(path, added, name=name)
        for path, name in map(describe, routes)
        if not is_taken(path, app.routes)
    ]
    return app


class Added:
    """Answers with our application, whose state is not that of the one it is joined to."""

    def __init__(self, app: Starlette) -> None:
        self.app = app
        self.state: Mapping[str, Any] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        inner = {**scope, "state": dict(self.state or {})}
        del inner["router"]
        await AnswerHeaders(self.app)(inner, receive, send)


def describe(route: BaseRoute) -> tuple[str, str | None]:
    """Give the path that matches all that a route does, and the name of the route."""
    match route:
        case Mount(path=path, name=name):
            return f"{path}/{{path:path}}", name
        case Route(path=path, name=name):
            return path, name
    raise TypeError(f"{route} has no path")


def is_taken(path: str, own: list[BaseRoute]) -> bool:
    """Tell whether the application answers there itself; below /api/ only the very path counts."""
    if path.startswith("/api/"):
        return any(getattr(route, "path", None) == path for route in own)
    scope = {"type": "http", "method": "GET", "path": path, "headers": []}
    return any(route.matches(scope)[0] is not Match.NONE for route in own)
