"""The resource language: `task title:str notes:text? done:bool=false`.

RESOURCE = NAME FIELD+            separated by blanks
FIELD    = name:TYPE[?][=DEFAULT] the default is the rest of the word; quotes for blanks
TYPE     = a key of fields.TYPES
"""

import keyword
import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from starlette_new.errors import UsageProblem, show
from starlette_new.fields import TYPES
from starlette_new.names import (
    RESERVED_CLASSES,
    RESERVED_FIELDS,
    RESERVED_PATTERN,
    RESERVED_PLURALS,
    check_word,
    make_class,
    pluralize,
    singularize,
)

_FIELD = re.compile(r"(?P<name>[^:=?]+):(?P<type>[^:=?]*)(?P<null>\?)?(?:=(?P<default>.*))?", re.S)


EXAMPLE = '"task title:str notes:text? done:bool=false"'


MOST = 100
"""Resources in a project, and fields in a resource."""


@dataclass(frozen=True)
class Field:
    """One column: its name, its type, whether it may be null, and its default, if it has one."""

    name: str
    type: str
    nullable: bool = False
    has_default: bool = False
    default: object = None

    @property
    def required(self) -> bool:
        return not self.nullable and not self.has_default


@dataclass(frozen=True)
class Resource:
    """One table: its line as it was given, its name in the singular, and its fields in order."""

    line: str
    name: str
    fields: tuple[Field, ...]

    @property
    def plural(self) -> str:
        return pluralize(self.name)

    @property
    def class_name(self) -> str:
        return make_class(self.name)


def parse_resource(line: str) -> Resource:
    """Read one line of the resource language; raise UsageProblem."""
    shown = show(line)
    if not line.isprintable():
        raise _wrong(f"The resource {shown} has a character that cannot be printed.")
    try:
        words = shlex.split(line)
    except ValueError:
        raise _wrong(f"The resource {shown} has a quote that is never closed.") from None
    if not words:
        raise _wrong(f"The resource {shown} is blank.")
    if len(words) == 1 or ":" in words[0]:
        raise _wrong(f"The resource {shown} needs a name and, after it, at least one field.")
    name = singularize(check_word(words[0], "resource"))
    if pluralize(name) in RESERVED_PLURALS or name.startswith("sqlite_"):
        raise _wrong(
            f"The resource {shown} has a name that the application or SQLite needs itself."
        )
    words_made = (name, pluralize(name), make_class(name))
    if any(map(keyword.iskeyword, words_made)) or make_class(name) in RESERVED_CLASSES:
        raise _wrong(f"The resource {shown} has a name that Python or its table needs itself.")
    if len(words) > MOST + 1:
        raise _wrong(f"The resource {shown} has more than {MOST} fields.", "Make two of it.")
    fields = tuple(_parse_field(word) for word in words[1:])
    _check_once([field.name for field in fields], f"The resource {shown} has two fields called")
    return Resource(line.strip(), name, fields)


def check_resources(resources: Sequence[Resource]) -> None:
    """Raise UsageProblem if there are too many, or two would share a table or a class."""
    if len(resources) > MOST:
        raise _wrong(f"There are {len(resources)} resources.", f"Make at most {MOST}.")
    _check_once([resource.plural for resource in resources], "Two resources would share the table")
    _check_once([resource.class_name for resource in resources], "Two resources make the class")


def _parse_field(word: str) -> Field:
    parts = _FIELD.fullmatch(word)
    if parts is None:
        raise _wrong(f"The field {show(word)} is not written as name:type.")
    name = check_word(parts["name"], "field")
    if name in RESERVED_FIELDS or RESERVED_PATTERN.fullmatch(name) or keyword.iskeyword(name):
        raise _wrong(
            f"The field {show(word)} has a name that the database or Python needs itself.",
            f"Call it the_{name}, for example.",
        )
    kind = TYPES.get(parts["type"])
    if kind is None:
        near = get_close_matches(parts["type"].lower(), TYPES, 1, 0.5)
        raise _wrong(
            f"The field {show(word)} has a type that is not known.",
            f"{f'Did you mean {near[0]}? ' if near else ''}The types are {', '.join(TYPES)}; "
            "a field is required unless it ends in ? or has a =default.",
        )
    nullable = parts["null"] is not None
    if parts["default"] is None:
        return Field(name, parts["type"], nullable)
    try:
        return Field(name, parts["type"], nullable, True, kind.parse(parts["default"]))
    except ValueError as expected:
        raise _wrong(
            f"The field {show(word)} has a default that its type does not allow.",
            f"Give {expected}.",
        ) from None


def _check_once(names: Sequence[str], message: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise _wrong(f"{message} {show(name)}.", "Give each its own name.")


def _wrong(message: str, hint: str = f"Write it like {EXAMPLE}.") -> UsageProblem:
    return UsageProblem(message, hint, field="resources")
