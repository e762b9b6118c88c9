"""Every combination of answers, rendered: what holds for each tree, whatever is in it."""

import ast
import itertools
import json
import re
import subprocess
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import yaml
from ruff import find_ruff_bin

from starlette_new.blueprint import Blueprint, make_blueprint
from starlette_new.examples import list_examples, read_example
from starlette_new.fields import TYPES
from starlette_new.questions import EXCLUSIONS, QUESTIONS, STARTER
from starlette_new.render import render
from starlette_new.templates import find_templates

pytestmark = pytest.mark.xdist_group("variants")

EVERY_TYPE = [
    "customer name:str email:email:unique",
    "order number:int note:text total:decimal(10,2) weight:float paid:bool placed:datetime "
    "day:date at:time code:uuid extra:json contact:email page:url color:color title:str(20) "
    "status:enum(new,paid,sent) customer:ref",
    "draft number:int? note:text? total:decimal(4,4)? weight:float? paid:bool? placed:datetime? "
    "day:date? at:time? code:uuid? extra:json? contact:email? page:url? color:color? title:str? "
    "status:enum(new,paid)? customer:ref?",
]
EVERY_MARK = [
    "customer name:str:unique code:uuid:unique day:date:unique:index rate:decimal(3,0):unique",
    "order number:int?:unique at:time?:index placed:datetime?:index=now customer:ref:unique",
    "note order:ref?:unique page:url:unique color:color?:index paid:bool:index x:enum(a,b):index",
]
EVERY_DEFAULT = [
    "order number:int=-1 note:text='it is \"it\"' total:decimal(10,2)=1.5 weight:float=1e3 "
    "paid:bool=true placed:datetime=now day:date=today at:time=now extra:json=[1,{}] "
    "code:uuid=123e4567-e89b-12d3-a456-426614174000 contact:email=a@example.org "
    "page:url=http://example.org color:color=#fff000 status:enum(new,paid)=paid "
    'title:str="it\'s 50 %"',
    "draft number:int?=0 placed:datetime?=2026-01-31T12:00:00+01:00 day:date?=2026-01-31 "
    "at:time?=12:00 extra:json?={} status:enum(new,paid)?=new",
]
RELATIONS = [
    "project name:str owner:ref(person)",
    "task title:str project:ref parent:ref(task)? second:ref(project)?",
    "person name:str task:ref?",
    "comment task:ref author:ref(person)?:unique",
]
CHAIN = [f"link{n} name:str? before:ref(link{n - 1})" for n in range(12, 0, -1)] + ["link0 a:int"]
MANY = [
    "label name:str others:many(label)",
    "task title:str labels:many(label) tags:many(label) blockers:many(task) people:many(person)",
    "person name:str team:ref? task_list:many(task)",
    "team name:str lead:ref(person)?",
]
HARD_NAMES = [
    "news limit:int sort:str cursor:str? q:bool created_at_min:date metadata:str",
    "BlogPost blog_post:str news:text? OrderBy:int write:enum(a,b) patch:enum(c,d)",
    "person self:int str:str text:text? json:json schema:int l:int? dict:float list:bool",
    "box items:str keys:int? values:float get:bool update:date model_config:str model_fields:int?",
    "client app:str statement:ref database:ref(row)? sample:str",
    "statement path:str now:datetime=now today:date=today time_now:time=now",
    "any x:json any:ref? many:many(any)",
    "exact_decimal x:decimal(3,1) utc_date_time:ref",
    "UtcDateTime x:datetime time:enum(a,b)",
    "row bool:bool int:int float:float decimal:decimal(3,1) uuid:uuid any:str annotated:enum(x,y)",
]
ENTRIES = [
    {
        "line": "order number:str status:enum(new,p.q)=new tags:many(tag)",
        "label": "number",
        "board": "status",
        "sort": "-status",
        "sample": [{"number": 'it\'s "1"', "tags": ["gift"]}, {"number": "2"}],
    },
    {"line": "tag name:str=gift", "sort": "name", "sample": [{}]},
    {"line": "table leg:int?", "sample": [{"leg": "4"}]},
]
RESOURCES: dict[str, Sequence[object]] = {
    "no resources": [],
    "starter": [STARTER],
    "every type": EVERY_TYPE,
    "every mark": EVERY_MARK,
    "every default": EVERY_DEFAULT,
    "relations": RELATIONS,
    "a chain": CHAIN,
    "many": MANY,
    "hard names": HARD_NAMES,
    "entries": ENTRIES,
    **{f"example {name}": read_example(name)["resources"] for name in list_examples()},
}
LONGEST_PATH = 200
AROUND = ("with_ci", "with_pre_commit", "with_devcontainer", "with_docker", "with_skill")
"""Questions about files of their own, which test_surroundings.py renders."""
FEW = {
    "with_telemetry=true": ("no resources", "starter"),
    "with_jobs=true": ("no resources", "starter", "hard names"),
}
"""Answers that change nothing which depends on resources, and those they are rendered with."""
OTHERS_TAGS = ("forms.html", "page.html", "htmx.min.js")
"""Files with tags of their own: a template of the project, and a script that only looks so."""
PARSERS: dict[str, Callable[[str], object]] = {
    ".py": ast.parse,
    ".toml": tomllib.loads,
    ".json": json.loads,
    ".yml": yaml.safe_load,
}


def _list_variants() -> dict[str, Blueprint]:
    choices = {q.key: q.choices for q in QUESTIONS if q.choices and q.key not in AROUND}
    variants = {}
    for *answers, resources in itertools.product(*choices.values(), RESOURCES):
        given = dict(zip(choices, answers, strict=True))
        used = _list_used(RESOURCES[resources]) | {f"{k}={v}" for k, v in given.items()}
        if any(resources not in few for answer, few in FEW.items() if answer in used):
            continue
        if not any(given[e.key] == e.answer and e.other in used for e in EXCLUSIONS):
            made = make_blueprint({"name": "demo", **given, "resources": RESOURCES[resources]})
            variants[", ".join([*answers, resources])] = made
    return variants


def _list_used(entries: Sequence[object]) -> set[str]:
    """Give what an exclusion can name: the question itself, types, and keys of entries."""
    types = re.findall(r":([a-z]+)", " ".join(map(str, entries)))
    keys = [key for entry in entries if isinstance(entry, dict) for key in entry]
    return {"resources" if entries else "resources: []", *types, *keys}


VARIANTS = _list_variants()
SEEN: dict[str, Path] = {}


@pytest.fixture(scope="module", params=VARIANTS)
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One variant, rendered."""
    made = tmp_path_factory.mktemp("variant") / "demo"
    render(VARIANTS[request.param], made)
    SEEN[request.param] = made
    return made


def _list_files(tree: Path) -> list[Path]:
    return [path for path in sorted(tree.rglob("*")) if path.is_file()]


def test_every_path_is_legal_on_windows(tree: Path) -> None:
    for path in tree.rglob("*"):
        relative = path.relative_to(tree)
        assert len(str(relative)) < LONGEST_PATH
        for part in relative.parts:
            assert not re.search(r'[<>:"|?*\\\x00-\x1f]|[. ]$', part), part
            assert part.partition(".")[0].lower() not in ("con", "prn", "aux", "nul"), part
            assert not re.fullmatch(r"(?i)(com|lpt)\d(\..*)?", part), part


def test_no_two_paths_differ_in_their_case_alone(tree: Path) -> None:
    paths = [str(path.relative_to(tree)).lower() for path in tree.rglob("*")]

    assert len(paths) == len(set(paths))


def test_every_file_parses(tree: Path) -> None:
    for path in _list_files(tree):
        parse = PARSERS.get(path.suffix)
        if parse:
            parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_ruff_finds_nothing(tree: Path, command: list[str]) -> None:
    done = subprocess.run(
        [find_ruff_bin(), *command, "--no-cache", "."], cwd=tree, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stdout + done.stderr


def test_no_tag_of_a_template_is_left(tree: Path) -> None:
    for path in _list_files(tree):
        relative = path.relative_to(tree)
        if relative.parts[:2] == ("app", "templates") or relative.name in OTHERS_TAGS:
            continue
        assert not re.search(r"\{%|\{\{|\{#", path.read_text(encoding="utf-8")), path


def test_text_is_tidy(tree: Path) -> None:
    for path in _list_files(tree):
        text = path.read_bytes().decode()
        blank = "\n\n\n\n" if path.suffix in (".py", ".mako") else "\n\n\n"
        assert blank not in re.sub("```python.*?```", "code", text, flags=re.S), path
        assert not re.search(r"[ \t\r]$", text, re.M), path
        assert not text.startswith("\n"), path
        assert not text or (text.endswith("\n") and not text.endswith("\n\n")), path


def test_every_file_may_be_read_and_none_run(tree: Path) -> None:
    assert {path.stat().st_mode & 0o7777 for path in _list_files(tree)} == {0o644}


def test_nothing_is_rendered_that_only_looks_like_a_file(tree: Path) -> None:
    assert not [path for path in tree.rglob("*") if path.is_symlink()]


def test_a_second_time_gives_the_same_bytes(
    tree: Path, folder: Path, request: pytest.FixtureRequest
) -> None:
    again = folder / "again"
    variant = next(name for name, made in SEEN.items() if made == tree)

    render(VARIANTS[variant], again)

    first, second = (
        {path.relative_to(made): path.read_bytes() for path in _list_files(made)}
        for made in (tree, again)
    )
    assert first == second


@pytest.mark.parametrize("layout", ["standard", "single"])
def test_every_type_is_rendered_with_every_mark_that_the_layout_allows(layout: str) -> None:
    made = [blueprint for blueprint in VARIANTS.values() if blueprint.layout == layout]
    fields = [field for blueprint in made for r in blueprint.resources for field in r.fields]
    excluded = {e.other for e in EXCLUSIONS if (e.key, e.answer) == ("layout", layout)}
    types = TYPES.keys() - excluded

    assert {field.type for field in fields} == types
    assert {f.type for f in fields if f.nullable} == types - {"many"}
    assert {f.type for f in fields if f.default} == types - {"many", "ref"}
    assert {f.type for f in fields if f.unique} >= {"str", "int", "date", "uuid", "ref"}
    assert {f.type for f in fields if f.index} >= {"bool", "date", "time", "enum", "color"}


@pytest.mark.parametrize("layout", ["standard", "single"])
def test_every_template_is_rendered_in_some_variant(layout: str) -> None:
    assert SEEN.keys() == VARIANTS.keys(), "run this whole file"
    root = find_templates() / layout / "template"

    trees = [SEEN[name] for name, blueprint in VARIANTS.items() if blueprint.layout == layout]
    made = {path.relative_to(tree).as_posix() for tree in trees for path in _list_files(tree)}

    templates = [path.relative_to(root) for path in _list_files(root)]
    unused = [t for t in templates if "__pycache__" not in t.parts and not _is_used(t, made)]
    assert unused == []


@pytest.mark.parametrize(
    ("layout", "module"), [("standard", "app/values.py"), ("single", "main.py")]
)
def test_every_kind_of_values_is_rendered_in_some_variant(layout: str, module: str) -> None:
    made = [SEEN[name] / module for name in VARIANTS if VARIANTS[name].layout == layout]
    nodes = [n for path in made if path.exists() for n in ast.parse(path.read_text()).body]

    kinds = {path.stem for path in (find_templates() / layout / "kinds").glob("*.py")}

    assert (
        kinds - {_strip_numbers(name) for node in nodes for name in _name_definition(node)} == set()
    )


def test_every_piece_of_single_is_rendered_in_some_variant() -> None:
    made = {name: SEEN[name] for name in VARIANTS if VARIANTS[name].layout == "single"}
    tests = "".join((tree / "test_main.py").read_text() for tree in made.values())

    claims = [path.read_text() for path in (find_templates() / "single/claims").glob("*.py")]
    lifespans = {path.stem for path in (find_templates() / "single/lifespans").glob("*.py")}
    interfaces = {path.stem for path in (find_templates() / "single/ui").glob("*.py")}

    assert [claim for claim in claims if claim not in tests] == []
    assert lifespans == {VARIANTS[name].with_db for name in made}
    assert interfaces == {VARIANTS[name].ui for name in made}


def _name_definition(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return [getattr(node, "name", "")]


def _strip_numbers(name: str) -> str:
    """Give the kind that a name is made of: `Decimals` makes `Decimal10_2`."""
    return re.sub(r"^Decimal\d+_\d+$", "Decimals", name)


def _is_used(template: Path, made: set[str]) -> bool:
    parts = re.split(r"\{%.*?%\}|\{\{.*?\}\}", template.as_posix().removesuffix(".jinja"))
    pattern = re.compile(".*".join(map(re.escape, parts)))
    return any(pattern.fullmatch(path) for path in made)
