"""Prove that generated projects do what their OpenAPI documents say, as schemathesis sees it."""

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from blueprints import SHOP, TASKFLOW, TEN
from ledger import Ledger
from served import Server, make_project, serve
from tool import Ended, clean_environment, fresh_folder, run
from uv import find_uv_bin
from wire import exchange, make_request

PROJECTS = {"taskflow": TASKFLOW, "shop": SHOP, "ten": TEN}
VERSION = "schemathesis==4.32.5"
LEAST_CASES = 2000
LONGEST = 180.0
# A positive case may send any If-Match, so 412 is among the answers to valid data.
CONFIGURATION = """\
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "429", "5xx"]
"""


def main() -> int:
    options = _read_options()
    ledger = Ledger(f"{VERSION}, seed {options.seed}")
    for name in options.only or PROJECTS:
        with fresh_folder() as folder:
            project = make_project(folder, PROJECTS[name], name)
            with serve(project, "fuzzing.db") as server:
                _try(ledger, name, server, options)
    return ledger.close()


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", choices=PROJECTS, help="a project")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=4000, help="about so many (4000)")
    parser.add_argument("--slack", type=float, default=1.0, help="a factor for the time")
    parser.add_argument("--show", action="store_true", help="print all that schemathesis says")
    return parser.parse_args()


def _try(ledger: Ledger, name: str, server: Server, options: argparse.Namespace) -> None:
    started = time.monotonic()
    operations = _count_operations(server.port)
    examples = max(5, options.cases // max(operations, 1))
    ended = _run_schemathesis(server, options.seed, examples)
    if options.show:
        print(ended.stdout, ended.stderr)
    cases = _find_number(r"(\d+) generated", ended.stdout)
    faults = [f"\n    {fault}" for fault in _list_failures(ended)]
    if min(options.cases, LEAST_CASES) > cases:
        faults.append(f"{cases} cases, fewer than {min(options.cases, LEAST_CASES)}")
    if ended.seconds > LONGEST * options.slack:
        faults.append(f"it took {ended.seconds:.0f} s")
    faults += server.list_log_faults()
    detail = f"{operations} operations, {cases} cases, exit {ended.code}"
    ledger.add(name, [*faults, detail] if faults else [], time.monotonic() - started, detail)


def _count_operations(port: int) -> int:
    document = exchange(port, make_request("GET", "/openapi.json")).read_json()
    methods = {"get", "head", "post", "put", "patch", "delete"}
    paths = document["paths"].values() if isinstance(document, dict) else ()
    return sum(len(methods & path.keys()) for path in paths)


def _run_schemathesis(server: Server, seed: int, examples: int) -> Ended:
    """Run it beside the project, in an environment of its own that uv keeps."""
    folder = server.project.parent
    configuration = folder / "schemathesis.toml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    words: Sequence[str | Path] = [
        *(find_uv_bin(), "tool", "run", "--python", sys.executable, "--from", VERSION),
        *("schemathesis", "--config-file", configuration, "--no-color", "run"),
        *(f"http://127.0.0.1:{server.port}/openapi.json", "--checks", "all"),
        *("--max-examples", str(examples), "--workers", "1", "--continue-on-failure"),
        *("--generation-database", "none", "--seed", str(seed), "--output-sanitize", "false"),
    ]
    return run(words, folder, env=clean_environment(), limit=600)


def _list_failures(ended: Ended) -> list[str]:
    """List what was found: for each failure the operation, the check and why, in one line."""
    if ended.code is None:
        return ["it did not end"]
    parts = re.split(r"^_{3,} (.+?) _{3,}$", ended.stdout, flags=re.MULTILINE)
    found = []
    for operation, text in zip(parts[1::2], parts[2::2], strict=True):
        for check in re.finditer(r"^- (.+\n(?:\n?    .+\n)*)", text, flags=re.MULTILINE):
            found.append(f"{operation}: {' '.join(check[1].split())[:300]}")
        found += [f"  {line.strip()[:400]}" for line in re.findall(r"^    curl .*", text, re.M)]
    if ended.code != 0 and not found:
        found.append(f"exit {ended.code}: {ended.stdout[-1000:]}{ended.stderr[-1000:]}")
    errors = re.findall(r"^ *🚫 .*: \d+$", ended.stdout, flags=re.MULTILINE)
    return found + [f"the runner itself: {error.strip()}" for error in errors]


def _find_number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    sys.exit(main())
