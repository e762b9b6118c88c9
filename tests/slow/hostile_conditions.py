"""Hostile conditions: If-Match in shapes that match nothing, and rows that are gone."""

import json
from collections.abc import Iterator

from attacks import (
    FOUND,
    MISSING,
    UNMATCHED,
    Attack,
    Target,
    attack,
    make_attack,
    make_source,
)
from resources import Resource
from wire import exchange, make_request

_BAD = (
    "", " ", "a", '"', '""', '"a"', '"0"', '"-1"', '"9"', '"99999999999999999999"',
    f'"{"9" * 5000}"',
    "'1'", '"1', '1"', '"1"2', '"1" "2"', '"01"', '"+1"', '" 1"', '"1 "', '"1.0"', '"1e0"', "W/*",
    '"*"', "**", "*,*", ",", ",,", '"1\xff"', "null", "None", "{}",
    '"' + "a," * 2000 + '"',
)  # fmt: skip
_GONE = frozenset({404, 412})


def attack_conditions(target: Target) -> Iterator[Attack]:
    """Change rows on conditions that do not hold: nothing is changed, and nothing is a match."""
    for resource in target.resources:
        path = f"{resource.path}/{target.add(resource)['id']}"
        row = make_source(target.make_row(resource))
        tag = _read_tag(target, path)
        bad = [text for text in _BAD if text != tag]
        for condition in (*bad, f"W/{tag}", tag.strip('"')):
            headers = {"If-Match": condition}
            name = f"If-Match: {condition[:40]}"
            yield attack(resource, name, "{}", UNMATCHED, "PATCH", path, headers)
            yield attack(resource, name, row, UNMATCHED, "PUT", path, headers)
            yield make_attack(name, "DELETE", path, UNMATCHED, ("If-Match", condition))
        several = {"If-Match": f'"none", {tag}'}
        yield attack(resource, "several tags", row, FOUND | UNMATCHED, "PUT", path, several)
        right = {"If-Match": _read_tag(target, path)}
        yield attack(resource, "the right tag", row, FOUND, "PUT", path, right)
        changed = make_source(target.make_row(resource))
        right = {"If-Match": _read_tag(target, path)}
        yield attack(resource, "the right tag", changed, FOUND, "PUT", path, right)
        yield attack(resource, "an old tag", row, UNMATCHED, "PUT", path, right)
        yield attack(resource, "any tag", row, FOUND, "PUT", path, {"If-Match": "*"})
        yield make_attack(f"{path} with an old tag", "DELETE", path, UNMATCHED, *right.items())


def attack_deleted_rows(target: Target) -> Iterator[Attack]:
    """Use rows that were deleted, and delete rows that others refer to."""
    for resource in target.resources:
        path = f"{resource.path}/{target.add(resource)['id']}"
        row = make_source(target.make_row(resource))
        yield make_attack(path, "DELETE", path, frozenset({204}))
        for method in ("GET", "HEAD", "DELETE"):
            yield make_attack(f"{path}, deleted", method, path, MISSING)
        for method, body in (("PUT", row), ("PATCH", "{}"), ("PATCH", row)):
            yield attack(resource, "deleted", body, MISSING, method, path)
            headers = {"If-Match": "*"}
            yield attack(resource, "deleted, If-Match", body, _GONE, method, path, headers)
        yield from _delete_in_use(target, resource)


def _delete_in_use(target: Target, resource: Resource) -> Iterator[Attack]:
    by_name = {one.name: one for one in target.resources}
    for member in resource.members:
        if member.type not in ("ref", "many"):
            continue
        other = by_name[member.target]
        used = target.add(other)["id"]
        refers = json.dumps([used] if member.type == "many" else used)
        row = make_source(target.make_row(resource), **{member.name: refers})
        yield attack(resource, f"{member.name} = {refers}", row, frozenset({201}))
        path = f"{other.path}/{used}"
        yield make_attack(f"{path}, in use", "DELETE", path, frozenset({204, 409}))
        yield make_attack(f"{resource.path}, after that", "GET", resource.path, FOUND)


def _read_tag(target: Target, path: str) -> str:
    return exchange(target.port, make_request("GET", path)).get("etag") or '"none"'
