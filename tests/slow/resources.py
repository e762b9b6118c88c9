"""Resources as clients see them: addresses, the members of a row, and values to send."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette_new.names import pluralize, singularize

_WORD = re.compile(
    r"(?P<name>\w+):(?P<type>\w+)(?:\((?P<words>[^()]*)\))?(?P<null>\?)?"
    r"(?P<marks>(?::\w+)*)(?:=(?P<default>.*))?"
)


@dataclass(frozen=True)
class Member:
    """One member of a row in JSON. words: what stood in the parentheses of its type."""

    name: str
    type: str
    words: tuple[str, ...]
    target: str
    nullable: bool
    unique: bool
    has_default: bool

    @property
    def required(self) -> bool:
        return not (self.nullable or self.has_default or self.type == "many")


@dataclass(frozen=True)
class Resource:
    name: str
    members: tuple[Member, ...]

    @property
    def path(self) -> str:
        return f"/api{self.page}"

    @property
    def page(self) -> str:
        """Where a browser finds its rows."""
        return f"/{pluralize(self.name)}"

    @property
    def is_searched(self) -> bool:
        """Tell whether its list can be searched: a row holds some text."""
        return any(member.type in ("str", "text") for member in self.members)

    def make_row(self, number: int, ids: Mapping[str, int]) -> dict[str, object]:
        """Make a row that may be sent. ids: of rows that it may refer to, by their resource."""
        return {member.name: make_value(member, number, ids) for member in self.members}


def read_line(line: str) -> Resource:
    """Read a line of the resource language that the tool has accepted."""
    name, *words = line.split()
    return Resource(name, tuple(map(_read_word, words)))


def _read_word(word: str) -> Member:
    parts = _WORD.fullmatch(word)
    if parts is None:
        raise SystemExit(f"This proof cannot read the field {word}.")
    given, kind = parts["name"], parts["type"]
    names = {"ref": f"{given}_id", "many": f"{singularize(given)}_ids"}
    words = tuple((parts["words"] or "").split(",")) if parts["words"] else ()
    target = (words[0] if words else given) if kind in names else ""
    return Member(
        names.get(kind, given),
        kind,
        words,
        target,
        nullable=parts["null"] is not None,
        unique=":unique" in parts["marks"],
        has_default=parts["default"] is not None,
    )


_MAKERS: dict[str, Callable[[int], object]] = {
    "str": lambda number: f"text {number}",
    "text": lambda number: f"A text,\nnumber {number}",
    "int": lambda number: number,
    "float": lambda number: number + 0.5,
    "decimal": lambda number: str(number % 10),
    "bool": lambda number: number % 2 == 0,
    "date": lambda number: f"2026-01-{number % 31 + 1:02}",
    "datetime": lambda number: f"2026-01-31T12:00:{number % 60:02}Z",
    "time": lambda number: f"12:{number % 60:02}:00",
    "uuid": lambda number: f"00000000-0000-4000-8000-{number:012x}",
    "json": lambda number: {"number": [number, None, "é"]},
    "email": lambda number: f"user{number}@example.org",
    "url": lambda number: f"https://example.org/{number}",
    "color": lambda number: f"#{number % 2**24:06x}",
    "many": lambda _: [],
}


def make_value(member: Member, number: int, ids: Mapping[str, int]) -> object:
    """Make a value that may be sent for a member; another number makes another, if it can."""
    if member.type == "enum":
        return member.words[number % len(member.words)]
    if member.type == "ref":
        return ids.get(member.target)
    value = _MAKERS[member.type](number)
    if member.type == "str" and member.words:
        return str(value)[-int(member.words[0]) :]
    return value
