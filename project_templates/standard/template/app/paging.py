"""Lists, a page at a time: a cursor holds its place however many rows come and go."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Generic, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _decode_cursor(value: str) -> int:
    try:
        return int(urlsafe_b64decode(value + "=="))
    except ValueError as error:
        raise ValueError("not a cursor of this list") from error


class PageQuery(BaseModel):
    """The page a client asks for: at most `limit` rows, those that follow the id in `cursor`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=100)] = 20
    cursor: Annotated[int, Field(ge=0, lt=2**63), BeforeValidator(_decode_cursor)] = 0


class HasId(Protocol):
    @property
    def id(self) -> int: ...


RowT = TypeVar("RowT", bound=HasId)


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Rows in the order of their ids, and the cursor of the page that follows, if one does."""

    items: Sequence[RowT]
    next: str | None


def make_page(rows: Sequence[RowT], limit: int) -> Page[RowT]:
    """Make a page of at most `limit` rows; one row more tells that another page follows."""
    if len(rows) <= limit:
        return Page(rows, None)
    items = rows[:limit]
    return Page(items, urlsafe_b64encode(b"%d" % items[-1].id).decode().rstrip("="))
