"""The table of field types: all that the templates need to know about each, in one row.

A row holds Python source, ready to be placed: the templates decide nothing.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_DEFAULT = 60
INT_LIMIT = 2**63


@dataclass(frozen=True)
class FieldType:
    """One type of the resource language.

    accepts: what a client may send, for people.
    python: the annotation of a value that was read.
    schema: the annotation of a value that is sent.
    column: the SQLAlchemy type.
    sql: the type in SQLite's own language.
    server_default: makes the source of the database's default from that of the Python default.
    sql_default: makes SQLite's default from the Python default.
    parse: turns the text after `=` into a value; raises ValueError with what is expected.
    sample: a value that is not the default.
    kept, refused: values at the limits and beyond them, null aside.
    """

    accepts: str
    python: str
    schema: str
    column: str
    sql: str
    server_default: Callable[[str], str]
    sql_default: Callable[[str], str]
    parse: Callable[[str], object]
    sample: str
    kept: tuple[str, ...]
    refused: tuple[str, ...]


def _parse_text(text: str) -> str:
    if not text or len(text) > LONGEST_DEFAULT:
        raise ValueError(f"a text of 1 to {LONGEST_DEFAULT} characters")
    return text


def _parse_int(text: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or not -INT_LIMIT <= int(text) < INT_LIMIT:
        raise ValueError("a whole number of at most 64 bits")
    return int(text)


def _parse_bool(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("true or false")
    return text == "true"


def _quote_sql(source: str) -> str:
    value = json.loads(source).replace("'", "''")
    return f"'{value}'"


def _text(longest: int, column: str, sample: str) -> FieldType:
    size = f"{longest:_}" if longest > 9999 else str(longest)
    over = f"{longest + 1:_}" if longest > 9999 else str(longest + 1)
    return FieldType(
        accepts=f"a text of 1 to {longest:,} characters",
        python="str",
        schema=f"Annotated[str, Field(min_length=1, max_length={size})]",
        column=column,
        sql="TEXT",
        server_default=str,
        sql_default=_quote_sql,
        parse=_parse_text,
        sample=f'"{sample}"',
        kept=('"x"', f'"x" * {size}'),
        refused=('""', f'"x" * {over}', "1"),
    )


TYPES = {
    "str": _text(200, "sa.String(200)", "One line"),
    "text": _text(20_000, "sa.Text()", "Many words"),
    "int": FieldType(
        accepts="a whole number of 64 bits",
        python="int",
        schema="Annotated[int, Field(ge=-(2**63), lt=2**63)]",
        column="sa.BigInteger()",
        sql="INTEGER",
        server_default=lambda source: f'sa.text("{source}")',
        sql_default=str,
        parse=_parse_int,
        sample="7",
        kept=("-(2**63)", "2**63 - 1", "0"),
        refused=("-(2**63) - 1", "2**63", '"1"', "1.5", "True"),
    ),
    "bool": FieldType(
        accepts="`true` or `false`",
        python="bool",
        schema="bool",
        column="sa.Boolean()",
        sql="BOOLEAN",
        server_default=lambda source: f"sa.{source.lower()}()",
        sql_default=str.upper,
        parse=_parse_bool,
        sample="True",
        kept=("True", "False"),
        refused=('"yes"', "1"),
    ),
}


def make_source(value: object) -> str:
    """Write a default value as Python source."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def make_list(items: list[str], *, quote: bool = True) -> str:
    """Write a list as Python source; items that are source already are not quoted."""
    return f"[{', '.join(make_source(item) if quote else item for item in items)}]"


def make_dict(items: dict[str, str]) -> str:
    """Write a dict as Python source, its values being source already."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in items.items()) + "}"
