"""Hostile values for each type of member, as JSON sources, and what becomes of them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from attacks import KEPT, REFUSED, UNREADABLE, Attack, Expected, Target, attack, make_source
from resources import Member, Resource

EITHER = KEPT | REFUSED
MISSING_ROW = frozenset({409})
INJECTIONS = (
    "'; DROP TABLE customers; --",
    "1' OR '1'='1",
    '"); DELETE FROM orders; --',
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "${7*7}#{7*7}<%= 7*7 %>",
    "%s%n%x%(name)s{0}",
    "../../../../etc/passwd",
    "a\r\nSet-Cookie: evil=1",
    "a\u2028b\u202ec\u200b\ufeff",
    "🧑‍💻é\U0010ffff",
    "\x01\x1b[31m\x7f",
    "=cmd|' /C calc'!A0",
    "null",
    " ",
)
_UNREADABLE = ("NaN", "-Infinity", "1e999", r'"\ud800"', r'"\udc00\ud800"', "[" * 100_000, "'a'")
_TEXTS = ("{}", "[]", "[1]", '{"$ne": 1}')
# What a careless pattern takes for ever to refuse.
_LONG_EMAILS = tuple(
    f'"{part * 100_000}{end}"' for part in ("a.", "a-", "a") for end in ("", "@", "@a", "!@b.cd")
) + tuple(f'"a@{part * 100_000}{end}"' for part in ("a.", "a-", "a") for end in ("", "!"))
_LONG_URLS = tuple(
    f'"http://{part * 100_000}{end}"'
    for part in ("a.", "a-", "a", "/%20", "?#")
    for end in ("", " ")
)
_BOOLS = ("true", "false")
_NUMBERS = ("0", "1", "-1.5", "1769860800")

_REFUSED: dict[str, tuple[str, ...]] = {
    "str": ('""', r'"\u0000"', r'"a\u0000b"', *_NUMBERS, *_BOOLS, *_TEXTS),
    "text": ('""', r'"\u0000"', r'"a\u0000b"', *_NUMBERS, *_BOOLS, *_TEXTS),
    "int": (
        "9223372036854775808", "-9223372036854775809", "1e40", "1.5", '"1"', '""',
        '"0x10"', *_BOOLS, *_TEXTS,
    ),
    "float": ('"1"', '"NaN"', '""', *_BOOLS, *_TEXTS),
    "decimal": (
        '"1e5"', '"NaN"', '"sNaN"', '"Infinity"', '"-Infinity"', '"1_000"', '"0x1"', r'"\u0661"',
        '" 1"', '"1 "', '"1."', '"+1"', '"--1"', '"1,5"', '""', '"-"', r'"1\n"', f'"{"9" * 40}"',
        f'"0.{"0" * 30}1"', f'"{"9" * 5000}"', "1", "1.5", *_BOOLS, *_TEXTS,
    ),
    "bool": ("0", "1", '"true"', '"yes"', '""', *_TEXTS),
    "date": (
        '"2026-02-30"', '"2026-13-01"', '"2025-02-29"', '"0000-01-01"', '"10000-01-01"',
        '"-2026-01-01"', '"2026-1-1"', '"20260131"', '"2026-W01-1"', '"2026-001"', '"2026-01"',
        '"2026-01-01T00:00:00Z"', r'"\uff12\uff10\uff12\uff16-01-01"', r'"2026-01-01\n"',
        '" 2026-01-01"',
        '"today"', '""', *_NUMBERS, *_BOOLS, *_TEXTS,
    ),
    "datetime": (
        '"2026-01-31T12:00:00"', '"2026-01-31"', '"0001-01-01T00:00:00+00:01"',
        '"9999-12-31T23:59:59-00:01"', '"0001-01-01T00:00:00+23:59"', '"2026-02-30T00:00:00Z"',
        '"2026-01-31T24:00:01Z"', '"2026-01-31T23:59:61Z"', '"2026-01-31T12:00:00+24:00"',
        '"2026-01-31T12:00:00+99:99"', '"2026-01-31T12:00:00+0100"', '"0000-01-01T00:00:00Z"',
        '"10000-01-01T00:00:00Z"', '"20260131T120000Z"', '"2026-01-31T12:00:00 Z"',
        r'"2026-01-31T12:00:00Z\n"', '"2026-01-31T12:00:00Europe/Paris"', '"now"', '"infinity"',
        '"1769860800"', '""', *_NUMBERS, *_BOOLS, *_TEXTS,
    ),
    "time": (
        '"24:00"', '"12:60"', '"12:00:60"', '"12:00Z"', '"12:00+01:00"', '"12:00:00-00:00"',
        '"1:00"', '"12"', '"1200"', '"T12:00"', '"12:00 PM"', r'"12:00\n"', r'"\uff11\uff12:00"',
        '"-1:00"',
        '""', *_NUMBERS, *_BOOLS, *_TEXTS,
    ),
    "uuid": (
        '"{00000000-0000-4000-8000-000000000001}"', '"00000000000040008000000000000001"',
        '"urn:uuid:00000000-0000-4000-8000-000000000001"', '"00000000-0000-4000-8000-00000000000g"',
        '"0000-00000000-4000-8000-000000000001"', r'"00000000-0000-4000-8000-000000000001\n"',
        '"0"', '""', *_NUMBERS, *_BOOLS, *_TEXTS,
    ),
    "email": (
        '"a"', '"a@"', '"@b.c"', '"a@@b.c"', '"a b@c.de"', r'"a@b.cd\n"',
        r'"a@b.cd\r\nBcc: evil@c.de"', '"<script>@b.cd"', '"a@b..cd"', '".a@b.cd"', '"a@-b.cd"',
        f'"{"a" * 300}@b.cd"', f'"{"a" * 65}@b.cd"', *_LONG_EMAILS, r'"a\u0000@b.cd"', '""',
        *_NUMBERS, *_TEXTS,
    ),
    "url": (
        '"javascript:alert(1)"', '"JavaScript://x%0aalert(1)"', '"data:text/html,x"',
        '"ftp://example.org"', '"file:///etc/passwd"', '"//example.org"', '"/a"', '"http:/a"',
        '"http://"', '"http:// a"', '"http://a b"', r'"http://a\n"', r'"http://a\u0000"',
        r'"\thttp://a"', f'"http://a/{"a" * 10_000}"', *_LONG_URLS, '"example.org"', '""',
        *_NUMBERS, *_TEXTS,
    ),
    "color": (
        '"red"', '"#12345"', '"#1234567"', '"123456"', '"#ggg000"', '"red; background: url(//x)"',
        '"#000000; x"', r'"#000000\n"', r'"#\uff11\uff12\uff13\uff14\uff15\uff16"',
        '"#000\\"><script>"', '""', *_NUMBERS,
        *_TEXTS,
    ),
    "enum": (
        '""', '"none of them"', r'"new\u0000"', '" new"', '"NEW"', '["new"]', *_NUMBERS, *_BOOLS,
        *_TEXTS,
    ),
    "json": (),
    "ref": (
        "0", "-1", "9223372036854775808", "1e40", "1.5", '"1"', '""', '"1 OR 1=1"', *_BOOLS,
        *_TEXTS,
    ),
    "many": (
        "[0]", "[-1]", '["1"]', "[1.5]", "[null]", "[true]", "[[1]]", "[9223372036854775808]", "1",
        '"1"', "{}", '{"0": 1}', "null", "true",
    ),
}  # fmt: skip
_KEPT: dict[str, tuple[str, ...]] = {
    "int": ("9223372036854775807", "-9223372036854775808", "1.0", "1e3", "-0", "-0.0"),
    "float": ("5e-324", "1.7976931348623157e308", "-0.0", "1e-999", "12345678901234567890", "1"),
    "decimal": ('"0"', '"-0"'),
    "date": ('"0001-01-01"', '"9999-12-31"', '"2024-02-29"'),
    "datetime": (
        '"0001-01-01T00:00:00Z"', '"9999-12-31T23:59:59Z"', '"0001-01-01T00:00:00-00:01"',
        '"2026-01-31T12:00:00.123456+05:30"', '"2026-01-31T00:30:00+23:59"',
    ),
    "time": ('"00:00"', '"23:59:59.999999"'),
    "uuid": ('"ABCDEF00-0000-4000-8000-00000000000F"', '"00000000-0000-0000-0000-000000000000"'),
    "url": ('"https://example.org:8443/a?b=c&d=%20#e"',),
    "email": ('"o\'brien+tag@mail.example.org"',),
    "color": ('"#ABCdef"',),
    "json": ("0", "[]", "{}", '""', "false", '{"__proto__": {"a": 1}}', '{"": [[], {}, null]}'),
}  # fmt: skip
_EITHER: dict[str, tuple[str, ...]] = {
    "datetime": ('"2016-12-31T23:59:60Z"', '"2026-01-31t12:00:00z"', '"2026-01-31 12:00:00Z"'),
    "time": ('"12:00:00.1234567"',),
    "url": ('"http://u:p@example.org"', '"http://[::1]/"', '"http://é.org"', '"http://a/\\"><b>"'),
    "email": ('"\\"a b\\"@c.de"', '"a@[127.0.0.1]"', '"é@b.cd"', '"a@b"'),
    "json": ("null", '"' + "a" * 100_000 + '"', r'"\u0000"', "[" * 99 + "]" * 99),
}


@dataclass(frozen=True)
class Value:
    """A value as JSON source, and the statuses that may answer it."""

    source: str
    expected: Expected


def list_values(member: Member) -> Iterator[Value]:
    """Give hostile values of a member, with what becomes of them."""
    yield from (Value(source, UNREADABLE) for source in _UNREADABLE)
    for digits in (400, 5000):
        kept = KEPT if member.type == "json" else set()
        yield Value("9" * digits, UNREADABLE | REFUSED | kept)
    yield from (Value(source, REFUSED) for source in _REFUSED[member.type])
    yield from (Value(source, KEPT) for source in _KEPT.get(member.type, ()))
    yield from (Value(source, EITHER) for source in _EITHER.get(member.type, ()))
    if member.type not in ("json", "many"):
        yield Value("null", KEPT if member.nullable else REFUSED)
    if member.type in ("str", "text"):
        longest = int(member.words[0]) if member.words else 200 if member.type == "str" else 20_000
        for text in INJECTIONS:
            yield Value(json.dumps(text), KEPT if len(text) <= longest else REFUSED)
        yield Value(json.dumps("é" * longest), KEPT)
        yield Value(json.dumps("é" * (longest + 1)), REFUSED)
    if member.type == "json":
        yield from (Value(json.dumps([text]), KEPT) for text in INJECTIONS)
    if member.type == "ref":
        yield from (Value(source, MISSING_ROW) for source in ("9223372036854775807", "999999999"))
    if member.type == "many":
        yield Value("[999999999]", MISSING_ROW)
        yield Value("[1, 1]", REFUSED)
        yield Value(str(list(range(1, 2000))), MISSING_ROW | REFUSED)


def attack_members(target: Target) -> Iterator[Attack]:
    """Send every hostile value in every member of every resource."""
    for resource in target.resources:
        for member in resource.members:
            for value in list_values(member):
                yield _make_attack(target, resource, member, value)


def _make_attack(target: Target, resource: Resource, member: Member, value: Value) -> Attack:
    source = make_source(target.make_row(resource), **{member.name: value.source})
    expected = value.expected | ({409} if member.unique and value.expected > KEPT else set())
    made = attack(resource, f"{member.name} = {value.source[:60]}", source, expected)
    returns = value.expected == KEPT and member.type in ("str", "text", "json")
    returned = json.loads(value.source) if returns else None
    return Attack(made.name, made.request, expected, made.method, member.name, returned=returned)
