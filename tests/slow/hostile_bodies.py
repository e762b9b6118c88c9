"""Hostile bodies: what is no JSON, no object, too deep, too large, or says too much."""

import gzip
import json
from collections.abc import Iterator

from attacks import (
    ANY,
    KEPT,
    REFUSED,
    UNKNOWN_KIND,
    UNREADABLE,
    Attack,
    Target,
    attack,
    make_source,
)
from resources import Resource

MOST_BYTES = 1_000_000
TOO_LARGE = frozenset({413})
_DEEP = 100_000
_SYNTAX = {
    "empty": "",
    "blank": " \n",
    "half": '{"a": ',
    "quotes of Python": "{'a': 1}",
    "a last comma": '{"a": 1,}',
    "rubbish after it": '{"a": 1} x',
    "two documents": "{} {}",
    "a comment": "{/* a */}",
    "half a word": "nul",
    "not a number": "NaN",
    "infinity": '{"a": Infinity}',
    "a number without end": '{"a": 1e999}',
    "a lone surrogate": r'{"a": "\ud800"}',
    "a lone surrogate as a name": r'{"\udfff": 1}',
    "a bad escape": r'{"a": "\x41"}',
    "a control character": '{"a": "\n"}',
    "a number with zeros": '{"a": 01}',
    "a hexadecimal number": '{"a": 0x10}',
    "lists in lists": "[" * _DEEP,
    "closed lists in lists": "[" * _DEEP + "]" * _DEEP,
    "objects in objects": '{"a":' * _DEEP,
    "closed objects in objects": '{"a":' * _DEEP + "1" + "}" * _DEEP,
    "a name twice": '{"a": 1, "a": 1}',
    "a name twice, escaped": r'{"a": 1, "\u0061": 1}',
    "a name twice, inside": '{"a": {"b": 1, "b": 2}}',
    "pickle": "\x80\x04K\x01.",
    "YAML": "a: !!python/object/apply:os.system ['true']",
    "XML": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
}
_NOT_UTF8 = {
    "not UTF-8": b'{"a": "\xff"}',
    "UTF-8 of a surrogate": b'{"a": "\xed\xa0\x80"}',
    "too long UTF-8": b'{"a": "\xc0\x80"}',
    "Latin-1": '{"a": "é"}'.encode("latin-1"),
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32": '{"a": 1}'.encode("utf-32"),
    "nothing but NUL": b"\0" * 1000,
}
_NO_OBJECTS = ("null", "true", "1", '"a"', "[]", "[{}]", "[null]", "1e5", "{}")
_OWN = {
    "id": "1",
    "created_at": '"2026-01-01T00:00:00Z"',
    "updated_at": "null",
    "lock_version": "7",
    "__proto__": '{"admin": true}',
    "__class__": '"a"',
    "_sa_instance_state": "{}",
    "model_config": "{}",
    "is_admin": "true",
    "": "1",
    " id": "1",
    "a" * 100_000: "1",
    "id\0": "1",
}
_MEDIA_TYPES = {
    "text/plain": UNKNOWN_KIND,
    "text/plain;charset=UTF-8": UNKNOWN_KIND,
    "application/x-www-form-urlencoded": UNKNOWN_KIND,
    "multipart/form-data; boundary=a": UNKNOWN_KIND,
    "application/xml": UNKNOWN_KIND,
    "application/jsonx": UNKNOWN_KIND,
    "application/json-patch+json": UNKNOWN_KIND,
    "application/json, text/plain": UNKNOWN_KIND,
    "": UNKNOWN_KIND,
    "json": UNKNOWN_KIND,
    "/": UNKNOWN_KIND,
    "*/*": UNKNOWN_KIND,
    "\xff\xfe": UNKNOWN_KIND,
    "a" * 5000: UNKNOWN_KIND,
    "APPLICATION/JSON": KEPT,
    "application/json; charset=utf-8": KEPT,
    "application/json; charset=utf-16": KEPT | UNKNOWN_KIND | UNREADABLE,
    "application/json; charset=none-such": KEPT | UNKNOWN_KIND | UNREADABLE,
}


def attack_syntax(target: Target) -> Iterator[Attack]:
    """Send what is no JSON, and JSON that is no row, to each resource."""
    for resource in target.resources:
        for name, text in _SYNTAX.items():
            yield attack(resource, name, text, UNREADABLE)
        for name, data in _NOT_UTF8.items():
            yield attack(resource, name, data, UNREADABLE)
        for text in _NO_OBJECTS:
            yield attack(resource, f"the body {text}", text, REFUSED | UNREADABLE)
        row = make_source(target.make_row(resource))
        yield attack(resource, "a mark of byte order", "\ufeff" + row, UNREADABLE | KEPT)
        packed = gzip.compress(b"[" * 10**7)
        zipped = {"Content-Encoding": "gzip"}
        yield attack(resource, "gzip", packed, UNREADABLE | UNKNOWN_KIND, headers=zipped)
        yield attack(resource, "a list of 400,000", f"[{'1,' * 400_000}1]", UNREADABLE | REFUSED)
        many = ",".join(f'"a{number}":0' for number in range(50_000))
        yield attack(resource, "50,000 members", f"{{{many}}}", REFUSED)


def attack_sizes(target: Target) -> Iterator[Attack]:
    """Send bodies around the largest size that is allowed."""
    for resource in target.resources[:1]:
        for size, expected in ((0, KEPT), (1, TOO_LARGE), (MOST_BYTES, TOO_LARGE)):
            row = make_source(target.make_row(resource))
            body = row + " " * (MOST_BYTES + size - len(row))
            yield attack(resource, f"{len(body)} bytes", body, expected)


def attack_media_types(target: Target) -> Iterator[Attack]:
    """Send rows as what they are not."""
    for resource in target.resources[:1]:
        for media_type, expected in _MEDIA_TYPES.items():
            row = make_source(target.make_row(resource))
            name = f"as {media_type[:40]!r}"
            yield attack(resource, name, row, expected, media_type=media_type)
        row = make_source(target.make_row(resource))
        yield attack(resource, "two types", row, ANY - KEPT, headers={"content-type": "text/plain"})


def attack_foreign_members(target: Target) -> Iterator[Attack]:
    """Set what clients may not set, and leave out what they must."""
    for resource in target.resources:
        for name, source in _OWN.items():
            row = make_source(target.make_row(resource), **{name: source})
            yield attack(resource, f"a member {name[:30]!r}", row, REFUSED)
        for member in resource.members:
            half = target.make_row(resource)
            del half[member.name]
            expected = REFUSED if member.required else KEPT
            yield attack(resource, f"without {member.name}", json.dumps(half), expected)


def attack_changes(target: Target) -> Iterator[Attack]:
    """Change a row with bodies that are no change, and replace it with half a row."""
    for resource in target.resources:
        path = f"{resource.path}/{target.add(resource)['id']}"
        for text in ("null", "[]", '"a"', "1", "true", '[{"op": "remove", "path": "/id"}]'):
            yield _change(resource, path, text, REFUSED | UNREADABLE)
            yield _change(resource, path, text, REFUSED | UNREADABLE, "PUT")
        yield _change(resource, path, "{}", frozenset({200}) | REFUSED)
        for name, source in _OWN.items():
            text = f"{{{json.dumps(name)}: {source}}}"
            yield _change(resource, path, text, REFUSED)
        for member in resource.members:
            expected = frozenset({200}) if member.nullable else REFUSED
            yield _change(resource, path, f'{{"{member.name}": null}}', expected)
        yield _change(resource, path, '{"a": 1, "a": 1}', UNREADABLE)
        yield _change(resource, path, "{}", UNKNOWN_KIND, media_type="application/json-patch+json")
        yield _change(resource, path, "{}", UNKNOWN_KIND, media_type="text/plain")
        merge = "application/merge-patch+json"
        row = make_source(target.make_row(resource))
        yield _change(resource, path, row, frozenset({200}), media_type=merge)
        yield _change(resource, path, row, UNKNOWN_KIND, "PUT", merge)
        yield _change(resource, path, "{}", REFUSED, "PUT")
        yield _change(resource, path, "", UNREADABLE, "PUT")
        for missing in ("0", "999999999", str(2**63)):
            there = f"{resource.path}/{missing}"
            yield _change(resource, there, row, frozenset({404}), "PUT")
            yield _change(resource, there, "{}", frozenset({404}), "PATCH")


def _change(
    resource: Resource,
    path: str,
    text: str,
    expected: frozenset[int],
    method: str = "PATCH",
    media_type: str = "application/json",
) -> Attack:
    name = f"{media_type}: {text[:60]}"
    return attack(resource, name, text, expected, method, path, media_type=media_type)
