"""Lists of a table that has what is hard to sort: nulls, an enum, truth values, moments."""

import datetime as dt
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.exceptions import HTTPException

from app.columns import UtcDateTime
from app.paging import Listing, PageQuery, read_page
from app.values import DateTime, read_as

THINGS = sa.Table(
    "things",
    sa.MetaData(),
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("value", sa.String(), nullable=True),
    sa.Column("size", sa.String(), nullable=False),
    sa.Column("done", sa.Boolean(), nullable=False),
    sa.Column("made", UtcDateTime(), nullable=True),
)
ROWS: list[dict[str, Any]] = [
    {"value": "b", "size": "small", "done": True, "made": dt.datetime(2026, 1, 2, tzinfo=dt.UTC)},
    {"value": None, "size": "large", "done": False, "made": None},
    {"value": "a", "size": "small", "done": True, "made": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
    {"value": "b", "size": "middle", "done": False, "made": None},
    {"value": None, "size": "small", "done": True, "made": None},
]


class ThingQuery(PageQuery, total=False):
    sort: str
    q: str
    value: Annotated[str, Field(min_length=1)]
    size: Annotated[str, Field(pattern="^(small|middle|large)$")]
    done: Annotated[bool, read_as("true or false", "true|false", "true".__eq__)]
    made_min: DateTime
    made_max: DateTime


LISTING = Listing(
    THINGS,
    ThingQuery,
    equal={"value": THINGS.c.value, "size": THINGS.c.size, "done": THINGS.c.done},
    ranges={"made": THINGS.c.made},
    searched=[THINGS.c.value, THINGS.c.size],
    ranks={"size": ["small", "middle", "large"]},
)


@pytest.fixture
def session() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    with Session(engine) as session:
        THINGS.create(session.connection())
        session.execute(THINGS.insert(), ROWS)
        yield session
    engine.dispose()


def read_all(session: Session, **query: object) -> list[int]:
    """Read a list row by row, and give the ids."""
    ids: list[int] = []
    cursor: str | None = "first"
    while cursor:
        given = query | {"limit": 1} | ({} if cursor == "first" else {"cursor": cursor})
        rows, cursor = read_page(session, LISTING, given)
        ids += [row.id for row in rows]
    return ids


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("id", [1, 2, 3, 4, 5]),
        ("-id", [5, 4, 3, 2, 1]),
        ("value", [3, 1, 4, 2, 5]),
        ("-value", [4, 1, 3, 5, 2]),
        ("size", [1, 3, 5, 4, 2]),
        ("-size", [2, 4, 5, 3, 1]),
        ("done", [2, 4, 1, 3, 5]),
        ("-done", [5, 3, 1, 4, 2]),
        ("made", [3, 1, 2, 4, 5]),
        ("-made", [1, 3, 5, 4, 2]),
    ],
)
def test_pages_follow_one_another_in_every_order(
    session: Session, sort: str, ids: list[int]
) -> None:
    assert read_all(session, sort=sort) == ids


def test_rows_that_come_and_go_leave_a_page_in_its_place(session: Session) -> None:
    _, cursor = read_page(session, LISTING, {"sort": "value", "limit": 2})
    session.execute(THINGS.delete().where(THINGS.c.id.in_([1, 3])))
    session.execute(THINGS.insert(), [ROWS[2]])

    rows, _ = read_page(session, LISTING, {"sort": "value", "cursor": cursor})

    assert [row.id for row in rows] == [4, 2, 5]


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"value": "b"}, [1, 4]),
        ({"value": "b", "done": True}, [1]),
        ({"made_min": ROWS[0]["made"]}, [1]),
        ({"made_max": ROWS[2]["made"]}, [3]),
        ({"made_min": ROWS[0]["made"], "made_max": ROWS[2]["made"]}, []),
        ({"value": "b", "sort": "-made"}, [1, 4]),
        ({"q": "A"}, [2, 3]),
        ({"q": "%"}, []),
    ],
)
def test_filters_are_joined(session: Session, query: dict[str, object], ids: list[int]) -> None:
    assert read_all(session, **query) == sorted(ids + [1, 5] * (query == {"q": "A"}))


@pytest.mark.parametrize("sort", ["id", "value"])
@pytest.mark.parametrize(
    "place",
    [
        b"",
        b"no JSON",
        b"\xff",
        b"7",
        b'["value", "a"]',
        b'["id", "1", 1]',
        b'["value", "a", "1"]',
        b'["value", "a", 0]',
        b'["value", "a", 9223372036854775808]',
        b'["value", "", 1]',
        b'["value", [], 1]',
        b'["value", "\\ud800", 1]',
        b"[" * 100_000,
    ],
)
def test_a_cursor_of_nobody_is_404(session: Session, sort: str, place: bytes) -> None:
    cursor = urlsafe_b64encode(place).decode().rstrip("=")

    with pytest.raises(HTTPException) as caught:
        read_page(session, LISTING, {"sort": sort, "cursor": cursor})

    assert caught.value.status_code == 404


def test_a_parameter_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="ThingQuery has what its Listing lacks"):
        Listing(THINGS, ThingQuery, equal={}, ranges={})
