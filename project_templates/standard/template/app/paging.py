"""Lists: filtered, sorted, and read a page at a time.

A cursor is a place between two rows: it holds however many rows come and go.
"""

import datetime as dt
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, with_config
from sqlalchemy import Column, ColumnElement, Row, Select, Table, and_, bindparam, case, or_, select
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from app.reading import check
from app.values import WHOLE, read_as, read_whole
from app.web import Refusal

RowT = TypeVar("RowT")
LIMIT = 20
Limit = Annotated[
    int,
    Field(ge=1, le=100, json_schema_extra={"default": LIMIT}),
    read_as("a whole number", WHOLE, read_whole),
]
Cursor = Annotated[str, Field(pattern="^[A-Za-z0-9_-]{4,4000}$")]


@with_config(extra="forbid")
class PageQuery(TypedDict, total=False):
    """The page a client asks for: at most `limit` rows, those that follow `cursor`."""

    limit: Limit
    cursor: Cursor


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Rows, and the cursor of the page that follows, if one does."""

    items: Sequence[RowT]
    next: str | None


@dataclass(frozen=True, eq=False)
class Listing:
    """What can be asked of the rows of a table.

    query: what reads the parameters, and says which `sort` can be.
    equal: by parameter, the column that must have the value.
    ranges: by the beginning of two parameters, `_min` and `_max`, the column between them.
    searched: where `q` looks for its text.
    ranks: values in their order, where that is not the order of the alphabet.
    """

    table: Table
    query: type[Any]
    equal: Mapping[str, Column[Any]]
    ranges: Mapping[str, Column[Any]]
    searched: Sequence[Column[Any]] = ()
    ranks: Mapping[str, Sequence[str]] = field(default_factory=dict)
    sort: str = "id"

    def __post_init__(self) -> None:
        """Raise ValueError where a parameter would be read and then do nothing."""
        ranges = {f"{name}{end}" for name in self.ranges for end in ("_min", "_max")}
        used = {"limit", "cursor", "sort", "q", *self.equal, *ranges}
        if unused := self.query.__annotations__.keys() - used:
            raise ValueError(f"{self.query.__name__} has what its Listing lacks: {unused}")


def read_page(
    session: Session, listing: Listing, query: Mapping[str, object]
) -> tuple[Sequence[Row[*tuple[Any, ...]]], str | None]:
    """Read one page of rows, and the cursor of the page that follows, if one does."""
    values: dict[str, Any] = dict(query)
    sort, limit = values.pop("sort", listing.sort), values.pop("limit", LIMIT)
    cursor = values.pop("cursor", None)
    place = {} if cursor is None else _read_cursor(listing, sort, cursor)
    statement = _select(listing, sort, frozenset(values), frozenset(place))
    if "q" in values:
        values["q"] = values["q"].replace("/", "//").replace("%", "/%").replace("_", "/_")
    bound = {f"where_{name}": value for name, value in values.items()}
    found = session.execute(statement, bound | place | {"page_limit": limit + 1}).all()
    if len(found) <= limit:
        return found, None
    return found[:limit], _write_cursor(listing, sort, found[limit - 1])


@lru_cache(maxsize=500)
def _select(
    listing: Listing, sort: str, names: frozenset[str], place: frozenset[str]
) -> Select[*tuple[Any, ...]]:
    """Make the statement of a page: by its filters, and by what is known of its place."""
    column, key = _find_key(listing, sort)
    row_id, falls = listing.table.c.id, sort.startswith("-")
    order = key.desc() if falls else key.asc()
    ties = [] if column is row_id else [row_id.desc() if falls else row_id.asc()]
    return (
        select(listing.table)
        .where(*_filter(listing, names))
        .where(*_follow(column, key, row_id, falls, place))
        .order_by(order.nulls_last() if column.nullable else order, *ties)
        .limit(bindparam("page_limit"))
    )


def _filter(listing: Listing, names: frozenset[str]) -> Iterator[ColumnElement[bool]]:
    for name in names & listing.equal.keys():
        yield listing.equal[name] == bindparam(f"where_{name}")
    for name, column in listing.ranges.items():
        if f"{name}_min" in names:
            yield column >= bindparam(f"where_{name}_min")
        if f"{name}_max" in names:
            yield column <= bindparam(f"where_{name}_max")
    if "q" in names:
        yield or_(*(text.icontains(bindparam("where_q"), escape="/") for text in listing.searched))


def _follow(
    column: Column[Any],
    key: ColumnElement[Any],
    row_id: Column[Any],
    falls: bool,
    place: frozenset[str],
) -> Iterator[ColumnElement[bool]]:
    """Make the condition of the rows that follow a place: its value, if it has one, and its id."""
    if not place:
        return
    next_ids = row_id < bindparam("after_id") if falls else row_id > bindparam("after_id")
    if column is row_id:
        yield next_ids
    elif "after_value" not in place:
        yield and_(column.is_(None), next_ids)
    else:
        value = bindparam("after_value", type_=key.type)
        beyond = or_(key < value if falls else key > value, and_(key == value, next_ids))
        yield or_(beyond, column.is_(None)) if column.nullable else beyond


def _find_key(listing: Listing, sort: str) -> tuple[Column[Any], ColumnElement[Any]]:
    """Give the column of a sort, and what it is ordered by."""
    name = sort.removeprefix("-")
    column = listing.table.c[name]
    if name not in listing.ranks:
        return column, column
    return column, case({value: n for n, value in enumerate(listing.ranks[name])}, value=column)


def _read_cursor(listing: Listing, sort: str, cursor: str) -> dict[str, Any]:
    """Read the id of a page's last row, and its value as a filter reads it; raise 404."""
    name = sort.removeprefix("-")
    try:
        sorted_by, text, last_id = json.loads(urlsafe_b64decode(cursor + "=="))
        if sorted_by != sort or not isinstance(last_id, int) or not 0 < last_id < 2**63:
            raise ValueError("It is no cursor of this list")
        if text is None:
            return {"after_id": last_id}
        parameter = _find_parameter(listing, name)
        value = check(listing.query, {parameter: text})[parameter]
    except (LookupError, RecursionError, Refusal, TypeError, ValueError) as error:
        raise HTTPException(404, "There is no such page.") from error
    ranks = listing.ranks.get(name)
    return {"after_id": last_id, "after_value": ranks.index(value) if ranks else value}


def _find_parameter(listing: Listing, name: str) -> str:
    """Give the parameter that reads values of this column."""
    parameters = {column.name: f"{name}_min" for name, column in listing.ranges.items()}
    parameters |= {column.name: name for name, column in listing.equal.items()}
    return parameters[name]


def _write_cursor(listing: Listing, sort: str, row: Row[*tuple[Any, ...]]) -> str:
    column, _ = _find_key(listing, sort)
    value = None if column is listing.table.c.id else row._mapping[column]
    if isinstance(value, bool):
        value = "true" if value else "false"
    elif isinstance(value, dt.datetime):
        value = value.isoformat()
    elif value is not None:
        value = str(value)
    text = json.dumps([sort, value, row.id], separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")
