"""What a type of the resource language is, and how those with parameters are made.

A row holds Python source, ready to be placed: the templates decide nothing.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from starlette_new import defaults
from starlette_new.defaults import Parser

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
LONGEST_SORTED = 500
"""Characters. A longer value does not fit into the cursor of a list."""
MOST_DIGITS = 18
MOST_PLACES = 6
"""Digits after the point. Python writes decimals of more places with an exponent."""
MOST_CHOICES = 50
LONGEST_CHOICE = 40


@dataclass(frozen=True)
class FieldType:
    """One type of the resource language, with its parameters.

    accepts, limits: what a client may send, and how far it may go, for people.
    python: the annotation of a value that was read.
    write, query: the annotations of a value in a body, and in a query string; the second is empty
    where lists cannot be filtered by it.
    column: the SQLAlchemy type. sql: the type in SQLite's own language. Both are empty where a
    table of its own holds the values.
    parse: reads a value that is written as text; raises ValueError with what is expected.
    samples: three values that a client may send, different where there are so many.
    kept, refused: values at the limits and beyond them, null aside.
    rewritten: values that are sent in one form and given back in another.
    ranged: lists can be filtered by a least and a greatest value.
    sorts: lists can be sorted by it. searched: `q` looks into it.
    choices: what an enum allows, in order.
    control: how a form asks for it: a key of view_controls.CONTROLS. form: the annotation of a
    value in a form, where it is not that of a body.
    """

    accepts: str
    limits: str
    python: str
    write: str
    query: str
    column: str
    sql: str
    parse: Parser = field(compare=False)
    samples: tuple[str, str, str]
    kept: tuple[str, ...]
    refused: tuple[str, ...]
    rewritten: tuple[tuple[str, str], ...] = ()
    ranged: bool = False
    sorts: bool = True
    searched: bool = False
    choices: tuple[str, ...] = ()
    control: str = "text"
    form: str = ""


Words = tuple[str, ...]
Make = Callable[[Words], FieldType]
"""Makes a row from the words in the parentheses; raises ValueError with what is expected."""


def make_alone(row: FieldType) -> Make:
    """Make the maker of a type that has no parameters."""

    def make(words: Words) -> FieldType:
        if words:
            raise ValueError("its name alone, without parentheses")
        return row

    return make


def _read_number(what: str, word: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", word) or not least <= int(word) <= most:
        raise ValueError(f"a number of {what} from {least} to {most:,}")
    return int(word)


def make_str(words: Words) -> FieldType:
    """Make the row of `str`, or of `str(20)`."""
    if len(words) > 1:
        raise ValueError("one number")
    longest = _read_number("characters", words[0], 1, LONGEST_TEXT) if words else LONGEST_LINE
    row = make_text(longest, f"sa.String({_write_size(longest)})", ("Delta", "Alpha", "Echo"))
    limits = f"1 to {longest:,} characters (of at most {LONGEST_TEXT:,}), none of them NUL"
    return replace(row, limits=limits)


def make_text(longest: int, column: str, samples: tuple[str, str, str]) -> FieldType:
    """Make a row of texts that differ in how long they may be."""
    size = _write_size(longest)
    first, second, third = (f'"{sample[:longest]}"' for sample in samples)
    return FieldType(
        accepts="a text",
        limits=f"1 to {longest:,} characters, none of them NUL",
        python="str",
        write=f"Annotated[str, text({size})]",
        query=f"Annotated[str, text({size})]",
        column=column,
        sql="TEXT",
        parse=defaults.read_text(longest),
        samples=(first, second, third),
        kept=('"é"', f'"x" * {size}'),
        refused=('""', f'"x" * {_write_size(longest + 1)}', "1", '"\\0"'),
        sorts=longest <= LONGEST_SORTED,
        searched=True,
    )


def _write_size(number: int) -> str:
    return f"{number:_}" if number > 9999 else str(number)


def make_decimal(words: Words) -> FieldType:
    """Make the row of `decimal(10,2)`."""
    if len(words) != 2:
        raise ValueError("its digits, and how many of them follow the point, as in decimal(10,2)")
    digits = _read_number("digits", words[0], 1, MOST_DIGITS)
    places = _read_number("places", words[1], 0, min(digits, MOST_PLACES))
    point = f".{'0' * places}" if places else ""
    most = ("9" * (digits - places) or "0") + point.replace("0", "9")
    over = f"1{'0' * (digits - places)}{point}"
    nothing = "0" * places
    first, second, third = _sample_decimals(digits, places)
    return FieldType(
        accepts=f"a text such as `{first}`",
        limits=f"{digits} digits (of at most {MOST_DIGITS}), {places} of them after the point "
        f"(of at most {MOST_PLACES})",
        python="Decimal",
        write=f"Decimal{digits}_{places}",
        query=f"Decimal{digits}_{places}",
        column=f"ExactDecimal({digits}, {places})",
        sql="TEXT",
        parse=defaults.read_decimal(digits, places),
        samples=(first, second, third),
        kept=(f'"{most}"', f'"-{most}"'),
        refused=(f'"{over}"', f'"0.{nothing}1"', '"1e1"', '"NaN"', '""', "1"),
        rewritten=(('"-0"', f'"0{point}"'),),
        ranged=True,
        control="decimal",
    )


def _sample_decimals(digits: int, places: int) -> tuple[str, str, str]:
    if digits == places:
        fraction = "0" * (places - 1)
        return f'"0.{fraction}5"', f'"-0.{fraction}3"', f'"0.{fraction}8"'
    point = f".{'5':0<{places}}" if places else ""
    return f'"7{point}"', f'"-3{point}"', f'"8{point}"'


def make_enum(words: Words) -> FieldType:
    """Make the row of `enum(new,paid)`."""
    if not 2 <= len(words) <= MOST_CHOICES or len(set(words)) < len(words):
        raise ValueError(f"2 to {MOST_CHOICES} different values, as in enum(new,paid)")
    form = rf"[A-Za-z0-9][A-Za-z0-9_.-]{{0,{LONGEST_CHOICE - 1}}}"
    if not all(re.fullmatch(form, word) for word in words):
        raise ValueError(
            f"values of 1 to {LONGEST_CHOICE} letters, digits, dots, _ and -, the first of them "
            "a letter or digit"
        )
    sources = tuple(json.dumps(word) for word in words)
    literal = f"Literal[{', '.join(sources)}]"
    return FieldType(
        accepts="one of its values",
        limits=f"2 to {MOST_CHOICES} values; 1 to {LONGEST_CHOICE} letters, digits, dots, _ and -",
        python=literal,
        write=literal,
        query=literal,
        column=f"sa.String({max(map(len, words))})",
        sql="TEXT",
        parse=defaults.read_choice(words),
        samples=(sources[-1], sources[0], sources[1]),
        kept=sources,
        refused=('""', '"none of these"', "1"),
        choices=words,
        control="choice",
    )


def make_reference(row: FieldType, least: int, example: str) -> Make:
    """Make the maker of a type whose parameter, in at least so many words, is a resource."""

    def make(words: Words) -> FieldType:
        if not least <= len(words) <= 1 or words == ("",):
            raise ValueError(f"one resource, as in {example}")
        return row

    return make


def make_form(
    accepts: str, limits: str, name: str, longest: int, form: str, sample: str
) -> FieldType:
    """Make a row of texts of one form, which generated code checks as the kind called `name`."""
    return FieldType(
        accepts=accepts,
        limits=limits,
        python="str",
        write=name,
        query=name,
        column=f"sa.String({_write_size(longest)})",
        sql="TEXT",
        parse=defaults.read_form(rf"(?=.{{1,{longest}}}\Z){form}", accepts.replace("`", "")),
        samples=(f'"{sample.format("d")}"', f'"{sample.format("a")}"', f'"{sample.format("e")}"'),
        kept=(),
        refused=('""', '"no"', "1", f'"{sample.format("a")}\\n"'),
        sorts=longest <= LONGEST_SORTED,
        searched=True,
    )
