"""Middleware in plain ASGI, which costs each request a hundredth of BaseHTTPMiddleware."""

import re
from contextvars import ContextVar
from secrets import token_hex

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web import answer_problem

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request at hand, for logs."""

SECURITY_HEADERS = [
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        b"object-src 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]
ABOUT_THE_BODY = ("content-type", "content-length")
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class AnswerHeaders:
    """Adds the security headers, and an id that a request's log lines share with its answer.

    It wraps the finished application, since a 500 passes by the middleware within.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        given = dict(scope.get("headers", ())).get(b"x-request-id", b"")
        known = given if _REQUEST_ID.fullmatch(given) else token_hex(8).encode()
        request_id.set(known.decode())
        headers = [*SECURITY_HEADERS, (b"x-request-id", known)]

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *headers]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class ProblemAnswers:
    """Turns the plain-text refusals of Starlette's own middleware into problem+json."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal: Message = {}

        async def send_problem(message: Message) -> None:
            if message["type"] == "http.response.start" and is_refusal(message):
                refusal.update(message)
            elif refusal:
                headers = dict(Headers(raw=refusal["headers"]))
                kept = {name: headers[name] for name in headers if name not in ABOUT_THE_BODY}
                answer = answer_problem(refusal["status"], message["body"].decode(), kept)
                await answer(scope, receive, send)
            else:
                await send(message)

        await self.app(scope, receive, send_problem)


def is_refusal(start: Message) -> bool:
    media_type = Headers(raw=start["headers"]).get("content-type", "")
    return start["status"] >= 400 and media_type.startswith("text/plain")


class SameOrigin:
    """Refuses a change that a page of another site asks for, as browsers tell on their own.

    Programs send neither header, and pass. The rules are those of Go's CrossOriginProtection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") in ("POST", "PUT", "PATCH", "DELETE") and is_foreign(scope):
            refusal = answer_problem(403, "A page of another site may not ask for this.")
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def is_foreign(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")
