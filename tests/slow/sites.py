"""An example that is served: where its pages are, and its rows as the API has them."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from resources import Member, Resource, read_line
from served import Server, call_project, serve
from wire import exchange, make_json_request, make_request

from starlette_new.examples import read_example

Row = dict[str, Any]
"""A row in JSON."""


@dataclass(frozen=True)
class Site:
    """labels: by the name of a resource, the field that its rows are called by.

    boards: the field whose values are columns.
    """

    server: Server
    resources: tuple[Resource, ...]
    labels: Mapping[str, str]
    boards: Mapping[str, str]

    def find_label(self, resource: Resource) -> Member | None:
        """Give the field that rows are called by, if it holds any text."""
        name = self.labels.get(resource.name)
        return next((one for one in resource.members if one.name == name), None)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    def ask(self, method: str, path: str, value: object = None) -> Any:
        """Ask the API; return what it answers with."""
        request = make_request(method, path)
        if value is not None:
            request = make_json_request(method, path, value)
        answer = exchange(self.server.port, request)
        assert answer.status < 400, f"{method} {path}: {answer.status} {answer.body!r}"
        return answer.read_json() if answer.body else None

    def is_there(self, path: str) -> bool:
        return exchange(self.server.port, make_request("GET", path)).status == 200

    def list_rows(self, resource: Resource, query: str = "") -> Iterator[Row]:
        """Give all rows, page by page."""
        cursor = ""
        while cursor is not None:
            page = self.ask("GET", f"{resource.path}?limit=100{query}{cursor}")
            yield from page["items"]
            cursor = page["next"] and f"&cursor={page['next']}"

    def make_row(self, resource: Resource, number: int) -> Row:
        """Make a row that can be created: it refers to rows that are there."""
        targets = {member.target for member in resource.members if member.type == "ref"}
        ids = {}
        for other in self.resources:
            if other.name in targets - {resource.name}:
                ids[other.name] = next(self.list_rows(other))["id"]
        return resource.make_row(number, ids)

    def add(self, resource: Resource, number: int, /, **changes: object) -> Row:
        row: Row = self.ask("POST", resource.path, self.make_row(resource, number) | changes)
        return row

    def change(self, resource: Resource, row: Row, /, **changes: object) -> None:
        self.ask("PATCH", f"{resource.path}/{row['id']}", changes)


@contextmanager
def open_site(project: Path, database: str, seeded: bool) -> Iterator[Site]:
    """Serve an example with a database of its own, with its samples in it or without."""
    entries = read_example(project.name)["resources"]
    lines = [read_line(entry["line"]) for entry in entries]
    named = list(zip([line.name for line in lines], entries, strict=True))
    labels = {name: entry["label"] for name, entry in named if "label" in entry}
    boards = {name: entry["board"] for name, entry in named if "board" in entry}
    with serve(project, database) as server:
        if seeded:
            ended = call_project(server, "seed")
            if ended.code != 0:
                raise SystemExit(f"seed ended with {ended.code}: {ended.stderr}")
        yield Site(server, tuple(lines), labels, boards)


def list_differences(resource: Resource, sent: Row, found: Row) -> list[str]:
    """List the members of a row that are not what was sent."""
    return [
        f"{one.name} is {found[one.name]!r}, not {sent[one.name]!r}"
        for one in resource.members
        if _read(one, sent[one.name]) != _read(one, found[one.name])
    ]


def _read(member: Member, value: Any) -> object:
    if member.type == "decimal" and value is not None:
        return Decimal(value)
    if member.type == "datetime" and value is not None:
        return dt.datetime.fromisoformat(value)
    return json.dumps(value, sort_keys=True)
