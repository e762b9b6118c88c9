"""Threads that write rows with titles of their own, and note what was acknowledged."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from resources import Resource

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Outcome:
    """One answer to a write."""

    status: int
    retry_after: str | None
    row_id: int
    title: str
    seconds: float
    ended: float


@dataclass
class Writer:
    """Writes rows one after the other on one connection, until it is stopped or cut off.

    most: how many rows. mark: begins its titles, so that they are not another's.
    """

    port: int
    resource: Resource
    mark: str
    most: int = 10**9
    outcomes: list[Outcome] = field(default_factory=list)
    cut_off: str = ""
    stopped: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._write)
        self.thread.start()

    def join(self, limit: float = 60.0) -> None:
        assert self.thread is not None
        self.thread.join(limit)

    def _write(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            while not self.stopped.is_set() and len(self.outcomes) < self.most:
                title = f"{self.mark}-{len(self.outcomes)}"
                self.outcomes.append(post(connection, self.resource, title))
        except (OSError, HTTPException) as error:
            self.cut_off = str(error) or type(error).__name__
        finally:
            connection.close()


def post(connection: HTTPConnection, resource: Resource, title: str) -> Outcome:
    started = time.monotonic()
    body = json.dumps(make_titled_row(resource, title))
    connection.request("POST", resource.path, body, JSON)
    answer = connection.getresponse()
    row = json.loads(answer.read())
    ended = time.monotonic()
    retry_after = answer.getheader("Retry-After")
    row_id = row.get("id", 0)
    return Outcome(answer.status, retry_after, row_id, title, ended - started, ended)


def make_titled_row(resource: Resource, title: str) -> dict[str, object]:
    """Make a row whose first text is the title."""
    return resource.make_row(1, {}) | {find_title(resource): title}


def find_title(resource: Resource) -> str:
    return next(member.name for member in resource.members if member.type == "str")


def list_rows(port: int, resource: Resource) -> Iterator[tuple[int, str]]:
    """Give the id and the title of each row, page by page."""
    title = find_title(resource)
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    cursor = ""
    while True:
        connection.request("GET", f"{resource.path}?limit=100{cursor}")
        page = json.loads(connection.getresponse().read())
        yield from ((row["id"], row[title]) for row in page["items"])
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    connection.close()
