"""Who may import whom, and what a quick answer must not wait for."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import starlette_new
from starlette_new.moving import INSIDE

PACKAGE = Path(starlette_new.__file__).parent
HEAVY = ["copier", "jinja2", "sqlalchemy", "uv", "yaml"]
PYDANTIC = ["pydantic"]  # Typer itself imports it as soon as it reads the value of an option

LAYERS = [
    {
        "combinations",
        "defaults",
        "errors",
        "ignored",
        "insertions",
        "parts",
        "project_files",
        "releases",
        "requirements",
        "row_values",
        "sqlite_rows",
        "postgres_rows",
        "templates",
        "job_tables",
    },
    {
        "applications",
        "chain",
        "field_types",
        "front",
        "interrupts",
        "merge_text",
        "names",
        "plugins",
        "refusals",
        "row_tables",
        "skills",
        "sql_source",
    },
    {"fields", "merge", "pasting", "place", "processes", "row_copy", "sources"},
    {"bench", "copying", "environment", "git", "journal", "language", "moves"},
    {
        "conversions",
        "databases",
        "foreign",
        "parameters",
        "relations",
        "text_indexes",
        "view_controls",
        "view_single_sql",
    },
    {
        "engines",
        "entries",
        "postgres_conversions",
        "prove",
        "view_single_pages",
        "view_tests",
        "view_values",
    },
    {"outcomes", "questions", "samples", "view_resource"},
    {"blueprint", "migration", "report", "view_queries", "view_related", "view_seeds"},
    {"view_jobs"},
    {
        "answers",
        "prompts",
        "schema_changes",
        "stored_rows",
        "view_engine",
        "view_pages",
        "view_paging",
        "view_settings",
        "view_shell",
        "view_single_values",
        "view_telemetry",
        "view_wiring",
        "wishes",
    },
    {
        "column_values",
        "examples",
        "plain_conversions",
        "resource_lines",
        "view_single_tests",
        "view_standard",
        "yaml_edits",
    },
    {
        "blueprint_file",
        "flags",
        "next_sql",
        "question_list",
        "row_checks",
        "schema",
        "table_steps",
        "view_single",
    },
    {"adopted", "engine_change", "migration_words", "view"},
    {"next_migration", "render"},
    {"recipes", "versions"},
    {"cases", "commands", "planning", "settling"},
    {"foreign_cases", "left_names", "losses", "preparing", "smoke", "writing"},
    {"changing", "moving", "smoke_report"},
    {"adopting", "differing", "moving_report", "resuming", "smoke_command", "updating"},
    {"cli_change", "cli_rows", "cli_smoke"},
    {"cli"},
    {"__main__"},
]
"""From the ground up: a module imports only from layers below its own."""

PROBE = """
import json, sys
sys.argv = ["starlette-new", *{arguments!r}]
from starlette_new.__main__ import main
code = main()
print(json.dumps([code, sorted(set(sys.modules) & set({heavy!r}))]))
"""


def _list_imports(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} has a relative import"
            if node.module == "starlette_new":
                found |= {alias.name for alias in node.names if not alias.name.startswith("__")}
            elif node.module and node.module.startswith("starlette_new."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {n.name.split(".")[1] for n in node.names if n.name.startswith("starlette_n")}
    return found


def _list_foreign(nodes: list[ast.stmt]) -> set[str]:
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [
        node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in imports
    ]
    return {name.split(".")[0] for name in names}


def test_every_module_has_its_layer() -> None:
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}

    assert modules == set().union(*LAYERS)


@pytest.mark.parametrize("height", range(len(LAYERS)))
def test_a_module_imports_only_from_below(height: int) -> None:
    below = set().union(*LAYERS[:height])

    for module in LAYERS[height]:
        assert _list_imports(PACKAGE / f"{module}.py") <= below, module


def test_what_a_project_runs_needs_nothing_that_it_lacks() -> None:
    for name in INSIDE:
        tree = ast.parse((PACKAGE / f"{name}.py").read_text(encoding="utf-8"))

        assert _list_imports(PACKAGE / f"{name}.py") <= {*INSIDE}
        foreign = _list_foreign([n for n in ast.walk(tree) if isinstance(n, ast.stmt)])
        assert foreign <= {*sys.stdlib_module_names, "psycopg", "sqlalchemy", "starlette_new"}


def test_nobody_but_the_entry_point_imports_the_command_line() -> None:
    importers = {path.stem for path in PACKAGE.glob("*.py") if "cli" in _list_imports(path)}

    assert importers == {"__main__"}


def test_only_functions_that_render_import_copier() -> None:
    for path in PACKAGE.glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        everywhere = _list_foreign([n for n in ast.walk(tree) if isinstance(n, ast.stmt)])

        assert "copier" not in _list_foreign(tree.body), path.name
        assert ("copier" in everywhere) == (path.stem in ("render", "copying")), path.name


@pytest.mark.parametrize(
    ("line", "code", "heavy"),
    [
        ("--version", 0, HEAVY + PYDANTIC),
        ("--help", 0, HEAVY + PYDANTIC),
        ("new --help", 0, HEAVY),
        ("options", 0, HEAVY),
        ("", 2, HEAVY),
        ("--nope", 2, HEAVY),
        ("demo --nope", 2, HEAVY),
        ("add", 2, HEAVY),
        ("add --nope", 2, HEAVY),
        ("rename task", 2, HEAVY),
        ("update --continue --abort", 2, HEAVY),
        ("demo --layout big", 2, HEAVY),
        ("class", 2, HEAVY),
        ("demo --resource task", 2, HEAVY),
        ("demo --example nope", 2, HEAVY),
        ("demo --template nope", 2, HEAVY),
    ],
)
def test_a_quick_answer_waits_for_nothing_heavy(line: str, code: int, heavy: list[str]) -> None:
    probe = PROBE.format(arguments=line.split(), heavy=heavy)

    done = subprocess.run(
        [sys.executable, "-c", probe], stdin=subprocess.DEVNULL, capture_output=True, text=True
    )

    assert json.loads(done.stdout.splitlines()[-1]) == [code, []]
