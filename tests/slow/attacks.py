"""Hostile requests: what one is, the application it is made to, and how its answer is judged."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from resources import Resource
from wire import Answer, NoAnswer, exchange, make_request

Expected = frozenset[int]
FOUND = frozenset({200})
KEPT = frozenset({201})
UNREADABLE = frozenset({400})
FORBIDDEN = frozenset({403})
MISSING = frozenset({404})
UNSUITED = frozenset({405})
UNMATCHED = frozenset({412})
UNKNOWN_KIND = frozenset({415})
REFUSED = frozenset({422})
ANY = frozenset(range(200, 500))
"""Whatever is not the server's fault."""

LONGEST = 3.0
"""Seconds that an answer may take."""
HEADERS = (
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "referrer-policy",
    "x-content-type-options",
    "x-frame-options",
    "x-request-id",
)
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LEAKS = (b"Traceback", b"sqlalchemy", b"sqlite3", b"site-packages", b"SELECT ", b"INSERT INTO")


@dataclass(frozen=True)
class Attack:
    """One request, and what is expected of the answer.

    member: what the errors of a 422 must name. returned: the value it has in the answer.
    broken: it is not HTTP, so the server may answer before the application, or hang up.
    """

    name: str
    request: bytes
    expected: Expected
    method: str = "GET"
    member: str = ""
    returned: object = None
    broken: bool = False


@dataclass
class Target:
    """An application under attack, with a row of each resource. ids: of these rows."""

    port: int
    resources: Sequence[Resource]
    ids: dict[str, int] = field(default_factory=dict)
    number: int = 0
    always: frozenset[str] = frozenset()
    """Names of the headers that every answer has had so far."""

    def make_row(self, resource: Resource) -> dict[str, object]:
        """Make a row unlike all before."""
        self.number += 1
        return resource.make_row(self.number, self.ids)

    def add(self, resource: Resource) -> dict[str, object]:
        """Write a row, and return it as it was answered."""
        body = json.dumps(self.make_row(resource)).encode()
        answer = exchange(self.port, make_request("POST", resource.path, body), "POST")
        row = answer.read_json()
        if answer.status != 201 or not isinstance(row, dict):
            raise SystemExit(f"POST {resource.path}: {answer.status} {answer.body[:500]!r}")
        return row

    def fill(self) -> None:
        for resource in self.resources:
            row_id = self.add(resource)["id"]
            assert isinstance(row_id, int)
            self.ids[resource.name] = row_id
            self.add(resource)


Group = Callable[[Target], Iterator[Attack]]


def attack(
    resource: Resource,
    name: str,
    body: str | bytes,
    expected: Expected,
    method: str = "POST",
    path: str = "",
    headers: Mapping[str, str] | None = None,
    media_type: str = "application/json",
) -> Attack:
    """Make an attack with a body."""
    data = body.encode() if isinstance(body, str) else body
    target = path or resource.path
    request = make_request(method, target, data, (headers or {}).items(), media_type)
    return Attack(f"{method} {resource.path}, {name}", request, expected, method)


def make_attack(
    name: str, method: str, target: str, expected: Expected, *headers: tuple[str, str]
) -> Attack:
    """Make an attack without a body."""
    return Attack(f"{method} {name}", make_request(method, target, None, headers), expected, method)


def make_source(row: Mapping[str, object], **replaced: str) -> str:
    """Write a row as JSON, with JSON sources in place of some values."""
    sources = {name: json.dumps(value) for name, value in row.items()} | replaced
    return "{" + ", ".join(f"{json.dumps(k)}: {v}" for k, v in sources.items()) + "}"


def carry_out(target: Target, one: Attack) -> list[str]:
    """Make a hostile request; list what is wrong with the answer."""
    started = time.monotonic()
    try:
        answer = exchange(target.port, one.request, one.method, 20)
    except (NoAnswer, OSError) as error:
        return [] if one.broken else [f"no answer: {error}"]
    if one.broken and _is_of_server(answer):
        return []
    faults = [*_judge_status(one, answer), *_judge_headers(target, answer)]
    if time.monotonic() - started > LONGEST:
        faults.append(f"more than {LONGEST:.0f} s")
    return faults + list(_judge_body(one, answer))


def _is_of_server(answer: Answer) -> bool:
    """Tell whether an answer comes from the server, which refused to ask the application."""
    is_plain = str(answer.get("content-type")).startswith("text/plain")
    return is_plain and answer.status in (400, 403, 426) and not answer.get("x-request-id")


def _judge_status(one: Attack, answer: Answer) -> Iterator[str]:
    if answer.status not in one.expected:
        wanted = "below 500" if one.expected == ANY else sorted(one.expected)
        why = repr(answer.body[:200]) if answer.status >= 400 else ""
        yield f"{answer.status} instead of {wanted} {why}"
    if answer.status == 405 and not answer.get("allow"):
        yield "a 405 without Allow"


def _judge_headers(target: Target, answer: Answer) -> Iterator[str]:
    names = {name for name, _ in answer.headers}
    missing = sorted((target.always | set(HEADERS)) - names)
    if missing:
        yield f"lacks {', '.join(missing)}"
    if not _REQUEST_ID.fullmatch(answer.get("x-request-id") or "none"):
        yield f"X-Request-ID is {answer.get('x-request-id')!r:.80}"
    for name, value in answer.headers:
        if "evil" in value or name in ("server", "access-control-allow-origin"):
            yield f"{name}: {value}"


def _judge_body(one: Attack, answer: Answer) -> Iterator[str]:
    if any(leak in answer.body for leak in _LEAKS) and one.returned is None:
        yield f"it tells too much: {answer.body[:300]!r}"
    if one.method == "HEAD":
        return
    if answer.status >= 400:
        yield from _judge_problem(one, answer)
    elif one.returned is not None:
        row = answer.read_json()
        if not isinstance(row, dict) or row.get(one.member) != one.returned:
            yield f"{one.returned!r:.80} came back otherwise: {answer.body[:200]!r}"


def _judge_problem(one: Attack, answer: Answer) -> Iterator[str]:
    if answer.get("content-type") != "application/problem+json":
        yield f"{answer.status} is {answer.get('content-type')}, no problem document"
        return
    problem = answer.read_json()
    if not isinstance(problem, dict) or problem.get("status") != answer.status:
        yield f"the problem is {answer.body[:200]!r}"
        return
    if answer.status == 422:
        errors = problem.get("errors", [])
        named = {re.split(r"\W", str(error.get("field")))[0] for error in errors}
        if not errors or (one.member and one.member not in named):
            yield f"the errors name {sorted(named)}, not {one.member or 'anything'}"
