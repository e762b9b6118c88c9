"""The table of field types: all that the templates need to know about each, in one row."""

from dataclasses import replace

from starlette_new import defaults
from starlette_new.field_types import (
    LONGEST_TEXT,
    FieldType,
    Make,
    Words,
    make_alone,
    make_decimal,
    make_enum,
    make_form,
    make_reference,
    make_str,
    make_text,
)

TEXT = replace(
    make_text(LONGEST_TEXT, "sa.Text()", ("Many words", "A few words", "No more words")),
    control="area",
)
INT = FieldType(
    accepts="a whole number",
    limits="64 bits: from -2⁶³ to 2⁶³ - 1",
    python="int",
    write="Int",
    query="IntText",
    column="sa.BigInteger()",
    sql="INTEGER",
    parse=defaults.read_int,
    samples=("7", "-3", "8"),
    kept=("-(2**63)", "2**63 - 1"),
    refused=("-(2**63) - 1", "2**63", '"1"', "1.5", "True"),
    rewritten=(("5.0", "5"),),
    ranged=True,
    control="int",
    form="IntText",
)
FLOAT = replace(
    INT,
    accepts="a number",
    limits="64 bits; neither infinite nor NaN",
    python="float",
    write="Float",
    query="FloatText",
    column="sa.Double()",
    sql="REAL",
    parse=defaults.read_float,
    samples=("7.5", "-3.25", "8.125"),
    kept=("0", "-1.5e300", "1e-300"),
    refused=('"1"', "True"),
    rewritten=(),
    control="float",
    form="FloatText",
)
BOOL = FieldType(
    accepts="`true` or `false`",
    limits="nothing else",
    python="bool",
    write="bool",
    query="BoolText",
    column="sa.Boolean()",
    sql="BOOLEAN",
    parse=defaults.read_bool,
    samples=("True", "False", "True"),
    kept=("True", "False"),
    refused=('"yes"', "1"),
    control="bool",
    form="BoolText",
)
DATE = FieldType(
    accepts="a date such as `2026-01-31`",
    limits="the years 1 to 9999",
    python="dt.date",
    write="Date",
    query="Date",
    column="sa.Date()",
    sql="TEXT",
    parse=defaults.read_date,
    samples=('"2026-02-28"', '"2024-02-29"', '"2026-12-31"'),
    kept=('"0001-01-01"', '"9999-12-31"'),
    refused=('"2026-02-29"', '"2026-1-1"', '"20260101"', '""', "1"),
    ranged=True,
    control="date",
)
DATETIME = replace(
    DATE,
    accepts="a moment with its offset such as `2026-01-31T12:00:00Z`; given back in UTC",
    limits="the years 1 to 9999; microseconds",
    python="dt.datetime",
    write="DateTime",
    query="DateTime",
    column="UtcDateTime()",
    sql="TEXT",
    parse=defaults.read_datetime,
    samples=('"2026-02-28T12:00:00Z"', '"2024-02-29T00:00:00Z"', '"2026-12-31T23:59:59Z"'),
    kept=('"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59.999999Z"'),
    refused=('"2026-01-31T12:00:00"', '"0001-01-01T00:00:00+01:00"', '"2026-01-31"', '""', "1"),
    rewritten=(('"2026-01-31T12:00:00.5+02:00"', '"2026-01-31T10:00:00.500000Z"'),),
    control="moment",
    form="MomentText",
)
TIME = replace(
    DATE,
    accepts="a time of day such as `12:00` or `12:00:00`",
    limits="microseconds; without an offset",
    python="dt.time",
    write="Time",
    query="Time",
    column="sa.Time()",
    sql="TEXT",
    parse=defaults.read_time,
    samples=('"12:00:00"', '"00:00:00"', '"23:59:59"'),
    kept=('"00:00:00"', '"23:59:59.999999"'),
    refused=('"24:00"', '"12"', '"12:00Z"', '""', "1"),
    rewritten=(('"09:30"', '"09:30:00"'),),
    control="time",
)
_UUID = "00000000-0000-4000-8000-00000000000{}"
UUID = replace(
    make_form("a UUID", "36 characters", "Uuid", 36, "", _UUID),
    python="UUID",
    column="sa.Uuid()",
    parse=defaults.read_uuid,
    rewritten=((f'"{_UUID.format("F")}"', f'"{_UUID.format("f")}"'),),
    searched=False,
)
JSON = FieldType(
    accepts="any JSON but null",
    limits="20 levels deep",
    python="Any",
    write="Json",
    query="",
    column="sa.JSON(none_as_null=True)",
    sql="JSON TEXT",
    parse=defaults.read_json,
    samples=('{"a": [1, 2.5, None]}', '{"b": {}}', "{}"),
    kept=("[]", "{}", '""', "0", "False", "1e300", r"""{"\0": "\0\ufffe0000\\u0000"}"""),
    refused=("[" * 21 + "]" * 21,),
    sorts=False,
    control="json",
    form="JsonText",
)
_PART = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = replace(
    make_form(
        "an e-mail address",
        "254 characters, 64 of them before the @",
        "Email",
        254,
        rf"(?=.{{1,64}}@){_ATOM}(\.{_ATOM})*@({_PART}\.)+{_PART}",
        "{}@example.org",
    ),
    control="email",
)
_PATH = r"([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
URL = replace(
    make_form(
        "an address that begins with `http://` or `https://`",
        "2,000 characters",
        "Url",
        2000,
        rf"https?://{_PART}(\.{_PART})*(:[0-9]{{1,5}})?([/?]{_PATH})?(#{_PATH})?",
        "https://example.org/{}",
    ),
    control="url",
)
COLOR = replace(
    make_form(
        "a color such as `#1a2b3c`", "7 characters", "Color", 7, "#[0-9a-fA-F]{6}", "#00000{}"
    ),
    searched=False,
    control="color",
)
ID = replace(
    INT,
    accepts="the `id` of a row that exists",
    limits="from 1 to 2⁶³ - 1",
    write="Id",
    query="IdText",
    column="sa.Integer()",
    parse=defaults.read_none,
    samples=("1", "1", "1"),
    kept=(),
    refused=("0", "-1", "2**63", '"1"', "1.5", "True"),
    rewritten=(),
    ranged=False,
    control="reference",
    form="IdText",
)
IDS = replace(
    ID,
    accepts="a list of `id`s of rows that exist, each once",
    limits="100 of them",
    python="list[int]",
    write="Ids",
    query="IdText",
    column="",
    sql="",
    samples=("[]", "[]", "[]"),
    refused=("1", "[0]", '["1"]', "[1, 1]", "None"),
    sorts=False,
    control="references",
    form="IdTexts",
)


def _split(form: str) -> Words:
    words = form.partition("(")[2].removesuffix(")")
    return tuple(words.split(",")) if words else ()


TYPES: dict[str, Make] = {
    "str": make_str,
    "text": make_alone(TEXT),
    "int": make_alone(INT),
    "float": make_alone(FLOAT),
    "decimal": make_decimal,
    "bool": make_alone(BOOL),
    "date": make_alone(DATE),
    "datetime": make_alone(DATETIME),
    "time": make_alone(TIME),
    "uuid": make_alone(UUID),
    "json": make_alone(JSON),
    "email": make_alone(EMAIL),
    "url": make_alone(URL),
    "color": make_alone(COLOR),
    "enum": make_enum,
    "ref": make_reference(ID, 0, "author:ref(user)"),
    "many": make_reference(IDS, 1, "labels:many(label)"),
}
"""The words of the language, and how each makes its row."""

FORMS: dict[str, FieldType] = {
    form: TYPES[form.partition("(")[0]](_split(form))
    for form in (
        "str", "str(20)", "text", "int", "float", "decimal(10,2)", "bool", "date", "datetime",
        "time", "uuid", "json", "email", "url", "color", "enum(new,paid)", "ref", "ref(user)",
        "many(label)",
    )
}  # fmt: skip
"""The types as they are written, with every kind of parameters."""


def make_list(items: list[str], *, quote: bool = True) -> str:
    """Write a list as Python source; items that are source already are not quoted."""
    return f"[{', '.join(defaults.make_source(item) if quote else item for item in items)}]"


def make_dict(items: dict[str, str]) -> str:
    """Write a dict as Python source, its values being source already."""
    return "{" + ", ".join(f'"{key}": {value}' for key, value in items.items()) + "}"
