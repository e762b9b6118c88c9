"""The resource language: `task title:str notes:text? done:bool=false project:ref`.

RESOURCE = NAME FIELD+                                 separated by blanks
FIELD    = name:TYPE[?][:unique][:index][=DEFAULT]     the default is the rest of the word
TYPE     = a key of fields.TYPES, with its parameters in parentheses: decimal(10,2)
"""

import keyword
import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette_new.defaults import LONGEST, Default
from starlette_new.errors import show
from starlette_new.field_types import FieldType
from starlette_new.fields import TYPES
from starlette_new.names import (
    RESERVED_FIELDS,
    RESERVED_WORDS,
    UNSAFE_CLASSES,
    check_word,
    make_class,
    pluralize,
    singularize,
)
from starlette_new.refusals import EXAMPLE, blaming, check_once, suggest, wrong

MOST = 100
"""Resources in a project, and fields in a resource."""
MARKS = ("unique", "index")
NEVER_UNIQUE = ("bool", "enum", "text", "json")
NEVER_INDEXED = ("json",)
OTHER_NAMES = {
    "string": "str", "varchar": "str", "char": "str", "integer": "int", "bigint": "int",
    "number": "decimal", "numeric": "decimal", "money": "decimal", "double": "float",
    "boolean": "bool", "timestamp": "datetime", "guid": "uuid", "dict": "json", "jsonb": "json",
    "choice": "enum", "references": "ref", "belongs_to": "ref", "fk": "ref", "has_many": "many",
}  # fmt: skip
"""What other languages call the types."""

WORD = re.compile(r"""(?:"[^"]*"|'[^']*'|[^\s"'])+""")
FIELD = re.compile(
    r"(?P<name>[^:=?(]+):(?P<type>[^:=?()]*)(?P<words>\([^()]*\))?(?P<null>\?)?"
    r"(?P<marks>(?::[^:=?]*)*)(?:=(?P<default>.*))?",
    re.S,
)


@dataclass(frozen=True)
class Field:
    """One column, or one list of references: its name, its type, and what it may be.

    name: the member in JSON, and the column. word: the name that was given (`project` for
    `project_id`). target: the resource that a reference points at, in the singular.
    """

    name: str
    word: str
    type: str
    kind: FieldType
    nullable: bool = False
    unique: bool = False
    index: bool = False
    default: Default | None = None
    target: str = ""

    @property
    def required(self) -> bool:
        return not self.nullable and self.default is None and not self.is_many

    @property
    def is_ref(self) -> bool:
        return self.type == "ref"

    @property
    def is_many(self) -> bool:
        return self.type == "many"


@dataclass(frozen=True)
class Resource:
    """One table: its line as it was given, its name in the singular, and its fields in order.

    label: the field that names a row. board: an enum field, or empty. sort: the default order, a
    column with - before it where it falls. sample: rows, each a tuple of fields' names and the
    values that a client would send, as Python source. entry: the mapping that it was given as, in
    JSON; empty where it was a line. engine: the database whose columns its fields have.
    """

    line: str
    name: str
    fields: tuple[Field, ...]
    label: str = "id"
    board: str = ""
    sort: str = "id"
    sample: tuple[tuple[tuple[str, str], ...], ...] = ()
    entry: str = ""
    engine: str = "sqlite"

    @property
    def plural(self) -> str:
        return pluralize(self.name)

    @property
    def class_name(self) -> str:
        name = make_class(self.name)
        return f"{name}Row" if name in UNSAFE_CLASSES else name


def parse_resource(line: str) -> Resource:
    """Read one line of the resource language; raise LineProblem."""
    with blaming(line):
        return _parse_line(line)


def _parse_line(line: str) -> Resource:
    shown = show(line)
    if not line.isprintable():
        raise wrong(f"The resource {shown} has a character that cannot be printed.")
    words = WORD.findall(line)
    if re.sub(r"\s", "", line) != re.sub(r"\s", "", "".join(words)):
        raise wrong(
            f"The resource {shown} has a quote that is never closed.",
            "Put quotes around the whole default, one that has none of them inside: "
            'title:str="It\'s".',
        )
    if not words:
        raise wrong(f"The resource {shown} is blank.")
    if len(words) == 1 or ":" in words[0]:
        raise wrong(f"The resource {shown} needs a name and, after it, at least one field.")
    if len(words) > MOST + 1:
        raise wrong(f"The resource {shown} has more than {MOST} fields.", "Make two of it.")
    name = _parse_name(words[0], shown)
    fields = tuple(_parse_field(word) for word in words[1:])
    for names in ([field.name for field in fields], [field.word for field in fields]):
        check_once(names, f"The resource {shown} has two fields called")
    return Resource(
        line.strip(), name, fields, label=_find_label(fields), board=_find_board(fields)
    )


def _find_label(fields: Sequence[Field]) -> str:
    texts = [field for field in fields if field.kind.python == "str"]
    return next((f.name for f in sorted(texts, key=lambda f: f.type != "str")), "id")


def _find_board(fields: Sequence[Field]) -> str:
    enums = [field for field in fields if field.kind.choices and not field.nullable]
    return next((field.name for field in enums), "")


def _parse_name(word: str, shown: str) -> str:
    name = singularize(check_word(word, "resource"))
    if {name, pluralize(name)} & RESERVED_WORDS or name.startswith(("sqlite_", "pg_")):
        raise wrong(
            f"The resource {shown} has a name that the application or the database needs itself.",
            f"Call it my_{name}, for example.",
        )
    if any(map(keyword.iskeyword, (name, make_class(name)))):
        raise wrong(
            f"The resource {shown} has a name that Python needs itself.",
            f"Call it my_{name}, for example.",
        )
    return name


def _parse_field(word: str) -> Field:
    parts = FIELD.fullmatch(word)
    if parts is None or re.search("['\"]", parts["name"]):
        raise wrong(f"The field {show(word)} is not written as name:type.", _explain(word))
    given = check_word(parts["name"], "field")
    kind = _parse_type(word, parts["type"], parts["words"])
    marks = _parse_marks(word, parts)
    refers = parts["type"] in ("ref", "many")
    if parts["type"] == "many" and (marks or parts["null"] or parts["default"] is not None):
        raise wrong(
            f"The field {show(word)} is a list, which takes no mark and no default.",
            f"Write {given}:many{parts['words']}.",
        )
    name = {"ref": f"{given}_id", "many": f"{singularize(given)}_ids"}.get(parts["type"], given)
    if name in RESERVED_FIELDS or {name, given, parts["name"]} & set(keyword.kwlist):
        raise wrong(
            f"The field {show(word)} has a name that every table or Python needs itself.",
            f"Call it the_{given}, for example.",
        )
    target = (parts["words"] or f"({given})")[1:-1] if refers else ""
    return Field(
        name,
        given,
        parts["type"],
        kind,
        nullable=parts["null"] is not None,
        unique="unique" in marks,
        index="index" in marks,
        default=_parse_default(word, kind, parts),
        target=singularize(check_word(target, "resource")) if refers else "",
    )


def _parse_type(word: str, name: str, words: str | None) -> FieldType:
    make = TYPES.get(name)
    if make is None:
        near = OTHER_NAMES.get(name.lower(), name.lower())
        raise wrong(
            f"The field {show(word)} has a type that is not known.",
            _explain(word)
            if "!" in name
            else f"{suggest(near, TYPES)}The types are {', '.join(TYPES)}; "
            "a field is required unless it ends in ? or has a =default.",
        )
    try:
        return make(tuple(words[1:-1].split(",")) if words else ())
    except ValueError as expected:
        raise wrong(
            f"The field {show(word)} has a type that is not whole.",
            f"{name} needs {expected}.",
        ) from None


def _parse_marks(word: str, parts: re.Match[str]) -> list[str]:
    marks = parts["marks"].split(":")[1:]
    for mark in marks:
        if mark not in MARKS:
            raise wrong(
                f"The field {show(word)} has a mark that is not known: {show(mark)}.",
                f"{suggest(mark.lower(), MARKS)}The marks are :unique and :index; "
                "? comes before them, and =default after.",
            )
        if marks.count(mark) > 1:
            raise wrong(f"The field {show(word)} has a mark twice.", f"Write :{mark} once.")
    if "unique" in marks and parts["type"] in NEVER_UNIQUE:
        raise wrong(f"The field {show(word)} cannot be unique.", "Leave :unique out.")
    if marks and parts["type"] in NEVER_INDEXED:
        raise wrong(f"The field {show(word)} cannot have an index.", "Leave :index out.")
    return marks


def _parse_default(word: str, kind: FieldType, parts: re.Match[str]) -> Default | None:
    text = parts["default"]
    if text is None:
        return None
    if len(text) > LONGEST:
        raise wrong(
            f"The field {show(word)} has a default of more than {LONGEST} characters.",
            "Give a shorter one.",
        )
    is_bare_json = parts["type"] == "json" and text[:1] not in ("'", '"')
    try:
        return kind.parse(text if is_bare_json else _unquote(text))
    except ValueError as expected:
        raise wrong(
            f"The field {show(word)} has a default that its type does not allow.",
            f"Give {expected}.",
        ) from None


def _unquote(text: str) -> str:
    whole = re.fullmatch(r"""(["'])(.*)\1""", text)
    if whole and whole[1] not in whole[2]:
        return whole[2]
    if "'" in text or '"' in text:
        raise ValueError("quotes around all of it, or none")
    return text


def _explain(word: str) -> str:
    if "(" in word and ")" not in word:
        return "Leave no blank between the parentheses: decimal(10,2), enum(new,paid)."
    if "!" in word:
        return "There is no mark !: a field is required unless it ends in ? or has a =default."
    if re.match("[^:=]*['\"]", word):
        return 'Quotes go around a default alone: title:str="No title".'
    if "?" in word:
        return "? comes right after the type: title:str?, status:enum(new,paid)?:index=new."
    return f"Write it like {EXAMPLE}."
