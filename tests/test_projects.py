"""Projects, proven for real: made by the command, covered by their own suites, and clean."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from server import needs_server
from uv import find_uv_bin

SCALARS = [
    "--resource", "customer name:str(20):unique email:email?:unique born:date?=2000-02-29",
    "--resource", "order number:int:unique note:text total:decimal(10,2):index weight:float "
    "paid:bool placed:datetime:index day:date at:time code:uuid:unique extra:json contact:email "
    "page:url color:color status:enum(new,paid,sent):index customer:ref friend:ref(customer)?",
    "--resource", "parcel number:int? note:text? total:decimal(18,6)? weight:float? paid:bool? "
    "placed:datetime? day:date? at:time? code:uuid? extra:json? contact:email? page:url? "
    "color:color? status:enum(new,paid)? order:ref:unique parent:ref(parcel)?",
    "--resource", "draft number:int=-1 title:str=\"it's\" note:text?='50 % \"off\"' "
    "total:decimal(4,4)=0.5 weight:float=1.5 paid:bool=true placed:datetime=now day:date=today "
    "at:time=now code:uuid=123e4567-e89b-12d3-a456-426614174000 extra:json=[1,{}] "
    "contact:email=a@example.org page:url=http://example.org color:color=#ffffff "
    "status:enum(new,paid)?=paid",
]  # fmt: skip
RELATIONS = [
    "--resource", "label name:str orders:many(order) others:many(label)",
    "--resource", "team name:str lead:ref(member)? members:many(member)",
    "--resource", "member name:str team:ref labels:many(label) friends:many(member)",
]  # fmt: skip
NAMES = [
    "--resource", "news limit:int sort:str cursor:str? q:bool created_at_min:date",
    "--resource", "person metadata:str self:int str:str text:text json:json? schema:int? l:int",
    "--resource", "box items:str keys:int values:float get:bool? update:date? model_config:str",
    "--resource", "client order:int group:str? from_orm:url? write:enum(a,b) tests:many(any)",
    "--resource", "any x:json database:ref(decimal)? sample:ref(box) dict:json={} any:enum(x,y)?=x",
    "--resource", "decimal decimal:decimal(3,1) bool:bool int:int now:time=now today:date=today",
]  # fmt: skip
PROJECTS = {
    "standard-types": ["--with-db", "sqlite", *SCALARS, *RELATIONS],
    "standard-names": ["--with-db", "sqlite", "--with-telemetry", *NAMES],
    "standard-entries": ["--answers", str(Path(__file__).parent / "golden" / "standard.yml")],
    "standard-empty": ["--with-db", "sqlite", "--no-starter"],
    "standard-none": ["--with-db", "none", "--with-telemetry"],
    "standard-api": ["--ui", "none", *SCALARS, *RELATIONS],
    "standard-taskflow": ["--example", "taskflow"],
    "standard-postgres-shop": ["--with-db", "postgres", "--example", "shop"],
    "standard-postgres-names": ["--with-db", "postgres", "--with-jobs", *NAMES],
    "standard-postgres-jobs": [
        *["--with-db", "postgres", "--with-jobs", "--with-telemetry", "--ui", "none"],
        *["--resource", "job title:str", "--resource", "worker work:json failure:str?"],
    ],
    "single-types": ["--layout", "single", *SCALARS],
    "single-api": ["--layout", "single", "--ui", "none"],
    "single-none": ["--layout", "single", "--with-db", "none"],
}


def _run(*arguments: str, cwd: Path) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "starlette_new", *arguments, "--json"],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document | {"exit": done.returncode}


def _list_marks(name: str) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xdist_group(name), *[needs_server] * ("postgres" in name)]


@pytest.fixture(
    scope="module",
    params=[pytest.param(name, marks=_list_marks(name)) for name in PROJECTS],
)
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as the command makes it, not proven yet."""
    parent = tmp_path_factory.mktemp("project")
    said = _run(request.param, *PROJECTS[request.param], "--no-git", "--no-verify", cwd=parent)
    assert said["exit"] == 0, said
    return parent / str(request.param)


@pytest.fixture(scope="module")
def checking(project: Path) -> Iterator[subprocess.Popen[str]]:
    """The proof of the project, which goes on beside the first test of it."""
    command = [sys.executable, "-m", "starlette_new", "check", "--json"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=project, stdin=subprocess.DEVNULL, stdout=pipe, text=True
    ) as run:
        yield run


@pytest.mark.usefixtures("checking")
def test_its_suite_runs_every_line_and_branch(project: Path) -> None:
    source = "main" if project.name.startswith("single") else "app"
    coverage = [find_uv_bin(), "run", "--frozen", "--with", "coverage", "coverage"]

    suite = subprocess.run(
        [*coverage, "run", "--branch", f"--source={source}", "-m", "pytest", "-q"],
        cwd=project,
        capture_output=True,
        text=True,
    )
    report = subprocess.run(
        [*coverage, "report", "--show-missing", "--skip-covered", "--fail-under=100"],
        cwd=project,
        capture_output=True,
        text=True,
    )

    assert suite.returncode == 0, suite.stdout + suite.stderr
    assert report.returncode == 0, report.stdout + report.stderr


def test_it_is_proven_and_clean_by_its_own_rules(
    project: Path, checking: subprocess.Popen[str]
) -> None:
    said = json.loads(checking.communicate()[0])

    assert said["proven"], said
    names = [check["name"] for check in said["checks"]]
    has_migrations = project.name.startswith("standard") and project.name != "standard-none"
    assert names == [
        "suite",
        "start",
        "lint",
        "format",
        "types",
        *(["migrations"] if has_migrations else []),
    ]
