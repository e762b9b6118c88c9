"""Hostile query strings: limits, orders, filters, searches, and cursors that nobody gave out."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import quote, urlencode

from attacks import FOUND, MISSING, REFUSED, UNREADABLE, Attack, Target, make_attack
from hostile_values import INJECTIONS
from resources import Member, Resource
from wire import exchange, make_request

_LIMITS = (
    "0", "-1", "101", "1e1", "1.5", "", "a", " 1", "1 ", "+1", "0x1", "1_0", "9" * 30, "9" * 5000,
    "NaN",
    "null", "true", "\u0661", "1\n", "1\0", "[]", "1,2",
)  # fmt: skip
_SORTS = (
    "", "-", "--id", "none", "-none", "id,id", "id;DROP TABLE", "id DESC", "id\0", "ID",
    "__class__",
    "metadata", "1", "(SELECT 1)", "id'", "a" * 5000, "id\n",
)  # fmt: skip
_RAW = {
    "unknown=1": REFUSED,
    "limit=1.0": FOUND | REFUSED,
    "limit=1&limit=2": REFUSED,
    "limit=1&LIMIT=2": REFUSED,
    "limit[]=1": REFUSED,
    "limit=1;sort=id": REFUSED,
    "limit": REFUSED,
    "%00=1": REFUSED,
    "%ff=1": REFUSED,
    "=1": REFUSED,
    "__class__=1": REFUSED,
    "self=1": REFUSED,
    "id__in=1": REFUSED,
    "$where=1": REFUSED,
    "q=a&q=b": REFUSED,
    "q=%00": REFUSED,
    "q=a%00b": REFUSED,
    "cursor=&cursor=": REFUSED,
    "&&&": FOUND | REFUSED,
    "q=": FOUND | REFUSED,
    "q=%ff%fe": FOUND | REFUSED | UNREADABLE,
    "q=%ed%a0%80": FOUND | REFUSED | UNREADABLE,
    "q=%": FOUND | REFUSED,
    "q=%zz": FOUND | REFUSED,
    "q=+": FOUND | REFUSED,
    "&".join(f"a{number}=1" for number in range(5000)): REFUSED | UNREADABLE,
    f"q={'a' * 60_000}": REFUSED | UNREADABLE | FOUND | {414},
}
_WILDCARDS = ("%", "_", "\\", "%%%", "a%b_c\\", "\\%", "[a-z]", "*", "%" * 100, "_" * 100, "'", '"')
_FILTERS = {
    "int": (
        "a",
        "",
        "1.5",
        "1e1",
        "9223372036854775808",
        "-9223372036854775809",
        "9" * 5000,
        "NaN",
    ),
    "float": ("a", "", "NaN", "nan", "inf", "-Infinity", "1e999", "0x1", "1_0", "1,5"),
    "decimal": ("a", "", "NaN", "sNaN", "Infinity", "1e5", "1_0", "9" * 100, "1,5", "0x1"),
    "bool": ("a", "", "maybe", "TRUE!", "2", "null", "true,false"),
    "date": ("a", "", "2026-02-30", "20260131", "2026-W01-1", "0000-01-01", "1", "10000-01-01"),
    "datetime": ("a", "", "2026-01-31", "2026-01-31T12:00:00", "0001-01-01T00:00:00+01:00", "1"),
    "time": ("a", "", "24:00", "12:00Z", "12", "12:60"),
    "uuid": ("a", "", "{00000000-0000-4000-8000-000000000001}", "0" * 32, "0"),
    "color": ("red", "", "#12345", "%23"),
    "enum": ("none of them", "", "NEW "),
    "ref": ("0", "-1", "a", "", "1.5", "9223372036854775808", "1 OR 1=1"),
    "email": ("a", "", "a@b@c"),
    "url": ("a", "", "javascript:alert(1)"),
    "str": ("", "\0", "a\0"),
    "text": ("", "\0"),
}
RANGED = ("int", "float", "decimal", "date", "datetime", "time")
SORTED = (
    "str",
    "int",
    "float",
    "decimal",
    "date",
    "datetime",
    "time",
    "enum",
    "uuid",
    "color",
    "email",
    "url",
    "bool",
    "ref",
)
SEARCHED = ("str", "text", "email", "url")
_OWN_SORTS = ("id", "created_at", "updated_at")
_SCALARS: tuple[object, ...] = (
    None, True, -1, 0, 1.5, 2**63, 2**70, 10**400, "", "a", "\0", "\ud800", "'; DROP TABLE x", [],
    {},
    [[1]], {"a": 1}, float("nan"), "2026-02-30", "9" * 400,
)  # fmt: skip
_SHAPES: tuple[object, ...] = (
    *_SCALARS, 1, 5, [1], [1, 1], [None, None], ["a", 1], [1, "a"], [1, 2, 3], ["id", 1], {"id": 1},
    {"id": "1"}, {"id": 2**70}, {"id": None}, {"id": [1]}, {"id": 1, "sort": "none"},
    {"id": 1, "value": "\ud800"}, {"sort": "id", "value": {}, "id": {}}, "x" * 3000, [0] * 500,
)  # fmt: skip
_CURSORS = (
    "", "a", "ab", "abc", "====", "%00", "%ff%fe", "../..", "null", "-1", "MQ%0a", "é",
    "A" * 5000,
    "W" * 4001, "_____w", "gASVKAAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAR0cnVllIWUUpQu",
)  # fmt: skip
_NO_CURSOR = MISSING | REFUSED | UNREADABLE | {409, 414}


def attack_lists(target: Target) -> Iterator[Attack]:
    """Ask for lists with limits, orders, filters and searches that are none."""
    for resource in target.resources:
        for name, values in (("limit", _LIMITS), ("sort", _SORTS)):
            for value in values:
                yield _ask(resource, urlencode({name: value}), REFUSED)
        for raw, expected in _RAW.items():
            yield _ask(resource, raw, expected)
        searched = any(member.type in SEARCHED for member in resource.members)
        for text in (*_WILDCARDS, *INJECTIONS):
            yield _ask(resource, f"q={quote(text)}", FOUND if searched else REFUSED)
        for member in resource.members:
            for name in _list_names(member):
                for value in _FILTERS.get(member.type, ()):
                    yield _ask(resource, urlencode({name: value}), REFUSED)
            if member.type in ("str", "text"):
                yield from (
                    _ask(resource, urlencode({member.name: text}), FOUND | REFUSED)
                    for text in (*_WILDCARDS, *INJECTIONS)
                )


def _list_names(member: Member) -> list[str]:
    """Give the parameters that filter by a member."""
    if member.type not in RANGED:
        return [member.name]
    return [member.name, f"{member.name}_min", f"{member.name}_max"]


def attack_cursors(target: Target) -> Iterator[Attack]:
    """Forge cursors, and use those of one list and order for another."""
    texts = [_encode(json.dumps(shape)) for shape in _SHAPES]
    texts += [_encode("[" * depth) for depth in (1, 100, 3000)]
    texts += [_encode("1" * 5000), _encode("nan"), _encode("\0"), _encode('{"id":1,"id":2}')]
    given: list[tuple[Resource, str, str]] = []
    for resource in target.resources:
        for text in _CURSORS:
            yield _ask(resource, f"cursor={text}".replace("é", "%c3%a9"), _NO_CURSOR)
        sorts = [one.name for one in resource.members if one.type in SORTED] + [*_OWN_SORTS]
        orders = ["", *sorts, *(f"-{name}" for name in sorts)]
        for order in orders:
            sort = f"&sort={order}" if order else ""
            for text in texts:
                yield _ask(resource, f"cursor={text}{sort}", FOUND | _NO_CURSOR)
            cursor = _find_cursor(target, resource, sort)
            if cursor:
                given.append((resource, sort, cursor))
                for text in (*_bend(cursor), *([] if order else _misspell(cursor))):
                    yield _ask(resource, f"cursor={quote(text)}{sort}", FOUND | _NO_CURSOR)
    for number, (resource, sort, _) in enumerate(given):
        for _, _, cursor in given[number + 1 : number + 20]:
            yield _ask(resource, f"cursor={quote(cursor)}{sort}", FOUND | _NO_CURSOR)


def _ask(resource: Resource, query: str, expected: frozenset[int]) -> Attack:
    target = f"{resource.path}?{query}"
    return make_attack(target[:120], "GET", target, expected)


def _encode(text: str) -> str:
    data = text.encode("utf-8", "surrogatepass")
    return urlsafe_b64encode(data).decode().rstrip("=")


def _find_cursor(target: Target, resource: Resource, sort: str) -> str:
    request = make_request("GET", f"{resource.path}?limit=1{sort}")
    page = exchange(target.port, request).read_json()
    return str(page.get("next") or "") if isinstance(page, dict) else ""


def _misspell(cursor: str) -> Iterator[str]:
    """Give cursors with one wrong letter."""
    for place, letter in enumerate(cursor):
        yield f"{cursor[:place]}~{cursor[place + 1 :]}"
        yield f"{cursor[:place]}{'B' if letter == 'A' else 'A'}{cursor[place + 1 :]}"


def _bend(cursor: str) -> Iterator[str]:
    """Give cursors that are too short or too long, or hold something else in one place."""
    yield from (cursor[:-1], cursor[1:], cursor + "A", cursor + "=", cursor * 2, cursor.lower())
    with suppress(ValueError):
        value = json.loads(urlsafe_b64decode(cursor + "=="))
        for key in _list_keys(value):
            for scalar in _SCALARS:
                bent = value.copy()
                bent[key] = scalar
                yield _encode(json.dumps(bent))


def _list_keys(value: object) -> list[object]:
    if isinstance(value, dict):
        return list(value)
    return list(range(len(value))) if isinstance(value, list) else []
