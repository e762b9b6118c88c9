"""Prove that a generated project answers every hostile request as it should, and never with 5xx."""

import argparse
import sys
import time
from collections.abc import Callable

from attacks import Group, Target, carry_out
from blueprints import SHOP, TEN
from hostile_bodies import (
    attack_changes,
    attack_foreign_members,
    attack_media_types,
    attack_sizes,
    attack_syntax,
)
from hostile_conditions import attack_conditions, attack_deleted_rows
from hostile_messages import attack_framing, attack_headers, attack_methods, attack_paths
from hostile_queries import attack_cursors, attack_lists
from hostile_values import attack_members
from ledger import Ledger
from resources import read_line
from served import Server, make_project, serve
from tool import fresh_folder
from wire import NoAnswer, connect, exchange, make_request, read_answer, send_all

GROUPS: dict[str, Group] = {
    "members": attack_members,
    "syntax": attack_syntax,
    "sizes": attack_sizes,
    "media-types": attack_media_types,
    "foreign-members": attack_foreign_members,
    "changes": attack_changes,
    "paths": attack_paths,
    "methods": attack_methods,
    "headers": attack_headers,
    "framing": attack_framing,
    "lists": attack_lists,
    "cursors": attack_cursors,
    "conditions": attack_conditions,
    "deleted-rows": attack_deleted_rows,
}
MOST_SHOWN = 40
"""Faults of a group that are told, each with one of the requests that found it."""


def main() -> int:
    options = _read_options()
    lines = options.resource or list(TEN if options.every_type else SHOP)
    ledger = Ledger("Hostile requests")
    with fresh_folder() as folder, serve(make_project(folder, lines), "hostile.db") as server:
        target = Target(server.port, list(map(read_line, lines)))
        target.always = _list_security_headers(server.port)
        target.fill()
        total = 0
        for name in options.only or GROUPS:
            total += _try(ledger, name, GROUPS[name], target, server)
        _check("pipelining", ledger, lambda: _send_at_once(server.port))
        _check("request-ids", ledger, lambda: _send_request_id(server.port))
        _check("rows", ledger, lambda: _read_lists(target))
    code = ledger.close()
    print(f"{total} hostile requests")
    return code


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=GROUPS, help="a group of requests")
    parser.add_argument("--resource", action="append", metavar="SPEC", help="[a shop]")
    parser.add_argument("--every-type", action="store_true", help="ten resources, not a shop")
    return parser.parse_args()


def _try(ledger: Ledger, name: str, group: Group, target: Target, server: Server) -> int:
    """Make the requests of a group; return how many there were."""
    started = time.monotonic()
    logged = len(server.read_log())
    count = 0
    found: dict[str, list[str]] = {}
    for one in group(target):
        count += 1
        for fault in carry_out(target, one):
            found.setdefault(fault, []).append(one.name)
    found |= {fault: ["the log"] for fault in server.list_log_faults(logged)}
    faults = [
        f"\n    {len(names)} times {fault}: {names[0][:150]}" for fault, names in found.items()
    ]
    if len(faults) > MOST_SHOWN:
        faults[MOST_SHOWN:] = [f"\n    and {len(faults) - MOST_SHOWN} more"]
    ledger.add(name, faults, time.monotonic() - started, f"{count} requests")
    return count


def _check(name: str, ledger: Ledger, check: Callable[[], list[str]]) -> None:
    started = time.monotonic()
    ledger.add(name, check(), time.monotonic() - started)


def _list_security_headers(port: int) -> frozenset[str]:
    """Give the names of the headers that keep a browser safe, as one answer has them."""
    answer = exchange(port, make_request("GET", "/health/live"))
    parts = ("policy", "x-content", "x-frame", "strict-transport", "x-permitted")
    names = (name for name, _ in answer.headers)
    return frozenset(name for name in names if any(part in name for part in parts))


def _send_at_once(port: int) -> list[str]:
    """Send several requests before the first is answered: the answers come in their order."""
    targets = {"/health/live": 200, "/none": 404, "/health/ready": 200, "/none/2": 404}
    requests = b"".join(make_request("GET", target) for target in targets)
    body = make_request("GET", "/health/live", b"GET /evil HTTP/1.1\r\n\r\n")
    try:
        with connect(port) as (sender, file):
            send_all(sender, requests + body)
            found = [read_answer(file).status for _ in range(len(targets) + 1)]
    except NoAnswer as error:
        return [str(error)]
    return [] if found == [*targets.values(), 200] else [f"answered {found}"]


def _send_request_id(port: int) -> list[str]:
    faults = []
    for given in ("a", "A-b_c.9", "a" * 64):
        request = make_request("GET", "/health/live", None, [("X-Request-ID", given)])
        found = exchange(port, request).get("x-request-id")
        faults += [] if found == given else [f"{given} became {found}"]
    return faults


def _read_lists(target: Target) -> list[str]:
    """Read every row of every list, to see that all are still there and can be answered."""
    faults = []
    for resource in target.resources:
        cursor = ""
        while cursor is not None:
            request = make_request("GET", f"{resource.path}?limit=100{cursor}")
            answer = exchange(target.port, request)
            page = answer.read_json()
            if answer.status != 200 or not isinstance(page, dict) or not page["items"]:
                faults.append(f"{resource.path} was answered {answer.status}: {page}")
                break
            if page["next"] is None:
                break
            cursor = f"&cursor={page['next']}"
    return faults


if __name__ == "__main__":
    sys.exit(main())
