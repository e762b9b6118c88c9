"""Kinds of changes of one field, with rows before and what must stand in them after."""

from collections.abc import Sequence
from dataclasses import dataclass

Values = Sequence[object]
"""As the database keeps them; the rows take them in turn."""


@dataclass(frozen=True)
class FieldCase:
    """One field that comes, goes, or changes: its words before and after; one may be empty.

    values: before; the rest is made up. after: what they become.
    refused: what the error says, where the migration must not run. back_refused: the way back.
    """

    old: str
    new: str
    values: Values = ()
    after: Values = ()
    refused: str = ""
    back_refused: str = ""

    @property
    def name(self) -> str:
        verb = "to" if self.old and self.new else "add" if self.new else "remove"
        words = " ".join(filter(None, [self.old, verb, self.new]))
        return f"{words}, refused" if self.refused else words


def _change(old: str, new: str, **more: str) -> FieldCase:
    return FieldCase(*(kind and f"a:{kind}" for kind in (old, new)), **more)


def _convert(
    old: str, new: str, pairs: Sequence[tuple[object, object]], back_refused: str = ""
) -> FieldCase:
    """Make a case of a column's values that become others, and come back."""
    values, after = zip(*pairs, strict=True)
    return FieldCase(f"values:{old}", f"values:{new}", values, after, "", back_refused)


def _refuse(old: str, new: str, values: Values, refused: str) -> FieldCase:
    given = [*values, None] if "?" in old else values
    return FieldCase(f"group:{old}", f"group:{new}", given, refused=refused)


_UUID = "0123456789abcdef0123456789abcdef"
_HYPHENS = "01234567-89ab-cdef-0123-456789abcdef"
_FIELDS = (
    "str?", "str(20)=x", "text=\"it's\"", "text='a:b %s {x} c'", "int=3", "float=1.5",
    "decimal(10,2)=1.5", "bool=false", "bool=true", "date=today", "date=2026-01-31",
    "datetime=now", "datetime=2026-01-31T12:00:00Z", "time=now", "time=12:00",
    "uuid?:unique", "uuid=0123e456-89ab-cdef-0123-456789abcdef", "json=[]", "json?",
    "email?:unique:index", "url=http://a.example/:8", "color=#102030", "enum(x,y)=y",
    "enum(x,y)?:index", "ref(project)?", "ref(project)?:unique", "ref(task)?",
    "many(label)", "many(task)", "int?:index", "int:index=5", "datetime:index=now",
    "ref(comment)?", "text?:index", "text:index=x",
)  # fmt: skip
_REQUIRED = (
    "str", "str:unique", "text", "int:unique", "float", "decimal(10,2)", "bool",
    "date:unique", "datetime:unique", "time:unique", "uuid:unique", "json",
    "email:unique", "url:unique", "color:unique", "enum(x,y)", "ref(project)",
    "decimal(10,2):unique", "float:unique", "str(20):unique", "time", "uuid",
)  # fmt: skip
_MARKED = (
    ("int", "int:unique"), ("int", "int:index"), ("int?", "int?:unique"), ("int:index", "int"),
    ("str:unique", "str:index"), ("int:unique:index", "int:unique"), ("str", "str=x"),
    ("str=x", "str=y"), ("date=today", "date"), ("date", "date=today"), ("str=x", "str?"),
    ("int", "int?"), ("int?", "int=4"), ("str?", "str=\"it's: \""), ("datetime?", "datetime=now"),
    ("enum(a,b)", "enum(a,b,c)"), ("enum(a,b)", "enum(b,a)"),
    ("enum(a,b)?", "enum(a,b,c)=b"), ("enum(a,b)", "enum(a,b)?"), ("json?", "json=[]"),
    ("enum(a,b)", "enum(a,b,long_one)=long_one"),
    ("uuid?", "uuid=0123e456-89ab-cdef-0123-456789abcdef"),
    ("ref(project)", "ref(project)?"), ("ref(project):unique", "ref(project)"),
    ("ref(project)", "ref(project):unique"), ("time?", "time=now"), ("bool?", "bool=true"),
    ("decimal(10,2)?", "decimal(10,2)=2.5"), ("int:unique", "int?:unique"),
    ("str='CHECK (x)'", "str='CHECK (y)'"), ("text", "text:index"), ("text:index", "text"),
    ("text?:index", "text:index=y"), ("text:index", "str(300)"), ("str", "text:index"),
)  # fmt: skip
_LOST = (
    ("json?", "int?"), ("int=1", "json={}"), ("ref(project)?", "str?"), ("str?", "ref(project)?"),
    ("many(label)", "str?"), ("str?", "many(label)"), ("ref(project)?", "ref(label)?"),
    ("many(label)", "many(project)"), ("ref(project)", "many(project)"), ("uuid?", "date?"),
    ("date", "time=now"), ("ref(project)?", "ref(task)?"), ("int?", "uuid?"),
)  # fmt: skip

FIELD_CASES = [
    *(_change("", one) for one in _FIELDS),
    *(_change(one, "") for one in (*_FIELDS, *_REQUIRED)),
    *(_change(a, b) for a, b in (*_MARKED, *_LOST)),
    _convert("int", "float", [(1, 1.0), (-5, -5.0), (2**53, 2.0**53)]),
    _convert("int", "str", [(1, "1"), (-(2**63), "-9223372036854775808")]),
    _convert("int?", "str(3)=9", [(1, "1"), (999, "999"), (-12, "-12")]),
    _convert("int", "decimal(10,2)", [(1, 100), (-3, -300), (99999999, 9999999900)]),
    _convert("int", "bool", [(1, 1), (0, 0)]),
    _convert("float", "int", [(1.0, 1), (-7.0, -7)]),
    _convert("float", "decimal(10,2)", [(1.25, 125), (-0.1, -10), (1.15, 115)]),
    _convert("float", "text", [(0.1, "0.1"), (1e300, "1.0e+300"), (-2.0, "-2.0")]),
    _convert("float", "bool", [(1.0, 1), (0.0, 0)]),
    _convert("decimal(10,2)", "decimal(12,4)", [(150, 15000), (10**10 - 1, 10**12 - 100)]),
    _convert("decimal(10,2)", "decimal(8,1)", [(150, 15), (-10, -1)]),
    _convert("decimal(10,2)", "decimal(9,2)", [(150, 150), (-999999999, -999999999)]),
    _convert("decimal(10,2)", "str", [(150, "1.50"), (-5, "-0.05"), (0, "0.00")]),
    _convert("decimal(4,0)", "str", [(150, "150"), (-5, "-5")]),
    _convert("decimal(10,2)", "float", [(150, 1.5), (-5, -0.05)]),
    _convert("decimal(10,2)", "int", [(100, 1), (-500, -5)]),
    _convert("decimal(4,0)", "int", [(100, 100), (-5, -5)]),
    _convert("decimal(10,2)", "bool", [(100, 1), (0, 0)]),
    _convert("bool", "int", [(1, 1), (0, 0)]),
    _convert("bool", "float", [(1, 1.0), (0, 0.0)]),
    _convert("bool", "decimal(4,2)", [(1, 100), (0, 0)]),
    _convert("bool?", "str?", [(1, "true"), (0, "false"), (None, None)]),
    _convert("str", "text", [("a", "a"), ("x:y", "x:y")]),
    _convert("str(20)", "str(40)", [("a" * 20, "a" * 20)]),
    _convert("text", "str(20)", [("a" * 20, "a" * 20), ("é", "é")]),
    _convert("enum(a,b)", "str", [("a", "a"), ("b", "b")]),
    _convert("str", "enum(a,b)", [("a", "a"), ("b", "b")]),
    _convert("enum(a,b,c)=a", "enum(a,b)=b", [("a", "a"), ("b", "b"), ("c", "b")]),
    _convert("enum(a,b)=a", "enum(b,c)=c", [("a", "c"), ("b", "b")]),
    _convert("enum(a,b)?", "enum(a,b,c)=c", [("a", "a"), (None, "c")], back_refused="not one of"),
    _convert("enum(a,b,c)?", "enum(a,b)=b", [("a", "a"), (None, "b"), ("c", "b")]),
    _convert("enum(1,2)", "int", [("1", 1), ("2", 2)]),
    _convert("int", "enum(1,2)", [(1, "1"), (2, "2")]),
    _convert("enum(a,b)?", "str=z", [("a", "a"), (None, "z")], back_refused="not one of"),
    _convert("email", "str", [("a@b.example", "a@b.example")]),
    _convert("str", "email", [("a@b.example", "a@b.example")]),
    _convert("str", "url", [("http://a", "http://a"), ("https://b/c?d", "https://b/c?d")]),
    _convert("str", "color", [("#a0B1c2", "#a0B1c2")]),
    _convert("color?", "text?", [("#a0b1c2", "#a0b1c2"), (None, None)]),
    _convert("str", "int", [("1", 1), ("-9223372036854775808", -(2**63)), ("0", 0)]),
    _convert("str", "float", [("1.5", 1.5), ("1.0e+300", 1e300), ("-2.0", -2.0)]),
    _convert("str", "decimal(10,2)", [("1.50", 150), ("-0.05", -5), ("99999999.99", 9999999999)]),
    _convert("str", "bool", [("true", 1), ("false", 0)]),
    _convert("str", "date", [("2026-01-31", "2026-01-31"), ("0001-01-01", "0001-01-01")]),
    _convert("str", "datetime", [
        ("2026-01-31T12:00:00Z", "2026-01-31 12:00:00.000000"),
        ("2026-01-31T23:59:59.999999Z", "2026-01-31 23:59:59.999999"),
    ]),
    _convert("str", "time", [("12:30:00", "12:30:00.000000"), *[("23:59:59.000001",) * 2]]),
    _convert("str", "uuid", [(_HYPHENS, _UUID)]),
    _convert("str?", "json?", [("[1]", "[1]"), (None, None)]),
    _convert("str?", "float?", [("1.5", 1.5), (None, None)]),
    _convert("str?", "decimal(10,2)?", [("1.50", 150), (None, None)]),
    _convert("str", "json", [('{"a": 1}', '{"a": 1}'), ('"x"', '"x"')]),
    _convert("date", "str", [("2026-01-31", "2026-01-31")]),
    _convert("datetime", "str", [
        ("2026-01-31 12:00:00.000000", "2026-01-31T12:00:00Z"),
        ("2026-01-31 12:00:00.120000", "2026-01-31T12:00:00.120000Z"),
    ]),
    _convert("time", "str", [("12:00:00.000000", "12:00:00"), *[("12:00:00.500000",) * 2]]),
    _convert("float?", "str?", [(0.1, "0.1"), (None, None), (0.1 + 0.2, "0.30000000000000004")]),
    _convert("uuid", "str", [(_UUID, _HYPHENS)]),
    _convert("json", "text", [('{"a": 1}', '{"a": 1}')]),
    _convert("date", "datetime", [("2026-01-31", "2026-01-31 00:00:00.000000")]),
    _convert("datetime", "date", [("2026-01-31 00:00:00.000000", "2026-01-31")]),
    _refuse("str", "int", ["1", "abc"], "not a whole number"),
    _refuse("str", "int", ["1", "12x"], "not a whole number"),
    _refuse("str?", "int?", ["1", "9223372036854775808"], "not a whole number"),
    _refuse("str", "int", ["007"], "not a whole number"),
    _refuse("str", "float", ["1.5", "nan"], "not a number"),
    _refuse("str", "float", ["1e999"], "not a number"),
    _refuse("str", "decimal(10,2)", ["1.505"], "8 digits"),
    _refuse("str", "decimal(4,2)", ["100"], "2 digits"),
    _refuse("str", "decimal(2,2)", ["1.0"], "0 digits"),
    _refuse("str", "bool", ["yes"], "not true or false"),
    _refuse("str", "date", ["2026-02-29"], "not a date"),
    _refuse("str", "date", ["now"], "not a date"),
    _refuse("str", "datetime", ["2026-01-31T12:00:00"], "not a moment"),
    _refuse("str", "datetime", ["2026-02-30T12:00:00Z"], "not a moment"),
    _refuse("str", "datetime", ["2026-01-31T12:00:00.1234567Z"], "not a moment"),
    _refuse("str", "time", ["24:00"], "not a time"),
    _refuse("str", "time", ["12:60"], "not a time"),
    _refuse("str", "uuid", ["0123"], "not a UUID"),
    _refuse("str", "json", ["{"], "not JSON"),
    _refuse("str", "json", ["null"], "not JSON"),
    _refuse("text", "str(3)", ["abcd"], "at most 3"),
    _refuse("str", "enum(a,b)", ["c"], "not one of a, b"),
    _refuse("enum(a,b,c)", "enum(a,b)", ["c"], "not one of a, b"),
    _refuse("str", "email", ["a"], "not an address"),
    _refuse("str", "url", ["ftp://a"], "not an address"),
    _refuse("str", "color", ["#12345g"], "not a color"),
    _refuse("float", "int", [1.5], "not a whole number"),
    _refuse("float", "int", [1e300], "not a whole number"),
    _refuse("float", "decimal(10,2)", [1.125], "digits"),
    _refuse("int", "decimal(4,2)", [100], "2 digits"),
    _refuse("int", "float", [2**53 + 1], "15 digits"),
    _refuse("int", "bool", [2], "not 0 or 1"),
    _refuse("decimal(10,2)", "int", [150], "not a whole number"),
    _refuse("decimal(10,2)", "decimal(10,1)", [155], "digits"),
    _refuse("decimal(10,2)", "decimal(4,2)", [10000], "digits"),
    _refuse("datetime", "date", ["2026-01-31 12:00:00.000000"], "beginning of a day"),
    _refuse("int", "int:unique", [1], "of another row"),
    _change("int?:unique", "int:unique=1", refused="of another row"),
    _change("", "int:unique=1", refused="of another row"),
]  # fmt: skip
"""Every kind, once at least."""
